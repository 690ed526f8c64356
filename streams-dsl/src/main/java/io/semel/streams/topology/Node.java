package io.semel.streams.topology;

import io.semel.streams.Topic;
import java.util.List;
import java.util.Optional;

/**
 * One box of the picture. {@code topic} is what a source reads or a sink writes; {@code stores} is what the
 * step may touch; {@code recovery} is what becomes of a record that it refuses. An immutable value; ids are
 * given in the order of building, parents before children.
 */
public record Node(int id, String name, Kind kind, List<Integer> parents, Step step,
                   Optional<Topic<?, ?>> topic, List<StoreSpec> stores, Optional<Recovery> recovery) {

    /** What a node is for: sources have a topic and no parent, sinks a topic and no child. */
    public enum Kind {
        SOURCE, TABLE, VIA_SOURCE, STEP, SINK, VIA_SINK;

        public boolean isSource() {
            return switch (this) {
                case SOURCE, TABLE, VIA_SOURCE -> true;
                case STEP, SINK, VIA_SINK -> false;
            };
        }
    }

    public Node(int id, String name, Kind kind, List<Integer> parents, Step step,
                Optional<Topic<?, ?>> topic, List<StoreSpec> stores) {
        this(id, name, kind, parents, step, topic, stores, Optional.empty());
    }

    public Node {
        parents = List.copyOf(parents);
        stores = List.copyOf(stores);
    }

    /** The same node, which recovers from what its step refuses. */
    public Node recovering(Recovery how) {
        return new Node(id, name, kind, parents, step, topic, stores, Optional.of(how));
    }

    /** The name of the topic of a source or sink. */
    public String topicName() {
        return topic.orElseThrow(() -> new IllegalStateException(name + " has no topic")).name();
    }
}
