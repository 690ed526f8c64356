package io.semel.broker.net;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.util.AttributeKey;

/**
 * Numbers the connections in the order in which they were accepted, before they are spread over the loops.
 * Owned by the listening channel's loop.
 */
final class Arrivals extends ChannelInboundHandlerAdapter {
    static final AttributeKey<Long> NUMBER = AttributeKey.valueOf("semel.arrival");

    private long next;

    @Override
    public void channelRead(ChannelHandlerContext context, Object accepted) {
        ((Channel) accepted).attr(NUMBER).set(next++);
        context.fireChannelRead(accepted);
    }
}
