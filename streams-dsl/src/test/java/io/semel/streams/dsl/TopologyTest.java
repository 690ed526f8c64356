package io.semel.streams.dsl;

import static io.semel.streams.dsl.Via.via;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.semel.streams.Serdes;
import io.semel.streams.Store;
import io.semel.streams.StreamsError.Incompatible;
import io.semel.streams.Topic;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

class TopologyTest {
    private static final Topic<String, String> IN = Topic.of("in", Serdes.string(), Serdes.string());
    private static final Topic<String, String> NAMES = Topic.of("names", Serdes.string(), Serdes.string());
    private static final Topic<String, String> HOP = Topic.of("hop", Serdes.string(), Serdes.string());
    private static final Topic<String, String> OUT = Topic.of("out", Serdes.string(), Serdes.string());
    private static final Store<String, Long> COUNT = Store.keyed("count", Serdes.string(), Serdes.int64());

    private final Topology topology = Topology.of("app", s -> {
        Table<String, String> names = s.table(NAMES);
        s.from(IN).rekey(v -> v, via(HOP)).count(COUNT).toStream().join(names, (n, name) -> name + n).to(OUT);
    });

    @Test
    void describesItselfAsText() {
        assertEquals("""
                application app
                  sub-topology 0, a task per partition of hop, names
                    0-table(names)
                    4-via(hop) -> 5-count(count)
                    5-count(count) -> 6-join(names)
                    6-join(names) -> 7-to(out)
                    7-to(out)
                    store names <- names
                    store count <- app-count-changelog
                  sub-topology 1, a task per partition of in
                    1-from(in) -> 2-rekey
                    2-rekey -> 3-via(hop)
                    3-via(hop)
                """, topology.describe());
    }

    @Test
    void drawsItselfInMermaid() {
        String picture = topology.toMermaid();

        assertTrue(picture.startsWith("flowchart LR\n"), picture);
        assertTrue(picture.contains("  n3 --> t_hop([\"hop\"])\n"), picture);
        assertTrue(picture.contains("  t_hop([\"hop\"]) --> n4\n"), picture);
        assertTrue(picture.contains("  n5 -.- d_count\n"), picture);
        assertEquals(2, picture.lines().filter(line -> line.contains("subgraph")).count());
    }

    @Test
    void drawsItselfForGraphviz() {
        String picture = topology.toDot();

        assertTrue(picture.startsWith("digraph \"app\" {\n"), picture);
        assertTrue(picture.contains("  n5 -> d_count [dir=none, style=dashed];\n"), picture);
        assertTrue(picture.contains("  t_hop -> n4;\n"), picture);
        assertEquals(2, picture.lines().filter(line -> line.contains("subgraph cluster_")).count());
    }

    @Test
    void showsWhereChangesAreHeldBack() {
        Topology app = Topology.of("app", s -> s.from(IN).count(COUNT).latest().toStream()
                .mapValues(String::valueOf).to(OUT));

        assertTrue(app.describe().contains("    1-count(count) -> 2-latest\n    2-latest -> 3-mapValues\n"),
                app.describe());
        assertTrue(app.toMermaid().contains("    n2[\"2-latest\"]\n"), app.toMermaid());
        assertTrue(app.toDot().contains("    n2 [label=\"2-latest\"];\n"), app.toDot());
    }

    @Test
    void showsABroadcastBesideTheTasks() {
        Topology app =
                Topology.of("app", s -> s.from(IN).join(s.broadcast(NAMES), (k, v) -> v, (v, n) -> v + n)
                .to(OUT));

        assertTrue(app.describe().contains("    broadcast names\n"), app.describe());
        assertTrue(app.toMermaid().contains("  t_names([\"names\"]) --> d_names_broadcast\n"),
                app.toMermaid());
        assertTrue(app.toDot().contains("  t_names -> d_names_broadcast;\n"), app.toDot());
    }

    @Test
    void readsATopicOnceHoweverOftenItIsNamed() {
        Topology twice = Topology.of("app", s -> {
            s.from(IN).to(OUT);
            s.from(IN).filter((k, v) -> true).to(OUT);
        });

        assertEquals(1, twice.graph().nodes().stream().filter(node -> node.kind().isSource()).count());
    }

    @Test
    void refusesOneNameWithTwoMeanings() {
        refuses("written by two steps", s -> {
            s.from(IN).count(COUNT);
            s.from(NAMES).count(COUNT);
        });
        refuses("both as a stream and as a table", s -> {
            s.from(IN).to(OUT);
            s.table(IN);
        });
        refuses("described twice",
                s -> s.from(IN).to(Topic.of("in", Serdes.string(),
                Serdes.text(String::valueOf, text -> text))));
        refuses("reads no topic", s -> { });
        refuses("asked for with 2 and with 3", s -> {
            s.from(IN).rekey(v -> v, via(HOP).partitions(2)).to(OUT);
            s.from(NAMES).rekey(v -> v, via(HOP).partitions(3)).to(OUT);
        });
    }

    @Test
    void cannotBeExtendedOnceItIsBuilt() {
        Sources[] kept = new Sources[1];
        Topology.of("app", s -> {
            kept[0] = s;
            s.from(IN).to(OUT);
        });

        assertThrows(IllegalStateException.class, () -> kept[0].from(NAMES));
    }

    private static void refuses(String message, Consumer<Sources> description) {
        Incompatible error = assertThrows(Incompatible.class, () -> Topology.of("app", description));
        assertTrue(error.what().contains(message), error.what());
    }
}
