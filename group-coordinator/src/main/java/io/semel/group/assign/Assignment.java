package io.semel.group.assign;

import java.util.Collections;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;

/**
 * A set of partitions, by topic id; no topic is there without one. Equal by content. Immutable.
 */
public record Assignment(SortedMap<UUID, SortedSet<Integer>> partitions) {
    public static final Assignment NONE = new Assignment(new TreeMap<>());

    public Assignment {
        SortedMap<UUID, SortedSet<Integer>> copy = new TreeMap<>();
        partitions.forEach((topicId, ofTopic) -> {
            if (!ofTopic.isEmpty()) {
                copy.put(topicId, Collections.unmodifiableSortedSet(new TreeSet<>(ofTopic)));
            }
        });
        partitions = Collections.unmodifiableSortedMap(copy);
    }

    /** Builds one, a partition at a time. Owned by whoever makes it. */
    public static final class Draft {
        private final SortedMap<UUID, SortedSet<Integer>> partitions = new TreeMap<>();

        public Draft add(UUID topicId, int partition) {
            partitions.computeIfAbsent(topicId, id -> new TreeSet<>()).add(partition);
            return this;
        }

        public Draft addAll(Assignment other) {
            other.forEach(this::add);
            return this;
        }

        public Assignment done() {
            return partitions.isEmpty() ? NONE : new Assignment(partitions);
        }
    }

    /** Takes one partition. */
    public interface Each {
        void accept(UUID topicId, int partition);
    }

    /** Asks about one partition. */
    public interface Test {
        boolean test(UUID topicId, int partition);
    }

    public boolean isEmpty() {
        return partitions.isEmpty();
    }

    public int size() {
        int size = 0;
        for (SortedSet<Integer> ofTopic : partitions.values()) size += ofTopic.size();
        return size;
    }

    public boolean has(UUID topicId, int partition) {
        SortedSet<Integer> ofTopic = partitions.get(topicId);
        return ofTopic != null && ofTopic.contains(partition);
    }

    public boolean hasAll(Assignment other) {
        return other.only((topicId, partition) -> !has(topicId, partition)).isEmpty();
    }

    /** True when they have no partition in common. */
    public boolean isApartFrom(Assignment other) {
        return only(other::has).isEmpty();
    }

    /** Those of which it is true. */
    public Assignment only(Test test) {
        Draft draft = new Draft();
        forEach((topicId, partition) -> {
            if (test.test(topicId, partition)) draft.add(topicId, partition);
        });
        return draft.done();
    }

    public Assignment and(Assignment other) {
        return only(other::has);
    }

    public Assignment without(Assignment other) {
        return other.isEmpty() ? this : only((topicId, partition) -> !other.has(topicId, partition));
    }

    public Assignment plus(Assignment other) {
        return other.isEmpty() ? this : new Draft().addAll(this).addAll(other).done();
    }

    /** By topic id, then partition. */
    public void forEach(Each each) {
        partitions.forEach((topicId, ofTopic) ->
                ofTopic.forEach(partition -> each.accept(topicId, partition)));
    }
}
