package io.semel.streams.topology;

import static io.semel.streams.dsl.Via.via;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.semel.streams.Serdes;
import io.semel.streams.Store;
import io.semel.streams.StreamsError.Incompatible;
import io.semel.streams.Topic;
import io.semel.streams.dsl.Topology;
import io.semel.streams.topology.PartitionPlan.Missing;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PartitionPlanTest {
    private static final Topic<String, String> IN = Topic.of("in", Serdes.string(), Serdes.string());
    private static final Topic<String, String> NAMES = Topic.of("names", Serdes.string(), Serdes.string());
    private static final Topic<String, String> HOP = Topic.of("hop", Serdes.string(), Serdes.string());
    private static final Topic<String, String> HOP2 = Topic.of("hop2", Serdes.string(), Serdes.string());
    private static final Topic<String, String> OUT = Topic.of("out", Serdes.string(), Serdes.string());
    private static final Store<String, Long> COUNT = Store.keyed("count", Serdes.string(), Serdes.int64());

    private final Graph joined = Topology.of("app",
            s -> s.from(IN).rekey(v -> v, via(HOP)).join(s.table(NAMES), (v, n) -> v + n).to(OUT)).graph();

    @Test
    void givesARepartitionTopicTheCountOfTheTableItMeets() {
        PartitionPlan plan = PartitionPlan.of(joined, Map.of("in", 6, "names", 4, "out", 1));

        assertEquals(List.of(new Missing("hop", 4, false)), plan.missing());
        assertEquals(4, plan.tasks(joined.readerOf("hop")));
        assertEquals(6, plan.tasks(joined.readerOf("in")));
    }

    @Test
    void givesARepartitionTopicTheCountOfItsSourceThroughChains() {
        Graph chain = Topology.of("app", s -> s.from(IN).rekey(v -> v, via(HOP)).rekey(v -> v, via(HOP2))
                .count(COUNT)).graph();

        PartitionPlan plan = PartitionPlan.of(chain, Map.of("in", 5));

        assertEquals(List.of(new Missing("hop", 5, false), new Missing("hop2", 5, false),
                new Missing("app-count-changelog", 5, true)), plan.missing());
    }

    @Test
    void obeysACountThatWasAskedForAndATopicThatExists() {
        Graph asked = Topology.of("app", s -> s.from(IN).rekey(v -> v, via(HOP).partitions(9)).count(COUNT))
                .graph();

        assertEquals(9, PartitionPlan.of(asked, Map.of("in", 5)).count("app-count-changelog"));
        assertEquals(3, PartitionPlan.of(asked, Map.of("in", 5, "hop", 3)).count("app-count-changelog"));
    }

    @Test
    void namesTopicsThatDoNotExist() {
        String message = refusal(joined, Map.of("in", 6));

        assertTrue(message.contains("names, out"), message);
    }

    @Test
    void namesBothTopicsTheirCountsAndTheFixWhenTheyCannotMeet() {
        Graph direct = Topology.of("app", s -> s.from(IN).join(s.table(NAMES), (v, n) -> v + n).to(OUT))
                .graph();

        String message = refusal(direct, Map.of("in", 6, "names", 4, "out", 1));

        assertTrue(message.contains("'in' (6 partitions)") && message.contains("'names' (4 partitions)")
                && message.contains("rekey(key, via(topic))"), message);
    }

    @Test
    void namesAChangelogThatDoesNotFitItsSource() {
        Graph counted = Topology.of("app", s -> s.from(IN).count(COUNT).to(
                Topic.of("counts", Serdes.string(), Serdes.int64()))).graph();

        String message = refusal(counted, Map.of("in", 6, "counts", 1, "app-count-changelog", 4));

        assertTrue(message.contains("'app-count-changelog' (4 partitions)") && message.contains("'in' (6"),
                message);
    }

    @Test
    void asksForACountWhereRepartitionTopicsFeedEachOther() {
        Graph circle = Topology.of("app", s -> s.from(HOP).rekey(v -> v, via(HOP2)).rekey(v -> v, via(HOP))
                .count(COUNT)).graph();

        String message = refusal(circle, Map.of());

        assertTrue(message.contains("partitions(n)"), message);
    }

    private static String refusal(Graph graph, Map<String, Integer> existing) {
        return assertThrows(Incompatible.class, () -> PartitionPlan.of(graph, existing)).getMessage();
    }
}
