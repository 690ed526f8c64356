package io.semel.it.sim;

import io.semel.streams.run.Clients;
import io.semel.streams.run.CommitLane;
import io.semel.streams.run.Saboteur;
import io.semel.streams.run.SteppedHost;
import io.semel.streams.run.TopicDesk;
import io.semel.streams.topology.Graph;
import io.semel.streams.topology.PartitionPlan;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.producer.Producer;

/** One process of a topology: the production host over simulated clients. One thread. */
final class DslProcess implements Clients {
    private static final int LONG_MS = 100;
    final DslCaller caller;
    final SteppedHost host;
    private final Map<String, Integer> counts;
    private final String instance;
    private final Saboteur saboteur;
    private final Deque<Submission> waiting = new ArrayDeque<>();
    private final boolean overtaking;

    /** A commit that is under way, step by step. */
    private static final class Submission implements CommitLane.Ticket {
        private final DslProcess owner;
        private final Deque<Runnable> steps;
        private RuntimeException failure;

        Submission(DslProcess owner, List<Runnable> steps) {
            this.owner = owner;
            this.steps = new ArrayDeque<>(steps);
        }

        @Override
        public boolean isDone() {
            return owner.overtaking || steps.isEmpty();
        }

        /** Who waits for long is answered; who waits a little may have waited in vain. */
        @Override
        public boolean await(Duration wait) {
            boolean patient = wait.toMillis() >= LONG_MS;
            int left = patient ? 0 : owner.caller.dice().between(0, steps.size());
            while (!isDone() && (patient || left-- > 0)) owner.commitStep();
            return isDone();
        }

        @Override
        public RuntimeException failure() {
            return failure;
        }
    }

    DslProcess(DslCaller caller, Map<String, Integer> counts, Graph graph, PartitionPlan plan,
            SteppedHost.Local local, int pollRecordsMax, Saboteur saboteur) {
        this.caller = caller;
        this.counts = counts;
        this.instance = caller.name();
        this.saboteur = saboteur;
        this.overtaking = saboteur == Saboteur.COMMIT_BEFORE_THE_LAST_ONE;
        this.host = new SteppedHost(graph, plan, this, instance, local, pollRecordsMax);
    }

    /** Lets the commit under way do its next step, between two turns of the host. */
    void commitStep() {
        if (waiting.isEmpty() || overtaking && waiting.size() < 2) return;
        Submission chosen = overtaking ? waiting.peekLast() : waiting.peek();
        try {
            chosen.steps.poll().run();
        } catch (RuntimeException failed) {
            chosen.failure = failed;
            chosen.steps.clear();
        }
        if (chosen.steps.isEmpty()) waiting.remove(chosen);
    }

    @Override
    public Consumer<byte[], byte[]> member(String group, Optional<String> instanceId, String clientId) {
        return as(Consumer.class, new DslConsumer(caller, counts, Optional.of(group), instance));
    }

    @Override
    public Consumer<byte[], byte[]> reader(String clientId) {
        return as(Consumer.class, new DslConsumer(caller, counts, Optional.empty(), null));
    }

    @Override
    public Producer<byte[], byte[]> producer(String transactionalId) {
        return as(Producer.class, new DslProducer(caller, counts, transactionalId));
    }

    @Override
    public TopicDesk topics() {
        return new DslDesk(caller, counts);
    }

    @Override
    public CommitLane lane(String name) {
        return new CommitLane() {
            @Override
            public Ticket submit(List<Runnable> steps) {
                Submission submission = new Submission(DslProcess.this, steps);
                waiting.add(submission);
                while (overtaking && submission.steps.size() > 1) submission.steps.poll().run();
                return submission;
            }

            @Override
            public void close() {
                while (!waiting.isEmpty() && !overtaking) commitStep();
            }
        };
    }

    @Override
    public long clockMs() {
        return caller.run.nowMs();
    }

    @Override
    public boolean isSabotaged(Saboteur asked) {
        return saboteur == asked;
    }

    /** Lets a class stand for a wide interface by the methods it has; the others are refused by name. */
    @SuppressWarnings("unchecked")
    private static <T> T as(Class<? super T> type, Object part) {
        return (T) Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type},
                (proxy, method, args) -> {
            Method own;
            try {
                own = part.getClass().getDeclaredMethod(method.getName(), method.getParameterTypes());
            } catch (NoSuchMethodException absent) {
                throw new UnsupportedOperationException(type.getSimpleName() + "." + method, absent);
            }
            try {
                return own.invoke(part, args);
            } catch (InvocationTargetException thrown) {
                throw thrown.getCause();
            }
        });
    }
}
