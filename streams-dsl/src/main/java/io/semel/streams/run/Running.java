package io.semel.streams.run;

import io.semel.streams.Store;
import io.semel.streams.StreamsError;
import io.semel.streams.StreamsError.Defect;
import io.semel.streams.run.Metrics.Lag;
import io.semel.streams.task.StoreBases;
import io.semel.streams.topology.Graph;
import io.semel.streams.topology.PartitionPlan;
import io.semel.streams.topology.Picture;
import io.semel.streams.topology.StoreSpec;
import io.semel.streams.topology.SubTopology;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One running instance of a topology: its threads, its state, its end. A thread never dies quietly: what
 * stops one stops the instance, is logged, told to listeners, and thrown by {@link #await}. Any thread may
 * call any method.
 */
public final class Running implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Running.class);
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Duration CLOSE_MAX = Duration.ofSeconds(30);

    private final Graph graph;
    private final String app;
    private final Clients clients;
    private final InstanceId instance;
    private final Snapshots snapshots;
    private final RunStats stats = new RunStats();
    private final List<HostThread> threads = new ArrayList<>();
    private final List<StateListener> listeners = new CopyOnWriteArrayList<>();
    private final AtomicReference<RunState> state = new AtomicReference<>(RunState.STARTING);
    private final AtomicReference<StreamsError> error = new AtomicReference<>();
    private final CountDownLatch ended = new CountDownLatch(1);
    private final AtomicInteger alive;
    private final JmxView jmx;

    private Running(Graph graph, Clients clients, InstanceId instance, Snapshots snapshots, int threadCount) {
        this.snapshots = snapshots;
        this.graph = graph;
        this.app = graph.name();
        this.clients = clients;
        this.instance = instance;
        this.alive = new AtomicInteger(threadCount);
        this.jmx = new JmxView(this);
    }

    /** Checks the topics and starts the threads; what {@code Topology.start} calls. */
    public static Running start(Graph graph, StreamsConfig config) {
        InstanceId instance = InstanceId.of(config);
        Clients clients = null;
        try {
            clients = new KafkaClients(config);
            PartitionPlan plan = TopicCheck.run(graph, clients.topics(), config.limits().startTimeout());
            Snapshots snapshots = snapshots(graph, config, clients.topics());
            Running running = new Running(graph, clients, instance, snapshots, config.threads());
            for (int i = 0; i < config.threads(); i++) {
                String name = graph.name() + "-" + instance.id() + "-" + i;
                TaskHost.Identity identity = new TaskHost.Identity(
                        instance.isPersistent() ? Optional.of(name) : Optional.empty(), name, name,
                        config.limits().commitMinInterval().toMillis(), config.limits().pollRecordsMax());
                running.threads.add(new HostThread(running,
                        new TaskHost(graph, plan, clients, snapshots, identity, running.stats),
                        graph.name() + "-" + i));
            }
            running.jmx.register();
            running.threads.forEach(Thread::start);
            return running;
        } catch (RuntimeException failed) {
            if (clients != null) {
                clients.topics().close();
            }
            instance.close();
            throw failed instanceof KafkaException ? Triage.judge(failed).error() : failed;
        }
    }

    public RunState state() {
        return state.get();
    }

    /** What stopped this instance, if it failed. */
    public Optional<StreamsError> error() {
        return Optional.ofNullable(error.get());
    }

    public RunStats stats() {
        return stats;
    }

    /** By step, task and store, what this instance has done and where it stands. Asks nobody; cheap. */
    public Metrics metrics() {
        return MetricsDesk.read(graph, instance.id(), state(), stats, List.of());
    }

    /** The same with what is left of the inputs, counted by {@link #lags}. */
    public Metrics metrics(Duration patience) {
        return MetricsDesk.read(graph, instance.id(), state(), stats, lags(patience));
    }

    /**
     * What is left of the inputs of this instance's tasks, in committed data records. It is read to be
     * counted, for no longer than {@code patience} and 100,000 records, then extrapolated: meant to be asked
     * every few seconds at most. Throws kafka-clients' exceptions if the cluster does not answer.
     */
    public List<Lag> lags(Duration patience) {
        Map<TopicPartition, Long> positions = new LinkedHashMap<>();
        stats.meters().stream().filter(TaskMeter::isHere)
                .forEach(meter -> positions.putAll(meter.positions()));
        return Lags.of(clients, positions, app + "-" + instance.id() + "-lag", patience);
    }

    /** Whether this instance gets on with its work; half a minute without that is too long. */
    public Health health() {
        return health(PATIENCE);
    }

    /** Whether this instance gets on with its work, and what keeps it if not for {@code patience}. */
    public Health health(Duration patience) {
        RunState now = state();
        if (now.isFinal()) {
            return new Health(now, error.get() != null, error().map(StreamsError::getMessage).orElse(""));
        }
        for (HostThread thread : threads) {
            Optional<String> stuck = thread.stuckFor(patience);
            if (stuck.isPresent()) {
                return new Health(now, true, stuck.get());
            }
        }
        StreamsError met = threads.stream().map(HostThread::trouble).filter(Objects::nonNull).findFirst()
                .orElse(null);
        return new Health(now, false, met == null ? "" : met.getMessage());
    }

    /** The picture as text, with {@code metrics} in it. */
    public String describe(Metrics metrics) {
        return Picture.text(graph, MetricsDesk.notes(metrics, graph));
    }

    /** The picture as a Mermaid flowchart, with {@code metrics} in it. */
    public String toMermaid(Metrics metrics) {
        return Picture.mermaid(graph, MetricsDesk.notes(metrics, graph));
    }

    /** The picture in Graphviz' language, with {@code metrics} in it. */
    public String toDot(Metrics metrics) {
        return Picture.dot(graph, MetricsDesk.notes(metrics, graph));
    }

    /**
     * The committed state of a store, read only, as far as this instance owns it. Throws {@link
     * IllegalArgumentException} if the topology has no store of that name.
     */
    public <K, V> StoreReader<K, V> store(Store<K, V> store) {
        for (SubTopology sub : graph.subTopologies()) {
            for (StoreSpec spec : sub.stores()) {
                if (spec.name().equals(store.name())) {
                    return new StoreReader<>(store, spec.logTopic(app), snapshots.views());
                }
            }
        }
        throw new IllegalArgumentException("application '" + app + "' has no store '" + store.name() + "'");
    }

    /** Adds a listener; it hears changes from now on. */
    public void onState(StateListener listener) {
        listeners.add(listener);
    }

    /** Waits for the end; throws what stopped the instance, if it did not end by {@link #close}. */
    public void await() throws InterruptedException {
        ended.await();
        if (error.get() != null) {
            throw error.get();
        }
    }

    /**
     * Waits until every task processes; false if that took longer, throws what stopped the instance
     * meanwhile.
     */
    public boolean awaitRunning(Duration timeout) throws InterruptedException {
        CountDownLatch reached = new CountDownLatch(1);
        StateListener listener = (before, now, why) -> {
            if (now == RunState.RUNNING || now.isFinal()) {
                reached.countDown();
            }
        };
        listeners.add(listener);
        try {
            boolean already = state() == RunState.RUNNING || state().isFinal();
            boolean inTime = already || reached.await(timeout.toMillis(), TimeUnit.MILLISECONDS);
            if (error.get() != null) {
                throw error.get();
            }
            return inTime;
        } finally {
            listeners.remove(listener);
        }
    }

    /**
     * Finishes what is in flight, leaves the group and lets everything go. Called twice it waits for the
     * first.
     */
    @Override
    public void close() {
        threads.forEach(HostThread::end);
        if (Thread.currentThread() instanceof HostThread) {
            return;
        }
        try {
            if (!ended.await(CLOSE_MAX.toMillis(), TimeUnit.MILLISECONDS)) {
                threads.forEach(Thread::interrupt);
                ended.await();
            }
        } catch (InterruptedException stop) {
            threads.forEach(Thread::interrupt);
            Thread.currentThread().interrupt();
        }
    }

    /** A host's state changed: the instance's is the least settled of all. */
    void refresh() {
        RunState least = RunState.RUNNING;
        StreamsError why = null;
        for (HostThread thread : threads) {
            RunState one = thread.hostState();
            if (rank(one) > rank(least)) {
                least = one;
                why = thread.trouble();
            }
        }
        become(least, Optional.ofNullable(why));
    }

    /** A thread has ended, with {@code cause} or on request. */
    void ended(HostThread thread, StreamsError cause) {
        if (cause != null && error.compareAndSet(null, cause)) {
            LOG.error("{}: stopped: {}", app, cause.getMessage(), cause);
            become(RunState.FAILED, Optional.of(cause));
        }
        threads.forEach(HostThread::end);
        if (alive.decrementAndGet() == 0) {
            try {
                jmx.unregister();
                clients.topics().close();
                snapshots.close();
                instance.close();
            } catch (RuntimeException failed) {
                LOG.warn("{}: letting go failed", app, failed);
            }
            become(RunState.CLOSED, Optional.empty());
            ended.countDown();
        }
    }

    private void become(RunState now, Optional<StreamsError> why) {
        RunState before = state.getAndUpdate(was -> was.isFinal() ? was : now);
        if (before == now || before.isFinal()) {
            return;
        }
        if (now == RunState.HEALING) {
            LOG.warn("{}: {}", app, why.map(StreamsError::getMessage).orElse("healing"));
        } else {
            LOG.info("{}: {} -> {}", app, before, now);
        }
        for (StateListener listener : listeners) {
            try {
                listener.changed(before, now, why);
            } catch (RuntimeException careless) {
                LOG.warn("{}: a state listener failed", app, careless);
            }
        }
    }

    private static Snapshots snapshots(Graph graph, StreamsConfig config, TopicDesk topics) {
        if (config.stateDir().isEmpty()) {
            if (config.stores() != StoreBases.IN_MEMORY) {
                throw new IllegalArgumentException("application '" + graph.name() + "' keeps its stores in"
                        + " files, but has no directory for them: set StreamsConfig.stateDir");
            }
            return Snapshots.none();
        }
        return Snapshots.in(config.stateDir().get().resolve(graph.name()),
                topics.ids(PartitionPlan.topicsOf(graph)), config.stores());
    }

    private static int rank(RunState state) {
        return switch (state) {
            case RUNNING -> 0;
            case RESTORING -> 1;
            case STARTING -> 2;
            case HEALING -> 3;
            case FAILED, CLOSED -> 4;
        };
    }

    static StreamsError asError(Throwable thrown) {
        return thrown instanceof StreamsError known ? known : new Defect("a thread met " + thrown, thrown);
    }
}
