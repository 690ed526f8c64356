package io.semel.group.streams;

/** A task: a subtopology with one partition of each of its topics. Ordered by both. Immutable. */
public record TaskId(String subtopology, int partition) implements Comparable<TaskId> {
    @Override
    public int compareTo(TaskId other) {
        int bySubtopology = subtopology.compareTo(other.subtopology);
        return bySubtopology != 0 ? bySubtopology : Integer.compare(partition, other.partition);
    }
}
