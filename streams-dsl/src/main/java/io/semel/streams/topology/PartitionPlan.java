package io.semel.streams.topology;

import io.semel.streams.StreamsError.Incompatible;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * How many partitions every topic of a graph has or shall have, worked out from those that exist; what types
 * cannot check is checked here, once, at start. Pure and immutable; {@link #of} throws {@link Incompatible}
 * naming the topics, their counts and the fix.
 */
public final class PartitionPlan {
    private final SortedMap<String, Integer> counts;
    private final List<Missing> missing;

    private PartitionPlan(SortedMap<String, Integer> counts, List<Missing> missing) {
        this.counts = counts;
        this.missing = List.copyOf(missing);
    }

    /** An internal topic that has to be created. */
    public record Missing(String topic, int partitions, boolean compacted) {
    }

    /** Plans for {@code graph} over the topics that {@code existing} names with their partition counts. */
    public static PartitionPlan of(Graph graph, Map<String, Integer> existing) {
        SortedMap<String, Integer> counts = new TreeMap<>(existing);
        requireExternal(graph, existing);
        List<Missing> missing = new ArrayList<>();
        placeVias(graph, counts);
        for (String via : graph.viaTopics()) {
            if (!existing.containsKey(via)) {
                missing.add(new Missing(via, counts.get(via), false));
            }
        }
        for (String letters : graph.deadLetterTopics()) {
            if (counts.putIfAbsent(letters, 1) == null) {
                missing.add(new Missing(letters, 1, false));
            }
        }
        for (SubTopology sub : graph.subTopologies()) {
            requireCoPartitioned(sub, counts, graph.viaTopics());
            placeChangelogs(graph, sub, counts, missing);
        }
        return new PartitionPlan(counts, missing);
    }

    /** Every topic a plan needs to know about, for asking the cluster. */
    public static Set<String> topicsOf(Graph graph) {
        Set<String> topics = new TreeSet<>(graph.externalTopics());
        topics.addAll(graph.viaTopics());
        topics.addAll(graph.deadLetterTopics());
        graph.subTopologies().forEach(sub -> sub.stores()
                .forEach(store -> topics.add(store.logTopic(graph.name()))));
        return topics;
    }

    /** The internal topics to create, repartition topics first. */
    public List<Missing> missing() {
        return missing;
    }

    /** The partition count of {@code topic}. */
    public int count(String topic) {
        Integer count = counts.get(topic);
        if (count == null) {
            throw new IllegalArgumentException("topic " + topic + " is not in the plan");
        }
        return count;
    }

    /** How many tasks {@code sub} has: its widest source. */
    public int tasks(SubTopology sub) {
        return widest(sub, counts);
    }

    private static void requireExternal(Graph graph, Map<String, Integer> existing) {
        List<String> absent = graph.externalTopics().stream().filter(topic -> !existing.containsKey(topic))
                .toList();
        if (!absent.isEmpty()) {
            throw new Incompatible("application '" + graph.name() + "' uses topics that do not exist: "
                    + String.join(", ", absent),
                    "create them with the number of partitions you want, then start again;"
                    + " only via topics and changelogs are created by the application");
        }
    }

    /**
     * A repartition topic takes the count of what it meets, else of the source it comes from; goes down
     * chains.
     */
    private static void placeVias(Graph graph, SortedMap<String, Integer> counts) {
        List<String> open = new ArrayList<>(graph.viaTopics());
        open.removeAll(counts.keySet());
        for (String via : List.copyOf(open)) {
            graph.viaPartitions(via).ifPresent(asked -> {
                counts.put(via, asked);
                open.remove(via);
            });
        }
        for (int round = 0; !open.isEmpty() && round <= graph.viaTopics().size(); round++) {
            open.removeIf(via -> place(graph, via, counts));
        }
        if (!open.isEmpty()) {
            throw new Incompatible("via topics feed each other in a circle: " + String.join(", ", open),
                    "say how many partitions one of them shall have: via(topic).partitions(n)");
        }
    }

    private static boolean place(Graph graph, String via, SortedMap<String, Integer> counts) {
        SubTopology reader = graph.readerOf(via);
        int count = 0;
        if (reader.needsCoPartitioning()) {
            count = reader.sourceTopics().stream().filter(topic -> !graph.viaTopics().contains(topic))
                    .mapToInt(counts::get).max().orElse(0);
        }
        if (count == 0) {
            for (SubTopology sub : graph.subTopologies()) {
                if (sub.viaTopicsOut().contains(via)) {
                    count = Math.max(count, widest(sub, counts));
                }
            }
        }
        if (count > 0) {
            counts.put(via, count);
        }
        return count > 0;
    }

    private static int widest(SubTopology sub, Map<String, Integer> counts) {
        return sub.sourceTopics().stream().mapToInt(topic -> counts.getOrDefault(topic, 0)).max().orElse(0);
    }

    private static void requireCoPartitioned(SubTopology sub, Map<String, Integer> counts, Set<String> vias) {
        if (!sub.needsCoPartitioning()) {
            return;
        }
        String first = null;
        for (String topic : sub.sourceTopics()) {
            if (first == null) {
                first = topic;
            } else if (!counts.get(topic).equals(counts.get(first))) {
                throw new Incompatible("topics '" + first + "' (" + counts.get(first) + " partitions) and '"
                        + topic
                        + "' (" + counts.get(topic) + " partitions) meet in a join or store of sub-topology "
                        + sub.index() + ", where keys meet only if the counts are equal",
                        vias.contains(first) || vias.contains(topic)
                                ? "delete the via topic when it is drained and let the application create it"
                                + " anew, or recreate the other topic with the same count"
                                : "recreate one of them with the count of the other, or send one through"
                                + " rekey(key, via(topic)), which is created with the right count");
            }
        }
    }

    private static void placeChangelogs(Graph graph, SubTopology sub, SortedMap<String, Integer> counts,
                                        List<Missing> missing) {
        int tasks = widest(sub, counts);
        for (StoreSpec store : sub.stores()) {
            String log = store.logTopic(graph.name());
            Integer count = counts.putIfAbsent(log, tasks);
            if (count == null) {
                missing.add(new Missing(log, tasks, true));
            } else if (!store.isTable() && count != tasks) {
                throw new Incompatible("changelog '" + log + "' (" + count + " partitions) of store '"
                        + store.name()
                        + "' does not fit its source '" + String.join(", ", sub.sourceTopics()) + "' ("
                        + tasks
                        + " partitions)",
                        "the source was widened or the store reused: give the store a new name and"
                        + " rebuild it from the source, or restore the source's old partition count");
            }
        }
    }
}
