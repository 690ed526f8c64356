package io.semel.streams.topology;

import io.semel.streams.Names;
import io.semel.streams.StreamsError.Incompatible;
import io.semel.streams.Topic;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Collects nodes while a program is described; refuses what the compiler cannot see (one name, two meanings).
 * Used by one thread, once; throws {@link Incompatible} with the fix.
 */
public final class GraphBuilder {
    private final String name;
    private final List<Node> nodes = new ArrayList<>();
    private final Map<String, Node> sources = new TreeMap<>();
    private final Map<String, StoreSpec> stores = new TreeMap<>();
    private final Map<String, Topic<?, ?>> topics = new TreeMap<>();
    private final Map<String, Integer> viaPartitions = new TreeMap<>();
    private final Map<Integer, Recovery> recoveries = new TreeMap<>();
    private Recovery recoveryOfAll;
    private boolean closed;

    public GraphBuilder(String name) {
        this.name = Names.check("application", name);
    }

    /**
     * The source node of {@code topic}; a topic read twice is one source, so that its offsets have one owner.
     */
    public Node source(Node.Kind kind, Topic<?, ?> topic, Step step, List<StoreSpec> touched) {
        sameTopic(topic);
        Node known = sources.get(topic.name());
        if (known == null) {
            Node source = add(kind, verb(kind) + "(" + topic.name() + ")", List.of(), step, topic, touched);
            sources.put(topic.name(), source);
            return source;
        }
        if ((known.kind() == Node.Kind.TABLE) != (kind == Node.Kind.TABLE)) {
            throw new Incompatible("topic '" + topic.name() + "' is read both as a stream and as a table",
                    "read it once as table(...) and use toStream() for its changes");
        }
        return known;
    }

    public Node step(String what, List<Integer> parents, Step step, List<StoreSpec> touched) {
        return add(Node.Kind.STEP, what, parents, step, null, touched);
    }

    public Node sink(Node.Kind kind, Topic<?, ?> topic, int parent) {
        return sink(kind, topic, parent, (rec, out) -> out.send(topic, rec));
    }

    /** A sink that sends in its own way. */
    public Node sink(Node.Kind kind, Topic<?, ?> topic, int parent, Step step) {
        sameTopic(topic);
        String what = (kind == Node.Kind.VIA_SINK ? "via" : "to") + "(" + topic.name() + ")";
        return add(kind, what, List.of(parent), step, topic, List.of());
    }

    /** A sink whose topic is chosen record by record. */
    public Node sink(int parent, Step step) {
        return add(Node.Kind.STEP, "to(chosen)", List.of(parent), step, null, List.of());
    }

    /** Registers a topic that every task sees all of. */
    public StoreSpec broadcast(StoreSpec spec, Topic<?, ?> topic) {
        sameTopic(topic);
        StoreSpec known = stores.putIfAbsent(spec.name(), spec);
        return known == null ? spec : known;
    }

    /** Registers a store that one step writes; a second step of the same name would write over it. */
    public StoreSpec store(StoreSpec spec) {
        StoreSpec known = stores.putIfAbsent(spec.name(), spec);
        if (known != null && !(spec.isTable() && known.equals(spec))) {
            throw new Incompatible("store '" + spec.name() + "' is written by two steps",
                    "give one of them another store name; names are persistent, so choose well");
        }
        return known == null ? spec : known;
    }

    /** Remembers how many partitions a repartition topic shall have. */
    public void viaPartitions(String topic, int partitions) {
        Integer other = viaPartitions.putIfAbsent(topic, partitions);
        if (other != null && other != partitions) {
            throw new Incompatible("via topic '" + topic + "' is asked for with " + other + " and with "
                    + partitions
                    + " partitions", "ask for one count");
        }
    }

    /** Lets a step recover from what it refuses; the last word counts. */
    public void recover(int node, Recovery how) {
        recoveries.put(node, how);
    }

    /** Lets every step recover that has no word of its own. */
    public void recoverAll(Recovery how) {
        recoveryOfAll = how;
    }

    public Graph build() {
        closed = true;
        if (sources.isEmpty()) {
            throw new Incompatible("application '" + name + "' reads no topic",
                    "begin with from(topic) or table(topic)");
        }
        List<Node> whole = new ArrayList<>();
        for (Node node : nodes) {
            Recovery how = recoveries.getOrDefault(node.id(), recoveryOfAll);
            whole.add(how == null ? node : node.recovering(how));
        }
        return new Graph(name, whole, viaPartitions);
    }

    private Node add(Node.Kind kind, String what, List<Integer> parents, Step step, Topic<?, ?> topic,
                     List<StoreSpec> touched) {
        if (closed) {
            throw new IllegalStateException(
                    "application '" + name + "' is built already; describe it inside of(...)");
        }
        Node node = new Node(nodes.size(), nodes.size() + "-" + what, kind, parents, step,
                Optional.ofNullable(topic), touched);
        nodes.add(node);
        return node;
    }

    private void sameTopic(Topic<?, ?> topic) {
        Topic<?, ?> known = topics.putIfAbsent(topic.name(), topic);
        if (known != null && !known.equals(topic)) {
            throw new Incompatible("topic '" + topic.name() + "' is described twice, with different serdes",
                    "declare the topic once as a constant and use that everywhere");
        }
    }

    private static String verb(Node.Kind kind) {
        return switch (kind) {
            case SOURCE -> "from";
            case TABLE -> "table";
            case VIA_SOURCE -> "via";
            case STEP, SINK, VIA_SINK -> throw new IllegalArgumentException(kind + " is no source");
        };
    }
}
