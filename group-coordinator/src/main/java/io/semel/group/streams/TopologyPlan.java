package io.semel.group.streams;

import io.semel.group.streams.Topology.InternalTopic;
import io.semel.group.streams.Topology.Subtopology;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;

/**
 * A topology against the topics that exist: how many tasks each subtopology has, how many partitions internal
 * topics must have, which of them are missing, or why nothing can run. Immutable; made by {@link
 * TopicPlanning}.
 *
 * @param tasks      how many each subtopology has; empty when that cannot be told
 * @param partitions what each internal topic must have
 * @param missing    internal topics to be created, with their partitions
 * @param problem    what keeps the application from running, null for nothing
 */
record TopologyPlan(SortedMap<String, Integer> tasks, SortedMap<String, Integer> partitions,
                    List<InternalTopic> missing, StreamsStatus problem) {
    /** Everything is there, partitioned as it must be. */
    boolean isReady() {
        return problem == null;
    }

    /** Nothing can be planned. */
    static TopologyPlan failed(StreamsStatus problem) {
        return new TopologyPlan(new TreeMap<>(), new TreeMap<>(), List.of(), problem);
    }

    boolean has(TaskId task) {
        Integer count = tasks.get(task.subtopology());
        return count != null && task.partition() >= 0 && task.partition() < count;
    }

    /** The tasks of these subtopologies. */
    List<TaskId> tasksOf(List<Subtopology> subtopologies) {
        List<TaskId> ids = new ArrayList<>();
        for (Subtopology each : subtopologies) {
            int count = tasks.getOrDefault(each.id(), 0);
            for (int partition = 0; partition < count; partition++) ids.add(new TaskId(each.id(), partition));
        }
        return ids;
    }

    /** A topic as it is to be, once planned. */
    InternalTopic planned(InternalTopic topic) {
        return new InternalTopic(topic.name(), partitions.getOrDefault(topic.name(), topic.partitions()),
                topic.replicationFactor(), topic.configs());
    }

    /** Some names, and how many more there are. */
    static String some(SortedSet<String> names) {
        int shown = Math.min(names.size(), 3);
        String first = String.join(", ", new ArrayList<>(names).subList(0, shown));
        return names.size() == shown ? first
                : first + " and " + (names.size() - shown) + " additional topics";
    }
}
