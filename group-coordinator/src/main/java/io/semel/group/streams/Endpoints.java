package io.semel.group.streams;

import io.semel.group.assign.TopicFacts;
import io.semel.group.assign.TopicView;
import io.semel.group.base.Digest;
import io.semel.group.streams.StreamsAnswer.EndpointTopics;
import io.semel.group.streams.Topology.Subtopology;
import java.util.List;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Which process can be asked for which partitions (interactive queries). Its epoch is a hash of what it says,
 * so that nothing is kept of it: a member that knows another state is told this one. Immutable.
 */
record Endpoints(List<EndpointTopics> all) {
    /** The epoch of a group without endpoints; others never have it. */
    private static final int NONE = 0;

    /** @param next what the member that asks is about to have */
    static Endpoints of(StreamsGroup group, StreamsMember told, TaskStanding next, Topology topology,
            TopologyPlan plan, TopicView topics) {
        SortedMap<String, EndpointTopics> all = new TreeMap<>();
        for (StreamsMember member : group.members().values()) {
            boolean other = member.endpoint() != null && !member.memberId().equals(told.memberId());
            if (!other) continue;
            Share assigned = plan.isReady() ? group.standing(member.memberId()).assigned() : Share.NONE;
            all.put(member.memberId(), of(member.endpoint(), assigned, topology, topics));
        }
        if (told.endpoint() != null) {
            Share assigned = plan.isReady() ? next.assigned() : Share.NONE;
            all.put(told.memberId(), of(told.endpoint(), assigned, topology, topics));
        }
        return new Endpoints(List.copyOf(all.values()));
    }

    private static EndpointTopics of(Endpoint endpoint, Share assigned, Topology topology,
            TopicView topics) {
        return new EndpointTopics(endpoint, partitions(assigned.active(), topology, topics),
                partitions(assigned.standby(), topology, topics));
    }

    private static SortedMap<String, SortedSet<Integer>> partitions(Tasks tasks, Topology topology,
            TopicView topics) {
        SortedMap<String, SortedSet<Integer>> byTopic = new TreeMap<>();
        SortedMap<String, SortedSet<Integer>> bySubtopology = tasks.bySubtopology();
        for (Subtopology each : topology.subtopologies()) {
            SortedSet<Integer> partitions = bySubtopology.get(each.id());
            if (partitions == null) continue;
            for (String topic : each.read()) {
                TopicFacts facts = topics.named(topic);
                if (facts == null) continue;
                byTopic.put(topic, new TreeSet<>(partitions.headSet(facts.partitions())));
            }
        }
        return byTopic;
    }

    int epoch() {
        return all.isEmpty() ? NONE : 1 + (int) (new Digest().add(all.toString()).value() >>> 34);
    }
}
