package io.semel.broker.net;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.timeout.IdleStateEvent;
import io.semel.wire.message.Reply;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One connection: bytes become frames for the session, replies become bytes. Not read from while any reason
 * to pause holds. Owned by its event loop; {@link ReplyPort}'s methods come from any thread.
 */
final class Link extends ChannelInboundHandlerAdapter implements ReplyPort {
    /** Frames handed over and not given back before we stop reading. */
    static final int UNDER_WAY_MAX = 128;

    /** Why a connection is not read from. */
    private enum Pause { SESSION, UNDER_WAY, MEMORY, UNSENT }

    private static final Logger LOG = LoggerFactory.getLogger(NetServer.class);

    private final NetServer server;
    private final FrameBudget budget;
    private final FrameCutter cutter;
    private final ArrayDeque<ByteBuf> held = new ArrayDeque<>();
    private final AtomicInteger underWay = new AtomicInteger();
    private final CompletableFuture<Void> gone = new CompletableFuture<>();

    private ChannelHandlerContext context;
    private Outlet outlet;
    private Peer peer;
    private Session session;
    private boolean closing;
    private int pauses;
    private boolean cutting;
    private boolean askedForCall;

    /**
     * Read by the server's watch: what an incomplete frame holds and misses, when it began, since when it
     * waits; 0 for none.
     */
    private volatile long partialBytes;
    private volatile long missingBytes;
    private volatile long partialSinceNanos;
    private volatile long waitingSinceNanos;

    Link(NetServer server, FrameBudget budget, int frameBytesMax) {
        this.server = server;
        this.budget = budget;
        this.cutter = new FrameCutter(budget, frameBytesMax);
    }

    @Override
    public void channelActive(ChannelHandlerContext active) {
        context = active;
        outlet = new Outlet(active, () -> pause(Pause.UNSENT), () -> resume(Pause.UNSENT));
        InetSocketAddress remote = (InetSocketAddress) active.channel().remoteAddress();
        long number = active.channel().attr(Arrivals.NUMBER).get();
        peer = new Peer(remote.getAddress().getHostAddress(), remote.getPort(), number,
            server.laneOf(active.executor()));
        if (!server.admit(this)) complainAndClose("too many connections");
        else if (server.isClosing()) hangUp();
        else session = server.door().open(peer, this);
    }

    @Override
    public void channelInactive(ChannelHandlerContext inactive) {
        closing = true;
        server.forget(this);
        for (ByteBuf bytes : held) bytes.release();
        held.clear();
        cutter.drop();
        notePartial();
        waitingSinceNanos = 0;
        if (session != null) session.closed();
        gone.complete(null);
    }

    @Override
    public void channelRead(ChannelHandlerContext reading, Object message) {
        held.add((ByteBuf) message);
        cut();
    }

    private void cut() {
        if (cutting) return;
        cutting = true;
        while (pauses == 0 && !closing && !held.isEmpty()) {
            ByteBuf bytes = held.peek();
            FrameCutter.Cut cut = cutter.take(bytes);
            if (cut != FrameCutter.Cut.NEED_MEMORY && waitingSinceNanos != 0) waitingSinceNanos = 0;
            step(cut);
            if (!bytes.isReadable() && held.peek() == bytes) held.poll().release();
        }
        cutting = false;
        if (closing) return;
        notePartial();
    }

    private void step(FrameCutter.Cut cut) {
        switch (cut) {
            case NEED_BYTES -> { }
            case FRAME -> deliver();
            case NEED_MEMORY -> waitForMemory();
            case BAD -> complainAndClose(cutter.complaint());
        }
    }

