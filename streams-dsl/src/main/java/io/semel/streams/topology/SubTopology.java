package io.semel.streams.topology;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * The nodes between two repartition topics: what one task runs for one partition number. An immutable value,
 * numbered in the order of its first node.
 */
public record SubTopology(int index, List<Node> nodes) {
    public SubTopology {
        nodes = List.copyOf(nodes);
    }

    /** The topics it reads, sorted; a task owns the same partition number of each. */
    public Set<String> sourceTopics() {
        Set<String> topics = new TreeSet<>();
        nodes.stream().filter(node -> node.kind().isSource()).forEach(node -> topics.add(node.topicName()));
        return topics;
    }

    /** The sources that are tables, sorted. */
    public Set<String> tableTopics() {
        Set<String> topics = new TreeSet<>();
        nodes.stream().filter(node -> node.kind() == Node.Kind.TABLE)
                .forEach(node -> topics.add(node.topicName()));
        return topics;
    }

    /** The repartition topics it writes, sorted. */
    public Set<String> viaTopicsOut() {
        Set<String> topics = new TreeSet<>();
        nodes.stream().filter(node -> node.kind() == Node.Kind.VIA_SINK)
                .forEach(node -> topics.add(node.topicName()));
        return topics;
    }

    /** The stores of its tasks, each once, in the order of building. */
    public List<StoreSpec> stores() {
        return touched(false);
    }

    /** The stores its tasks look into that belong to no task, in the order of building. */
    public List<StoreSpec> broadcasts() {
        return touched(true);
    }

    private List<StoreSpec> touched(boolean broadcast) {
        List<StoreSpec> stores = new ArrayList<>();
        for (Node node : nodes) {
            for (StoreSpec store : node.stores()) {
                if (store.isBroadcast() == broadcast && !stores.contains(store)) {
                    stores.add(store);
                }
            }
        }
        return stores;
    }

    /**
     * Whether its sources must have equal partition counts: whatever meets in a store must meet in a task.
     */
    public boolean needsCoPartitioning() {
        return !stores().isEmpty() && sourceTopics().size() > 1;
    }
}
