package io.semel.group.streams;

import io.semel.group.streams.Topology.Copartition;
import io.semel.group.streams.Topology.InternalTopic;
import io.semel.group.streams.Topology.Subtopology;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * Whether a heartbeat is well formed, and asks for nothing that is not built (here or in Kafka). Stateless.
 */
final class BeatCheck {
    /** I14: deciding over partitions looks at each of them for each that feeds another. */
    private static final int SUBTOPOLOGIES_MAX = 1_000;

    private BeatCheck() {
    }

    /** What is wrong with it (INVALID_REQUEST), null for nothing. */
    static String wrong(StreamsBeat beat) {
        if (beat.instanceId() != null) return "Static membership is not yet supported.";
        if (beat.offsetsTold()) return "TaskOffsets are not supported yet.";
        if (beat.owned() != null && !beat.owned().warmup().isEmpty()) {
            return "WarmupTasks are not supported yet.";
        }
        if (beat.memberId().isEmpty()) return "MemberId can't be empty.";
        if (beat.groupId().isEmpty()) return "GroupId can't be empty.";
        if (beat.rackId() != null && beat.rackId().isEmpty()) return "RackId can't be empty.";
        if (beat.epoch() == StreamsBeat.LEAVES_FOR_NOW) return "InstanceId can't be null.";
        if (beat.epoch() < StreamsBeat.LEAVES_FOR_NOW) {
            return "MemberEpoch is " + beat.epoch() + ", but must be greater than or equal to -2.";
        }
        if (beat.partlyOwned()) return "If one task-type is non-null, all must be non-null.";
        if (beat.epoch() == StreamsBeat.JOINS) return wrongInFirst(beat);
        return beat.topology() == null ? null : "Topology can only be provided when (re-)joining.";
    }

    private static String wrongInFirst(StreamsBeat beat) {
        if (beat.rebalanceTimeoutMs() < 0) return "RebalanceTimeoutMs must be provided in first request.";
        if (beat.owned() != null && !beat.owned().isEmpty()) {
            return "ActiveTasks and StandbyTasks must be empty when (re-)joining.";
        }
        if (beat.topology() == null) return "Topology must be non-null when (re-)joining.";
        for (Subtopology each : beat.topology().subtopologies()) {
            if (!each.expressions().isEmpty()) {
                return "Regular expressions for source topics are not supported yet.";
            }
        }
        return null;
    }

    /** What is wrong with a topology (STREAMS_INVALID_TOPOLOGY), null for nothing. */
    static String wrong(Topology topology) {
        if (topology.epoch() < 0) return "Topology epoch must be non-negative.";
        if (topology.subtopologies().size() > SUBTOPOLOGIES_MAX) {
            return "A topology has at most " + SUBTOPOLOGIES_MAX + " subtopologies here.";
        }
        Set<String> ids = new TreeSet<>();
        for (Subtopology each : topology.subtopologies()) {
            if (!ids.add(each.id())) return "Subtopology " + each.id() + " is there twice.";
            if (each.read().isEmpty()) return "No source topics found for subtopology " + each.id() + ".";
            for (InternalTopic changelog : each.changelogs()) {
                if (changelog.partitions() != 0) {
                    return "Changelog topic " + changelog.name() + " must have an undefined partition count,"
                            + " but it is set to " + changelog.partitions() + ".";
                }
            }
            for (InternalTopic topic : each.repartitionSources()) {
                if (topic.partitions() < 0) return "Topic " + topic.name() + " has no partition count.";
            }
            for (Copartition alike : each.alike()) {
                boolean inPlace = areIn(alike.sources(), each.sources().size())
                        && areIn(alike.repartitionSources(), each.repartitionSources().size());
                if (!inPlace) {
                    return "Subtopology " + each.id() + " has no such topics to be partitioned alike.";
                }
            }
        }
        return null;
    }

    private static boolean areIn(List<Short> places, int count) {
        for (short place : places) if (place < 0 || place >= count) return false;
        return true;
    }
}
