package io.semel.broker.net;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.DefaultFileRegion;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.LengthFieldBasedFrameDecoder;
import io.semel.wire.message.Reply;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;

/** Listens on one address. */
public final class NetServer implements AutoCloseable {
    private final MultiThreadIoEventLoopGroup loops;
    private final Channel listening;

    private NetServer(MultiThreadIoEventLoopGroup loops, Channel listening) {
        this.loops = loops;
        this.listening = listening;
    }

    public static NetServer start(String host, int port, FrontDoor door) {
        MultiThreadIoEventLoopGroup loops = new MultiThreadIoEventLoopGroup(2, NioIoHandler.newFactory());
        ServerBootstrap server = new ServerBootstrap().group(loops).channel(NioServerSocketChannel.class)
                .childOption(ChannelOption.TCP_NODELAY, true)
                .childHandler(new ChannelInitializer<SocketChannel>() {
                    @Override
                    protected void initChannel(SocketChannel channel) {
                        channel.pipeline().addLast(new LengthFieldBasedFrameDecoder(100 << 20, 0, 4, 0, 4), new Handler(door));
                    }
                });
        return new NetServer(loops, server.bind(host, port).syncUninterruptibly().channel());
    }

    public int port() {
        return ((InetSocketAddress) listening.localAddress()).getPort();
    }

    @Override
    public void close() {
        listening.close().syncUninterruptibly();
        loops.shutdownGracefully(0, 1, java.util.concurrent.TimeUnit.SECONDS).syncUninterruptibly();
    }

    private static final class Handler extends ChannelInboundHandlerAdapter implements ReplyPort {
        private final FrontDoor door;
        private ChannelHandlerContext context;
        private Session session;

        Handler(FrontDoor door) {
            this.door = door;
        }

        @Override
        public void channelActive(ChannelHandlerContext context) {
            this.context = context;
            InetSocketAddress remote = (InetSocketAddress) context.channel().remoteAddress();
            session = door.open(new Peer(remote.getAddress().getHostAddress(), remote.getPort()), this);
        }

        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            ByteBuf frame = (ByteBuf) message;
            ByteBuffer copy = ByteBuffer.allocate(frame.readableBytes());
            frame.readBytes(copy);
            frame.release();
            session.receive(copy.flip(), () -> { });
        }

        @Override
        public void channelInactive(ChannelHandlerContext context) {
            session.closed();
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            context.close();
        }

        @Override
        public void send(Reply reply) {
            context.executor().execute(() -> {
                for (Reply.Chunk chunk : reply.chunks()) {
                    if (chunk instanceof Reply.Bytes bytes) context.write(Unpooled.wrappedBuffer(bytes.bytes().duplicate()));
                    else if (chunk instanceof Reply.Range range) {
                        context.write(new DefaultFileRegion(range.slice().file().channel(), range.slice().position(),
                                range.slice().sizeInBytes()) {
                            @Override
                            protected void deallocate() {
                            }
                        });
                    }
                }
                context.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(done -> reply.release());
            });
        }

        @Override
        public void close() {
            context.close();
        }

        @Override
        public void pauseReading(boolean paused) {
            context.channel().config().setAutoRead(!paused);
        }
    }
}
