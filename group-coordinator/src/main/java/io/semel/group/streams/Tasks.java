package io.semel.group.streams;

import java.util.Collection;
import java.util.Collections;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;

/** A set of tasks, in order. Equal by content. Immutable. */
public record Tasks(SortedSet<TaskId> ids) {
    public static final Tasks NONE = new Tasks(new TreeSet<>());

    public Tasks {
        ids = Collections.unmodifiableSortedSet(new TreeSet<>(ids));
    }

    public static Tasks of(Collection<TaskId> ids) {
        return ids.isEmpty() ? NONE : new Tasks(new TreeSet<>(ids));
    }

    public boolean isEmpty() {
        return ids.isEmpty();
    }

    public boolean has(TaskId task) {
        return ids.contains(task);
    }

    public Tasks only(Predicate<TaskId> test) {
        return of(ids.stream().filter(test).toList());
    }

    public Tasks plus(Tasks other) {
        if (other.isEmpty()) return this;
        SortedSet<TaskId> both = new TreeSet<>(ids);
        both.addAll(other.ids);
        return new Tasks(both);
    }

    /** The partitions of each subtopology that has some, in order: as messages and records have them. */
    public SortedMap<String, SortedSet<Integer>> bySubtopology() {
        SortedMap<String, SortedSet<Integer>> partitions = new TreeMap<>();
        for (TaskId id : ids) {
            partitions.computeIfAbsent(id.subtopology(), each -> new TreeSet<>()).add(id.partition());
        }
        return partitions;
    }
}
