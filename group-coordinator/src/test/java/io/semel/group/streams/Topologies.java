package io.semel.group.streams;

import io.semel.group.streams.Topology.Copartition;
import io.semel.group.streams.Topology.InternalTopic;
import io.semel.group.streams.Topology.Setting;
import io.semel.group.streams.Topology.Subtopology;
import java.util.List;

/** Topologies as applications tell them, for tests. Stateless. */
public final class Topologies {
    private Topologies() {
    }

    /** Reads {@code lines}, counts words by a repartition topic into a store. */
    public static Topology wordCount() {
        return new Topology(0, List.of(splits(), counts()));
    }

    /** One stateless part that reads {@code topic}. */
    public static Topology plain(String topic) {
        return new Topology(0, List.of(reads("0", topic)));
    }

    static Subtopology reads(String id, String... sources) {
        return new Subtopology(id, List.of(sources), List.of(), List.of(), List.of(), List.of(), List.of());
    }

    static Subtopology splits() {
        return new Subtopology("0", List.of("lines"), List.of(), List.of(), List.of("app-words"), List.of(),
                List.of());
    }

    static Subtopology counts() {
        return new Subtopology("1", List.of(), List.of(), List.of(topic("app-counts-changelog", 0,
                new Setting("cleanup.policy", "compact"))), List.of(), List.of(topic("app-words", 0)),
                List.of());
    }

    static InternalTopic topic(String name, int partitions, Setting... settings) {
        return new InternalTopic(name, partitions, (short) 0, List.of(settings));
    }

    /** Joins a topic of others with a repartition topic. */
    static Subtopology joins(String id, String source, InternalTopic repartition) {
        return new Subtopology(id, List.of(source), List.of(), List.of(), List.of(), List.of(repartition),
                List.of(new Copartition(List.of((short) 0), List.of(), List.of((short) 0))));
    }
}
