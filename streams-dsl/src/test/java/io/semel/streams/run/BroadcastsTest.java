package io.semel.streams.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.semel.streams.Serdes;
import io.semel.streams.Topic;
import io.semel.streams.dsl.Topology;
import io.semel.streams.run.LogWorld.Sabotage;
import io.semel.streams.task.StampedBytes;
import io.semel.streams.topology.Graph;
import io.semel.streams.topology.PartitionPlan;
import io.semel.streams.topology.StoreSpec;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class BroadcastsTest {
    private static final Topic<String, String> IN = Topic.of("in", Serdes.string(), Serdes.string());
    private static final Topic<String, String> OUT = Topic.of("out", Serdes.string(), Serdes.string());
    private static final Topic<String, String> NAMES = Topic.of("names", Serdes.string(), Serdes.string());

    private final LogWorld world = new LogWorld(new SplittableRandom(3), Sabotage.NONE);
    private final Nemesis calm = new Nemesis(new SplittableRandom(4), 0, strike -> { }, () -> { }, () -> { });
    private final Graph graph = Topology.of("app", s -> s.from(IN)
            .join(s.broadcast(NAMES), (k, v) -> v, (v, name) -> v + name).to(OUT)).graph();

    @BeforeEach
    void topics() {
        world.create("in", 1);
        world.create("out", 1);
        world.create("names", 3);
    }

    @Test
    void belongToNoTaskAndNeedNoChangelogNorEqualCounts() {
        PartitionPlan plan = PartitionPlan.of(graph, world.counts);

        assertEquals(List.of(), plan.missing());
        assertEquals(Set.of("in"), graph.sourceTopics());
        assertEquals(Set.of("in", "names", "out"), graph.externalTopics());
        assertEquals(List.of(), graph.subTopologies().get(0).stores());
    }

    @Test
    void areReadToTheEndTheyHadAndFollowFromThen() {
        for (int i = 0; i < 60; i++) {
            put(i % 3, "k" + i, "name " + i);
        }
        Broadcasts broadcasts = new Broadcasts(graph, PartitionPlan.of(graph, world.counts), clients(),
                "app");
        StoreSpec spec = graph.subTopologies().get(0).broadcasts().get(0);

        assertFalse(broadcasts.turn(), "there is more than one poll gives");
        while (!broadcasts.turn()) {
            assertTrue(broadcasts.base(spec).size() < 60);
        }
        assertEquals(60, broadcasts.base(spec).size());

        put(1, "k1", "another");
        put(2, "k2", null);
        assertTrue(broadcasts.turn());
        assertTrue(broadcasts.turn());
        assertEquals("another", text(broadcasts.base(spec).get(bytes("k1"))));
        assertNull(broadcasts.base(spec).get(bytes("k2")));
    }

    private void put(int partition, String key, String value) {
        world.append(new TopicPartition("names", partition), 0, bytes(key), value == null ? null
                : bytes(value),
                null);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static String text(StampedBytes stored) {
        return new String(stored.value(), StandardCharsets.UTF_8);
    }

    private Clients clients() {
        return new Clients() {
            @Override
            public Consumer<byte[], byte[]> member(String group, Optional<String> instance, String clientId) {
                throw new AssertionError("a broadcast table needs no group");
            }

            @Override
            public Consumer<byte[], byte[]> reader(String clientId) {
                return Partial.as(Consumer.class, new LogConsumer(world, calm, null, null, 20));
            }

            @Override
            public Producer<byte[], byte[]> producer(String transactionalId) {
                throw new AssertionError("a broadcast table writes nothing");
            }

            @Override
            public TopicDesk topics() {
                return world.desk(calm);
            }

            @Override
            public CommitLane lane(String name) {
                throw new AssertionError("a broadcast table commits nothing");
            }

            @Override
            public long clockMs() {
                return 0;
            }
        };
    }
}
