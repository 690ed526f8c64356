package io.semel.group.streams;

import io.semel.group.streams.Topology.InternalTopic;
import io.semel.group.streams.Topology.Setting;
import io.semel.group.streams.Topology.Subtopology;
import java.util.ArrayList;
import java.util.List;

/**
 * A streams group as an administrator sees it. {@code state} is as Kafka names it. Immutable.
 *
 * @param topology null when nobody has told one; with the partitions of internal topics once they are planned
 */
public record StreamsDescribed(String groupId, String state, int epoch, int assignmentEpoch,
                               Topology topology, List<Member> members) {
    /** {@code rackId} and {@code endpoint} may be null. */
    public record Member(String memberId, int epoch, String rackId, String clientId, String clientHost,
                         int topologyEpoch, String processId, Endpoint endpoint, List<Setting> tags,
                         Share assigned, Share target) {
    }

    static Topology planned(Topology topology, TopologyPlan plan) {
        List<Subtopology> planned = new ArrayList<>();
        for (Subtopology each : topology.subtopologies()) {
            planned.add(new Subtopology(each.id(), each.sources(), each.expressions(),
                    planned(each.changelogs(), plan), each.repartitionSinks(),
                    planned(each.repartitionSources(), plan), each.alike()));
        }
        return new Topology(topology.epoch(), planned);
    }

    private static List<InternalTopic> planned(List<InternalTopic> topics, TopologyPlan plan) {
        return topics.stream().map(plan::planned).toList();
    }
}
