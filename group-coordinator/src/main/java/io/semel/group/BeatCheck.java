package io.semel.group;

import io.semel.group.GroupCommand.ConsumerBeat;

/** Whether a heartbeat of the consumer protocol is well formed. Stateless. */
final class BeatCheck {
    private BeatCheck() {
    }

    /** What is wrong with it, null for nothing. */
    static String wrong(ConsumerBeat beat) {
        if (beat.groupId() == null || beat.groupId().isEmpty()) return "GroupId can't be empty.";
        if (beat.memberId().isEmpty()) return "MemberId can't be empty.";
        if (beat.instanceId() != null && beat.instanceId().isEmpty()) return "InstanceId can't be empty.";
        if (beat.rackId() != null && beat.rackId().isEmpty()) return "RackId can't be empty.";
        if (beat.epoch() < Standing.LEFT_FOR_NOW) return "MemberEpoch is invalid.";
        if (beat.epoch() == Standing.LEFT_FOR_NOW && beat.instanceId() == null) {
            return "InstanceId can't be null.";
        }
        return beat.epoch() == 0 ? wrongInFirst(beat) : null;
    }

    private static String wrongInFirst(ConsumerBeat beat) {
        if (beat.rebalanceTimeoutMs() < 0) return "RebalanceTimeoutMs must be provided in first request.";
        if (beat.owned() == null || !beat.owned().isEmpty()) {
            return "TopicPartitions must be empty when (re-)joining.";
        }
        boolean subscribes = beat.topicNames() != null
                || beat.expression() != null && !beat.expression().isEmpty();
        return subscribes ? null
                : "Either SubscribedTopicNames or SubscribedTopicRegex must be set in first request.";
    }
}
