package io.semel.group.streams;

import io.semel.group.streams.Topology.Setting;
import java.util.List;
import java.util.Objects;

/**
 * What a member told of itself, as the journal keeps it. Equal by content. Immutable.
 *
 * @param instanceId         null: static members are refused, as Kafka 4.3 does; kept for records of others
 * @param rackId             null when not told
 * @param rebalanceTimeoutMs how long it may take to give up tasks
 * @param topologyEpoch      of the topology it runs
 * @param processId          members of one process share its state directory
 * @param endpoint           where its process answers interactive queries; null when it does not
 */
record StreamsMember(String memberId, String instanceId, String rackId, String clientId, String clientHost,
                     int rebalanceTimeoutMs, int topologyEpoch, String processId, Endpoint endpoint,
                     List<Setting> tags) {
    /** A member of whom nothing is known yet. */
    static StreamsMember blank(String memberId) {
        return new StreamsMember(memberId, null, null, "", "", -1, 0, "", null, List.of());
    }

    /** With what a heartbeat tells; what it leaves out stays. */
    StreamsMember told(StreamsBeat beat) {
        return new StreamsMember(memberId, instanceId, beat.rackId() == null ? rackId : beat.rackId(),
                beat.clientId(), beat.clientHost(),
                beat.rebalanceTimeoutMs() < 0 ? rebalanceTimeoutMs : beat.rebalanceTimeoutMs(),
                beat.topology() == null ? topologyEpoch : beat.topology().epoch(),
                Objects.requireNonNullElse(beat.processId(), processId),
                beat.endpoint() == null ? endpoint : beat.endpoint(),
                Objects.requireNonNullElse(beat.tags(), tags));
    }
}
