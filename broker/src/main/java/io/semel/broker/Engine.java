package io.semel.broker;

import io.semel.broker.config.BrokerConfig;
import io.semel.broker.config.EngineConfig;
import io.semel.broker.metrics.Exposed;
import io.semel.broker.net.NetLimits;
import io.semel.broker.net.NetServer;
import io.semel.kernel.world.Clock;
import io.semel.kernel.world.World;
import io.semel.log.DataDirectory;
import io.semel.log.disk.DirectoryLock;
import io.semel.log.disk.HandleLimits;
import io.semel.log.disk.RealClock;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.UnaryOperator;
import org.apache.kafka.common.Uuid;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A running broker on a real disk and a real socket: what {@code ./semel broker} runs, and what another JVM
 * embeds. {@link #start} returns when it serves. Any thread.
 */
public final class Engine implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Engine.class);
    private static final long STOP_SECONDS = 60;

    private final EngineConfig config;
    private final BrokerConfig brokerConfig;
    private final DirectoryLock lock;
    private final RealWorld world;
    private final Broker broker;
    private final CompletableFuture<Throwable> defect;
    private NetServer server;
    private Exposed exposed;
    private boolean closed;

    /** @param seen the world as the broker is to see it, over the real one */
    private Engine(EngineConfig config, BrokerConfig brokerConfig, DirectoryLock lock, RealWorld world,
            World seen, CompletableFuture<Throwable> defect) {
        this.config = config;
        this.brokerConfig = brokerConfig;
        this.lock = lock;
        this.world = world;
        this.defect = defect;
        this.broker = new Broker(seen, brokerConfig, clusterId(seen, brokerConfig.nodeId()));
    }

    /**
     * Takes the data directory, folds everything again and listens.
     *
     * @throws IllegalStateException another engine has the data directory, or it cannot be read: says what
     * to do
     */
    public static Engine start(EngineConfig config) {
        return start(config, BrokerConfig.defaults(config.listenHost(), config.listenPort())
                .withDurability(config.durability()));
    }

    public static Engine start(EngineConfig config, BrokerConfig brokerConfig) {
        return start(config, brokerConfig, new RealClock());
    }

    /** @param clock for tests that move time: it may jump forward, followed by {@link #lookAtTheClock} */
    public static Engine start(EngineConfig config, BrokerConfig brokerConfig, Clock clock) {
        return start(config, brokerConfig, clock, UnaryOperator.identity());
    }

    /**
     * For test kits.
     *
     * @param dressing makes what the broker sees of the real world: with a disk that fails, with a bug
     *        planted
     */
    public static Engine start(EngineConfig config, BrokerConfig given, Clock clock,
            UnaryOperator<World> dressing) {
        Engine engine = serve(config, given, clock, dressing);
        engine.settle();
        return engine;
    }

    /** As {@link #start}, without what {@link #settle} does. */
    static Engine serve(EngineConfig config, BrokerConfig given) {
        return serve(config, given, new RealClock(), UnaryOperator.identity());
    }

    private static Engine serve(EngineConfig config, BrokerConfig given, Clock clock,
            UnaryOperator<World> dressing) {
        BrokerConfig brokerConfig = HandleBudget.of(HandleLimits.found()).applyTo(given);
        try {
            Files.createDirectories(config.dataDirectory());
        } catch (IOException failure) {
            throw new UncheckedIOException("The data directory " + config.dataDirectory()
                    + " cannot be made: " + failure, failure);
        }
        DirectoryLock lock = DirectoryLock.take(config.dataDirectory());
        CompletableFuture<Throwable> defect = new CompletableFuture<>();
        RealWorld world = new RealWorld(config, clock, problem -> failed(problem, defect));
        try {
            Engine engine = new Engine(config, brokerConfig, lock, world, dressing.apply(world),
                    defect);
            engine.open();
            return engine;
        } catch (RuntimeException failure) {
            world.close();
            lock.close();
            throw failure;
        }
    }

    /**
     * Does once what nobody waits for who wants to be served: shows the gauges (JMX), loads what carries
     * mapped indexes best. Together as much processor time as half of the rest of a start.
     */
    void settle() {
        whileOpen(() -> {
            exposed = Exposed.of(broker.gauges(), bootstrap());
            world.settle();
        });
    }

    /** {@code host:port} for clients. */
    public String bootstrap() {
        return config.listenHost() + ":" + server.port();
    }

    public int port() {
        return server.port();
    }

    /** Wakes what has become due, when the clock has jumped. */
    public void lookAtTheClock() {
        world.lookAtTheClock();
    }

    /** Completes when the engine has stopped because it found itself wrong; the process should end. */
    public CompletableFuture<Throwable> defect() {
        return defect;
    }

    /** Stops listening, makes everything durable, gives the data directory back. */
    @Override
    public void close() {
        end(true);
    }

    /**
     * Listens no more and cuts every connection, whatever lanes and disk are at, so that nobody is told
     * anything any more; {@link #halt} is to follow.
     */
    public void hangUp() {
        server.hangUp();
    }

    /**
     * Dies on the spot, as a process that is killed: lanes stop after the turn they are at, connections are
     * cut, no log is closed and no checkpoint written; what the operating system was given stays. The data
     * directory is given back, and the next start recovers it.
     */
    public void halt() {
        end(false);
    }

    /** One after the other, and nothing any more when it is closed. */
    private synchronized void whileOpen(Runnable step) {
        if (!closed) step.run();
    }

    private void end(boolean cleanly) {
        whileOpen(() -> endOpen(cleanly));
    }

    private void endOpen(boolean cleanly) {
        closed = true;
        if (exposed != null) exposed.close();
        if (cleanly) {
            server.close();
            stopRooms();
            world.close();
        } else {
            world.close();
            server.close();
        }
        lock.close();
    }

    private void stopRooms() {
        CompletableFuture<Void> stopped = new CompletableFuture<>();
        broker.stop(() -> stopped.complete(null));
        try {
            stopped.get(STOP_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException failure) {
            LOG.error("stopped without closing every partition cleanly; the next start recovers: {}",
                    failure.toString());
        }
    }

    /** The id kept in the data directory, drawn and kept at the first start. */
    private static String clusterId(World world, int nodeId) {
        DataDirectory directory = new DataDirectory(world.disk());
        DataDirectory.Identity identity = directory.identity();
        if (identity == null) {
            identity = new DataDirectory.Identity(Uuid.randomUuid().toString(), nodeId, Uuid.randomUuid()
                    .toString());
            directory.identify(identity);
        }
        if (identity.nodeId() != nodeId) {
            throw new IllegalStateException("The data directory belongs to the broker with node.id "
                    + identity.nodeId()
                    + ", this one is " + nodeId + ": is it the right directory?");
        }
        return identity.clusterId();
    }

    private void open() {
        CompletableFuture<Void> ready = new CompletableFuture<>();
        broker.start(problem -> {
            if (problem == null) ready.complete(null);
            else ready.completeExceptionally(problem);
        });
        try {
            ready.get();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while starting", interrupted);
        } catch (ExecutionException failure) {
            throw new IllegalStateException(failure.getCause().getMessage(), failure.getCause());
        }
        server = NetServer.start(config.listenHost(), config.listenPort(), broker.door(), limits(),
                world.loops());
        if (brokerConfig.advertisedPort() == 0) broker.listensOn(server.port());
    }

    private NetLimits limits() {
        NetLimits defaults = NetLimits.defaults();
        return new NetLimits((int) brokerConfig.number("socket.request.max.bytes",
                defaults.requestBytesMax()),
                defaults.framesBytesMax(),
                (int) brokerConfig.number("max.connections", defaults.connectionsMax()),
                brokerConfig.number("connections.max.idle.ms", defaults.idleMs()), defaults.stuckMs());
    }

    private static void failed(Throwable problem, CompletableFuture<Throwable> defect) {
        LOG.error("a lane has stopped: the engine is wrong about its own state and serves no more", problem);
        defect.complete(problem);
    }
}
