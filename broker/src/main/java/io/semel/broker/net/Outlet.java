package io.semel.broker.net;

import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.channel.DefaultFileRegion;
import io.netty.channel.FileRegion;
import io.semel.wire.batch.BatchSlice;
import io.semel.wire.message.Reply;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Writes one connection's replies in the order sent: bytes as they are, file ranges by {@code transferTo};
 * all that are there with one flush. A reply is released when it is written or the connection is gone.
 * {@link #send} from any thread, the rest on the connection's event loop.
 */
final class Outlet {
    /** Unsent bytes at which the client's own requests are no longer read, and at which they are again. */
    static final long UNSENT_HIGH = 2 << 20;
    static final long UNSENT_LOW = 1 << 20;

    private final ChannelHandlerContext context;
    private final Runnable onHigh;
    private final Runnable onLow;
    private final Queue<Reply> replies = new ConcurrentLinkedQueue<>();
    private final AtomicBoolean called = new AtomicBoolean();
    private long unsent;
    private boolean high;

    Outlet(ChannelHandlerContext context, Runnable onHigh, Runnable onLow) {
        this.context = context;
        this.onHigh = onHigh;
        this.onLow = onLow;
    }

    void send(Reply reply) {
        replies.add(reply);
        if (!called.compareAndSet(false, true)) return;
        try {
            context.executor().execute(this::write);
        } catch (RejectedExecutionException stopped) {
            for (Reply left = replies.poll(); left != null; left = replies.poll()) left.release();
        }
    }

    boolean hasUnsent() {
        return unsent > 0;
    }

    private void write() {
        called.set(false);
        for (Reply reply = replies.poll(); reply != null; reply = replies.poll()) write(reply);
        context.flush();
        if (!high && unsent > UNSENT_HIGH) {
            high = true;
            onHigh.run();
        }
    }

    private void write(Reply reply) {
        int size = reply.sizeInBytes();
        int chunksLeft = reply.chunks().size();
        unsent += size;
        for (Reply.Chunk chunk : reply.chunks()) {
            ChannelPromise promise = context.newPromise();
            if (--chunksLeft == 0) promise.addListener(done -> written(reply, size));
            context.write(message(chunk), promise);
        }
    }

    private static Object message(Reply.Chunk chunk) {
        if (chunk instanceof Reply.Range range) return region(range.slice());
        return Unpooled.wrappedBuffer(((Reply.Bytes) chunk).bytes());
    }

    /** The file is not netty's to close. */
    private static FileRegion region(BatchSlice slice) {
        return new DefaultFileRegion(slice.file().channel(), slice.position(), slice.sizeInBytes()) {
            @Override
            protected void deallocate() { }
        };
    }

    private void written(Reply reply, int size) {
        reply.release();
        unsent -= size;
        if (high && unsent < UNSENT_LOW) {
            high = false;
            onLow.run();
        }
    }
}