    private void deliver() {
        long charged = cutter.charged();
        ByteBuffer frame = cutter.frame();
        if (partialBytes != 0) partialBytes = 0;
        AtomicBoolean consumed = new AtomicBoolean();
        if (underWay.incrementAndGet() >= UNDER_WAY_MAX) pause(Pause.UNDER_WAY);
        Runnable onConsumed = () -> {
            if (consumed.compareAndSet(false, true)) consumed(charged);
        };
        try {
            session.receive(frame, onConsumed);
        } catch (RuntimeException defect) {
            LOG.error("closing {}: its frame was not received", peer.address(), defect);
            onConsumed.run();
            hangUp();
        }
    }

    private void consumed(long charged) {
        budget.give(charged);
        if (underWay.decrementAndGet() == UNDER_WAY_MAX / 2) onLoop(() -> resume(Pause.UNDER_WAY));
    }

    /** Asks for a call, tries again in case memory came back meanwhile, and only then stops. */
    private void waitForMemory() {
        if (askedForCall) {
            if (waitingSinceNanos == 0) waitingSinceNanos = System.nanoTime() | 1;
            pause(Pause.MEMORY);
            return;
        }
        askedForCall = true;
        budget.await(() -> onLoop(() -> {
            askedForCall = false;
            resume(Pause.MEMORY);
        }));
    }

    private void notePartial() {
        long charged = cutter.charged();
        if (charged == 0) partialSinceNanos = 0;
        else if (partialBytes == 0) partialSinceNanos = System.nanoTime() | 1;
        partialBytes = charged;
        missingBytes = cutter.missing();
    }

    private static int bit(Pause reason) {
        return 1 << reason.ordinal();
    }

    private void pause(Pause reason) {
        pauses |= bit(reason);
        context.channel().config().setAutoRead(false);
    }

    private void resume(Pause reason) {
        pauses &= ~bit(reason);
        if (pauses != 0 || closing) return;
        cut();
        if (pauses == 0 && !closing) context.channel().config().setAutoRead(true);
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext idle, Object event) {
        if (!(event instanceof IdleStateEvent)) return;
        boolean workingOnIt = underWay.get() > 0 && !outlet.hasUnsent();
        if (!workingOnIt) complainAndClose("idle");
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext failed, Throwable cause) {
        if (cause instanceof IOException) LOG.debug("closing {}: {}", peer, cause.toString());
        else LOG.error("closing {}", peer, cause);
        closing = true;
        failed.close();
    }

    /** Ends the connection with a line in the log. On its event loop. */
    void complainAndClose(String reason) {
        if (closing) return;
        server.log().closing(peer, reason);
        hangUp();
    }

    private void hangUp() {
        closing = true;
        context.close();
    }

    @Override
    public void send(Reply reply) {
        outlet.send(reply);
    }

    @Override
    public void close() {
        onLoop(this::hangUp);
    }

    /** Done when the connection is gone and the session has been told. */
    CompletableFuture<Void> gone() {
        return gone;
    }

    @Override
    public void close(String reason) {
        onLoop(() -> complainAndClose(reason));
    }

    /** From within {@link Session#receive} it holds at once: no further frame is handed over. */
    @Override
    public void pauseReading(boolean paused) {
        Runnable step = paused ? () -> pause(Pause.SESSION) : () -> resume(Pause.SESSION);
        if (context.executor().inEventLoop()) step.run();
        else onLoop(step);
    }

    /** Runs on the event loop; nothing is left to be done when that has stopped. */
    void onLoop(Runnable step) {
        try {
            context.executor().execute(step);
        } catch (RejectedExecutionException stopped) {
            LOG.trace("after the end: {}", stopped.toString());
        }
    }

    long partialBytes() {
        return partialBytes;
    }

    long missingBytes() {
        return missingBytes;
    }

    /** Nanoseconds since the incomplete frame began, 0 for none. */
    long partialAgeNanos(long nowNanos) {
        long since = partialSinceNanos;
        return since == 0 ? 0 : nowNanos - since;
    }

    /** Nanoseconds since it waits for memory, 0 when it does not. */
    long waitingNanos(long nowNanos) {
        long since = waitingSinceNanos;
        return since == 0 ? 0 : nowNanos - since;
    }
}
