package io.semel.broker.net;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.timeout.IdleStateHandler;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.Future;
import java.net.InetSocketAddress;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Listens on one address and serves what connects, within {@link NetLimits}. Event loops own their
 * connections; a watch looks at all of them a few times per {@code stuckMs}. Any thread.
 */
public final class NetServer implements AutoCloseable {
    private static final int BACKLOG = 1024;
    private static final long LOOK_MS_MAX = 1000;
    private static final long CLOSE_MS = 2000;

    private final FrontDoor door;
    private final NetLimits limits;
    private final FrameBudget budget;
    private final PeerLog log = new PeerLog();
    private final Set<Link> links = ConcurrentHashMap.newKeySet();
    private final AtomicInteger admitted = new AtomicInteger();
    private final LaneLoops loops;
    private Channel listening;
    private Future<?> watch;
    private volatile boolean closing;

    private NetServer(FrontDoor door, NetLimits limits, LaneLoops loops) {
        this.door = door;
        this.limits = limits;
        this.budget = new FrameBudget(limits.framesBytesMax());
        this.loops = loops;
    }

    /** @throws IllegalStateException the address cannot be listened on: says which and why */
    public static NetServer start(String host, int port, FrontDoor door, NetLimits limits, LaneLoops loops) {
        NetServer server = new NetServer(door, limits, loops);
        try {
            server.listen(host, port);
            return server;
        } catch (RuntimeException failure) {
            server.close();
            throw failure;
        }
    }

    private void listen(String host, int port) {
        ServerBootstrap bootstrap = new ServerBootstrap().group(loops.group())
            .channel(NioServerSocketChannel.class)
            .option(ChannelOption.SO_REUSEADDR, true).option(ChannelOption.SO_BACKLOG, BACKLOG)
            .childOption(ChannelOption.TCP_NODELAY, true).childOption(ChannelOption.SO_KEEPALIVE, true)
            .handler(new Arrivals())
            .childHandler(new ChannelInitializer<SocketChannel>() {
                @Override
                protected void initChannel(SocketChannel channel) {
                    long idleMs = limits.idleMs();
                    channel.pipeline()
                        .addLast(new IdleStateHandler(true, 0, 0, idleMs, TimeUnit.MILLISECONDS))
                        .addLast(new Link(NetServer.this, budget, limits.frameBytesMax()));
                }
            });
        var bound = bootstrap.bind(host, port).awaitUninterruptibly();
        if (!bound.isSuccess()) {
            throw new IllegalStateException("Cannot listen on " + host + ":" + port + ": "
                + bound.cause().getMessage() + ". Is another broker running there?", bound.cause());
        }
        listening = bound.channel();
        long lookMs = Math.max(1, Math.min(LOOK_MS_MAX, limits.stuckMs() / 4));
        watch = loops.group().next()
            .scheduleWithFixedDelay(this::look, lookMs, lookMs, TimeUnit.MILLISECONDS);
    }

    /** The port that is listened on. */
    public int port() {
        return ((InetSocketAddress) listening.localAddress()).getPort();
    }

    /** Open connections. */
    public int connectionCount() {
        return links.size();
    }

    /** Bytes of all frames that are incomplete or being worked on. */
    public long frameBytes() {
        return budget.used();
    }

    /**
     * Listens no more and hangs up on everybody, without waiting for lanes to get to it: what they say from
     * now on nobody hears.
     */
    public void hangUp() {
        closing = true;
        if (watch != null) watch.cancel(false);
        if (listening != null && listening.isOpen()) listening.close();
        links.forEach(Link::close);
    }

    /** The same; returns when it is done and sessions have been told. */
    @Override
    public void close() {
        hangUp();
        if (listening != null) listening.closeFuture().awaitUninterruptibly(CLOSE_MS);
        CompletableFuture<?>[] gone = links.stream().map(Link::gone).toArray(CompletableFuture[]::new);
        CompletableFuture.allOf(gone).completeOnTimeout(null, CLOSE_MS, TimeUnit.MILLISECONDS).join();
    }

    int laneOf(EventExecutor loop) {
        return loops.laneOf(loop);
    }

    FrontDoor door() {
        return door;
    }

    PeerLog log() {
        return log;
    }

    /**
     * Counts a connection in, unless there are too many; in any case it is to be forgotten when it is gone.
     */
    boolean admit(Link link) {
        if (admitted.incrementAndGet() > limits.connectionsMax()) return false;
        links.add(link);
        return true;
    }

    /** To be asked after {@link #admit}: one that was accepted as the server closed is nobody's. */
    boolean isClosing() {
        return closing;
    }

    void forget(Link link) {
        admitted.decrementAndGet();
        links.remove(link);
    }

    /**
     * Wakes who waits for memory; when one has waited too long, gives up a frame that has been incomplete for
     * too long.
     */
    private void look() {
        budget.wakeAll();
        long nowNanos = System.nanoTime();
        long stuckNanos = TimeUnit.MILLISECONDS.toNanos(limits.stuckMs());
        boolean stuck = false;
        Link victim = null;
        for (Link link : links) {
            stuck |= link.waitingNanos(nowNanos) > stuckNanos;
            boolean old = link.partialAgeNanos(nowNanos) > stuckNanos;
            if (old && (victim == null || isRather(link, victim, nowNanos))) victim = link;
        }
        if (!stuck || victim == null) return;
        Link hungUpOn = victim;
        hungUpOn.onLoop(() -> hungUpOn.complainAndClose("its frame is not complete after " + limits.stuckMs()
            + " ms and others wait for the memory it holds"));
    }

    /**
     * Whether to give up the one rather than the other: first those whose bytes do not come, the largest of
     * them, so that nobody holds what others need by sending slowly or not at all; when all wait for memory
     * themselves, the one that is farthest from its end, so that others reach theirs.
     */
    private static boolean isRather(Link link, Link other, long nowNanos) {
        boolean linkWaits = link.waitingNanos(nowNanos) > 0;
        boolean otherWaits = other.waitingNanos(nowNanos) > 0;
        if (linkWaits != otherWaits) return otherWaits;
        if (!linkWaits) return link.partialBytes() > other.partialBytes();
        return link.missingBytes() > other.missingBytes();
    }
}
