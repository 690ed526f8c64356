package io.semel.streams.topology;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * A whole program as data: its name, its nodes, the partitions asked for its repartition topics, and the cut
 * into sub-topologies. Immutable once built by {@link GraphBuilder}; shared by all threads.
 */
public final class Graph {
    private final String name;
    private final List<Node> nodes;
    private final Map<String, Integer> viaPartitions;
    private final List<SubTopology> subTopologies;

    Graph(String name, List<Node> nodes, Map<String, Integer> viaPartitions) {
        this.name = name;
        this.nodes = List.copyOf(nodes);
        this.viaPartitions = new TreeMap<>(viaPartitions);
        this.subTopologies = cut(this.nodes);
    }

    /** The application's name: consumer group and prefix of changelogs and transactional ids. */
    public String name() {
        return name;
    }

    public List<Node> nodes() {
        return nodes;
    }

    public List<SubTopology> subTopologies() {
        return subTopologies;
    }

    /** Every topic read by a source, sorted: what the consumers subscribe to. */
    public Set<String> sourceTopics() {
        Set<String> topics = new TreeSet<>();
        subTopologies.forEach(sub -> topics.addAll(sub.sourceTopics()));
        return topics;
    }

    /** The repartition topics, sorted. */
    public Set<String> viaTopics() {
        return topicsOf(Node.Kind.VIA_SINK);
    }

    /** The topics that are the user's own and must exist before the start, sorted. */
    public Set<String> externalTopics() {
        Set<String> topics = topicsOf(Node.Kind.SOURCE);
        topics.addAll(topicsOf(Node.Kind.TABLE));
        topics.addAll(topicsOf(Node.Kind.SINK));
        topics.removeAll(viaTopics());
        topics.addAll(broadcastTopics());
        return topics;
    }

    /** The topics that every task sees all of, sorted. */
    public Set<String> broadcastTopics() {
        Set<String> topics = new TreeSet<>();
        subTopologies.forEach(sub -> sub.broadcasts().forEach(spec -> topics.add(spec.logTopic(name))));
        return topics;
    }

    /** Where records go that a step refuses, sorted. */
    public Set<String> deadLetterTopics() {
        Set<String> topics = new TreeSet<>();
        nodes.forEach(node -> node.recovery().ifPresent(how -> topics.add(how.deadLetterTopic())));
        return topics;
    }

    /** The partitions asked for a repartition topic, if the program says. */
    public OptionalInt viaPartitions(String topic) {
        Integer asked = viaPartitions.get(topic);
        return asked == null ? OptionalInt.empty() : OptionalInt.of(asked);
    }

    /** The sub-topology that reads {@code topic}; every source topic has exactly one. */
    public SubTopology readerOf(String topic) {
        for (SubTopology sub : subTopologies) {
            if (sub.sourceTopics().contains(topic)) {
                return sub;
            }
        }
        throw new IllegalArgumentException("no source reads " + topic);
    }

    private Set<String> topicsOf(Node.Kind kind) {
        Set<String> topics = new TreeSet<>();
        nodes.stream().filter(node -> node.kind() == kind).forEach(node -> topics.add(node.topicName()));
        return topics;
    }

    /** Nodes joined by an arrow or by a store belong together; a repartition topic is no arrow. */
    private static List<SubTopology> cut(List<Node> nodes) {
        int[] group = new int[nodes.size()];
        Map<String, Integer> storeOwner = new TreeMap<>();
        for (Node node : nodes) {
            group[node.id()] = node.id();
            node.parents().forEach(parent -> union(group, parent, node.id()));
            for (StoreSpec store : node.stores()) {
                if (store.isBroadcast()) {
                    continue;
                }
                Integer owner = storeOwner.putIfAbsent(store.name(), node.id());
                if (owner != null) {
                    union(group, owner, node.id());
                }
            }
        }
        Map<Integer, List<Node>> members = new TreeMap<>();
        for (Node node : nodes) {
            members.computeIfAbsent(root(group, node.id()), root -> new ArrayList<>()).add(node);
        }
        List<SubTopology> subs = new ArrayList<>();
        members.values().forEach(list -> subs.add(new SubTopology(subs.size(), list)));
        return List.copyOf(subs);
    }

    private static int root(int[] group, int id) {
        int at = id;
        while (group[at] != at) {
            at = group[at];
        }
        return at;
    }

    private static void union(int[] group, int left, int right) {
        int a = root(group, left);
        int b = root(group, right);
        group[Math.max(a, b)] = Math.min(a, b);
    }
}
