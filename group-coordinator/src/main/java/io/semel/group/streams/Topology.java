package io.semel.group.streams;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The topology of an application as its first member told it, by subtopology. Equal by content. Immutable.
 *
 * @param epoch 0 for the first; rises when an application changes what it runs
 */
public record Topology(int epoch, List<Subtopology> subtopologies) {
    /**
     * A part of it whose topics are partitioned alike.
     *
     * @param sources            topics of others that it reads
     * @param expressions        regular expressions over names of such topics; none is taken (as in Kafka
     *                           4.3)
     * @param changelogs         where its stores' changes go
     * @param repartitionSinks   internal topics that it writes for another part
     * @param repartitionSources internal topics that it reads
     * @param alike              those of its topics that must have the same number of partitions
     */
    public record Subtopology(String id, List<String> sources, List<String> expressions,
                              List<InternalTopic> changelogs, List<String> repartitionSinks,
                              List<InternalTopic> repartitionSources, List<Copartition> alike) {
        /** All topics that it reads. */
        public List<String> read() {
            List<String> all = new ArrayList<>(sources);
            for (InternalTopic topic : repartitionSources) all.add(topic.name());
            return all;
        }

        boolean isStateful() {
            return !changelogs.isEmpty();
        }
    }

    /**
     * A topic that the broker creates when it is missing.
     *
     * @param partitions        0 when others decide
     * @param replicationFactor 0 for the default
     */
    public record InternalTopic(String name, int partitions, short replicationFactor, List<Setting> configs) {
    }

    /** A topic's setting, or a member's tag. */
    public record Setting(String key, String value) {
    }

    /** Topics of a subtopology that are partitioned alike, by their places in its lists. */
    public record Copartition(List<Short> sources, List<Short> expressions, List<Short> repartitionSources) {
    }

    public Topology {
        List<Subtopology> inOrder = new ArrayList<>(subtopologies);
        inOrder.sort(Comparator.comparing(Subtopology::id));
        subtopologies = List.copyOf(inOrder);
    }

    /** All that must be there for it to run. */
    SortedSet<String> requiredTopics() {
        SortedSet<String> names = new TreeSet<>();
        for (Subtopology each : subtopologies) {
            names.addAll(each.read());
            for (InternalTopic topic : each.changelogs()) names.add(topic.name());
        }
        return names;
    }

    /** Which subtopology reads a topic. */
    SortedMap<String, String> readers() {
        SortedMap<String, String> readers = new TreeMap<>();
        for (Subtopology each : subtopologies) for (String topic : each.read()) readers.put(topic, each.id());
        return readers;
    }
}
