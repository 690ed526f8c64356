package io.semel.streams.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.semel.streams.Serdes;
import io.semel.streams.Store;
import io.semel.streams.StreamsError;
import io.semel.streams.StreamsError.Incompatible;
import io.semel.streams.StreamsError.PoisonRecord;
import io.semel.streams.Topic;
import io.semel.streams.dsl.Topology;
import io.semel.streams.run.LogWorld.Sabotage;
import io.semel.streams.topology.Graph;
import io.semel.streams.topology.PartitionPlan;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class TaskHostTest {
    private static final Topic<String, String> IN = Topic.of("in", Serdes.string(), Serdes.string());
    private static final Topic<String, Integer> SUMS =
            Topic.of("sums", Serdes.string(), Serdes.text(String::valueOf, Integer::parseInt));
    private static final Store<String, Integer> SUM =
            Store.keyed("sum", Serdes.string(), Serdes.text(String::valueOf, Integer::parseInt));

    private final LogWorld world = new LogWorld(new SplittableRandom(3), Sabotage.NONE);
    private final Nemesis calm = new Nemesis(new SplittableRandom(4), 0, strike -> { }, () -> { }, () -> { });
    private final Snapshots snapshots = Snapshots.none();
    private StepLane lane;
    private LogConsumer member;
    private long nowMs;
    private long commitMinIntervalMs;
    private int pollRecordsMax = Integer.MAX_VALUE;
    private final RunStats stats = new RunStats();
    private final Graph graph = Topology.of("app",
            s -> s.from(IN).mapValues(Integer::parseInt).reduce(SUM, Integer::sum).to(SUMS)).graph();

    @BeforeEach
    void topics() {
        world.create("in", 1);
        world.create("sums", 1);
    }

    @Test
    void stopsAtAPoisonRecordWithNothingOfItsBatchVisible() {
        produce("1", "2", "three");
        TaskHost host = host();

        PoisonRecord poison = assertThrows(PoisonRecord.class, () -> turns(host, 50));

        assertEquals(2, poison.offset());
        assertEquals(stats.recordsIn(), world.visible("sums").size());
        assertTrue(stats.recordsIn() < 3);
    }

    @Test
    void refusesStateWhoseOffsetsAreLost() {
        produce("1", "2");
        turns(host(), 20);
        world.committed.clear();
        world.group.members().forEach(world.group::leave);

        Incompatible refused = assertThrows(Incompatible.class, () -> turns(host(), 50));

        assertTrue(refused.what().contains("has state in [app-sum-changelog-0] but group 'app'"),
                refused.what());
    }

    @Test
    void refusesATopicThatWasWidenedWhileItRan() {
        TaskHost host = host();
        turns(host, 10);
        world.counts.put("in", 2);
        world.logs.put(new TopicPartition("in", 1), new ArrayList<>());
        world.group.members().forEach(world.group::leave);

        StreamsError refused = assertThrows(Incompatible.class, () -> turns(host, 20));

        assertTrue(refused.what().contains("'in' had 1 partitions"), refused.what());
    }

    @Test
    void goesOnFromTheTailOfTheChangelogWhenItKeptItsBase() {
        produce("1", "2");
        TaskHost host = host();
        turns(host, 30);
        long restored = stats.restored();
        world.group.members().forEach(world.group::leave);
        produce("3");

        turns(host, 50);

        assertEquals(restored, stats.restored());
        assertEquals("6", new String(world.visible("sums").get(2).value(), StandardCharsets.UTF_8));
    }

    /** A poll of paused inputs waits to its end for nothing: before, 20 ms for each poll of the changelog. */
    @Test
    void doesNotWaitForPausedInputsWhileItReplays() {
        for (int i = 0; i < 60; i++) {
            produce("1");
        }
        turns(host(), 200);
        world.group.members().forEach(world.group::leave);
        long before = stats.restored();
        TaskHost other = host();
        boolean replayed = false;

        for (int turn = 0; other.state() != RunState.RUNNING; turn++) {
            assertTrue(turn < 100, "does not run");
            turns(other, 1);
            Duration waited = member.waits.get(member.waits.size() - 1);
            if (other.state() == RunState.RESTORING && stats.restored() > before) {
                replayed = true;
                assertEquals(Duration.ZERO, waited);
            } else if (other.state() == RunState.STARTING) {
                assertTrue(waited.toMillis() <= 5, "joined, but waits " + waited);
            }
        }

        assertTrue(replayed);
    }

    @Test
    void fillsTheNextTransactionWhileTheLastOneCommits() {
        pollRecordsMax = 10;
        TaskHost host = host();
        turns(host, 10);
        produce("1");
        host.turn();

        produce("2");
        lane.step();
        host.turn();

        assertEquals(2, world.end(new TopicPartition("sums", 0)), "records of two transactions are written");
        assertEquals(List.of(), sums(), "and none is committed");
        turns(host, 3);
        assertEquals(List.of("1", "3"), sums());
    }

    @Test
    void takesWhatTrickledInDuringACommitTogetherWhenItIsAnswered() {
        TaskHost host = host();
        turns(host, 10);
        produce("1", "1");
        turns(host, 3);
        long commits = stats.commits();

        produce("1");
        turns(host, 1);
        assertEquals(List.of("1", "2"), sums(), "the last one had two, so that more may come");
        produce("1", "1");
        turns(host, 3);

        assertTrue(member.waits.contains(Duration.ofMillis(1)), "and if it does, it comes at once");
        assertEquals(List.of("1", "2", "3", "4", "5"), sums());
        assertEquals(commits + 1, stats.commits());
    }

    @Test
    void sendsOneChangePerKeyOfATransactionThoughItHasManyPolls() {
        commitMinIntervalMs = 60_000;
        TaskHost host = host();
        turns(host, 10);
        produce("1");
        turns(host, 3);
        long commits = stats.commits();
        int changes = world.visible("app-sum-changelog").size();
        for (int i = 0; i < 3; i++) {
            produce("1", "1");
            turns(host, 3);
        }

        nowMs += 60_000;
        turns(host, 5);

        assertEquals(commits + 1, stats.commits());
        assertEquals(List.of("1", "2", "3", "4", "5", "6", "7"), sums());
        assertEquals(changes + 1, world.visible("app-sum-changelog").size());
        assertEquals(7, stats.recordsIn());
        assertEquals(7, stats.recordsOut());
    }

    @Test
    void aTransactionGrowsWhileMuchLiesReady() {
        pollRecordsMax = 2;
        TaskHost host = host();
        turns(host, 10);
        produce("1", "1", "1", "1", "1", "1");
        long commits = stats.commits();

        for (int turn = 0; world.end(new TopicPartition("sums", 0)) < 6; turn++) {
            assertTrue(turn < 20, "does not come to the end");
            turns(host, 1);
            assertEquals(commits, stats.commits(), "polls of two have more behind them");
        }
        turns(host, 3);

        assertEquals(commits + 1, stats.commits());
        assertEquals(1, world.visible("app-sum-changelog").size());
    }

    @Test
    void aTransactionThatIsSlowToGrowIsCommitted() {
        pollRecordsMax = 2;
        TaskHost host = host();
        turns(host, 10);
        for (int i = 0; i < 10; i++) {
            produce("1", "1");
        }
        turns(host, 2);
        assertEquals(0, stats.commits());

        nowMs += 100;
        turns(host, 2);

        assertEquals(1, stats.commits());
        assertTrue(world.committed.get(new TopicPartition("in", 0)) < 20, "more lay ready");
    }

    @Test
    void dropsTheNextTransactionWithTheOneThatFailed() {
        TaskHost host = host();
        turns(host, 10);
        produce("1");
        host.turn();
        world.expire("app-1-0");
        produce("2");

        turns(host, 20);

        assertEquals(1, stats.healed());
        assertEquals(List.of("1", "3"), sums().subList(0, 2));
        assertEquals(2, world.committed.get(new TopicPartition("in", 0)));
    }

    @Test
    void waitsForTheLeastIntervalBetweenCommits() {
        commitMinIntervalMs = 50;
        TaskHost host = host();
        turns(host, 10);
        nowMs += 50;
        produce("1");
        turns(host, 3);
        long commits = stats.commits();
        produce("2");
        turns(host, 3);
        produce("3");
        turns(host, 3);

        assertEquals(commits, stats.commits());
        nowMs += 50;
        turns(host, 3);
        assertEquals(commits + 1, stats.commits());
        assertEquals(List.of("1", "3", "6"), sums());
    }

    @Test
    void aFullTransactionDoesNotWaitForTheInterval() {
        commitMinIntervalMs = 60_000;
        TaskHost host = host();
        turns(host, 10);
        produce("1");
        turns(host, 2);
        long commits = stats.commits();

        for (int i = 0; i < 12; i++) {
            produce("1");
            turns(host, 1);
        }

        assertTrue(stats.commits() > commits);
    }

    @Test
    void finishesWhatIsInFlightBeforeItLeaves() {
        TaskHost host = host();
        turns(host, 10);
        produce("1");
        host.turn();
        produce("2");

        host.close();
        while (!world.isSettled()) {
            world.markOne();
        }

        assertEquals(List.of("1"), sums());
        assertEquals(1, world.committed.get(new TopicPartition("in", 0)));
    }

    @Test
    void readersFromOutsideSeeWhatIsCommittedAndNothingElse() {
        StoreReader<String, Integer> reader = new StoreReader<>(SUM, "app-sum-changelog", snapshots.views());
        TaskHost host = host();
        turns(host, 10);
        produce("4");
        turns(host, 3);
        produce("5");
        host.turn();

        assertEquals(Optional.of(4), reader.get("k"), "the second record is sent, not committed");
        turns(host, 3);
        assertEquals(Optional.of(9), reader.get("k"));
        assertEquals(Optional.empty(), reader.get("other"));
        List<String> rows = new ArrayList<>();
        reader.scan(null, null, (key, value) -> rows.add(key + "=" + value));
        assertEquals(List.of("k=9"), rows);
        assertTrue(stats.commitMostUs() >= stats.commitMeanUs());
        host.close();
        assertEquals(0, reader.size());
    }

    private List<String> sums() {
        return world.visible("sums").stream()
                .map(entry -> new String(entry.value(), StandardCharsets.UTF_8)).toList();
    }

    private void produce(String... values) {
        for (String value : values) {
            world.append(new TopicPartition("in", 0), 0, "k".getBytes(StandardCharsets.UTF_8),
                    value.getBytes(StandardCharsets.UTF_8), null);
        }
    }

    /** Turns, with every marker written before the next one. */
    private void turns(TaskHost host, int count) {
        for (int i = 0; i < count; i++) {
            host.turn();
            while (!lane.isIdle()) {
                lane.step();
            }
            for (int marker = 0; marker < 10; marker++) {
                world.markOne();
            }
        }
    }

    private TaskHost host() {
        PartitionPlan plan = PartitionPlan.of(graph, world.counts);
        plan.missing().forEach(topic -> world.create(topic.topic(), topic.partitions()));
        Clients clients = new Clients() {
            @Override
            public Consumer<byte[], byte[]> member(String group, Optional<String> instance, String clientId) {
                member = new LogConsumer(world, calm, group, null, 2);
                return Partial.as(Consumer.class, member);
            }

            @Override
            public Consumer<byte[], byte[]> reader(String clientId) {
                return Partial.as(Consumer.class, new LogConsumer(world, calm, null, null, 20));
            }

            @Override
            public Producer<byte[], byte[]> producer(String transactionalId) {
                return Partial.as(Producer.class, new LogProducer(world, calm, transactionalId));
            }

            @Override
            public TopicDesk topics() {
                return world.desk(calm);
            }

            @Override
            public CommitLane lane(String name) {
                lane = new StepLane(false);
                return lane;
            }

            @Override
            public long clockMs() {
                return nowMs;
            }
        };
        return new TaskHost(graph, plan, clients, snapshots,
                new TaskHost.Identity(Optional.empty(), "app-1", "app-1",
                commitMinIntervalMs, pollRecordsMax), stats);
    }
}
