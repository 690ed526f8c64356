package io.semel.group;

import io.semel.group.assign.Assignment;
import io.semel.group.streams.StreamsAnswer;
import io.semel.group.streams.StreamsDescribed;
import io.semel.wire.error.ErrorCode;
import io.semel.wire.topic.TopicPartition;
import java.util.List;
import java.util.SortedSet;
import java.util.UUID;

/**
 * What an asker of the room of groups gets. Every command may also be answered {@link Rejected}. Immutable.
 */
public sealed interface GroupReply {
    /** Refused as a whole; any command. */
    record Rejected(ErrorCode error) implements GroupReply {
    }

    /** Refused, and why. To a heartbeat or a describe of the consumer or the streams protocol. */
    record Refused(ErrorCode error, String message) implements GroupReply {
    }

    /**
     * To a heartbeat of the consumer protocol.
     *
     * @param heartbeatIntervalMs 0 to one who leaves
     * @param assigned            what the member may have; null when it is the same as before
     */
    record Reconciled(String memberId, int epoch, int heartbeatIntervalMs,
                      Assignment assigned) implements GroupReply {
    }

    /** To a heartbeat of the streams protocol. */
    record StreamsReconciled(StreamsAnswer answer) implements GroupReply {
    }

    /** To a describe of a streams group. */
    record StreamsShown(StreamsDescribed group) implements GroupReply {
    }

    /** To a describe of a group of the consumer protocol. {@code state} is as Kafka names it. */
    record ConsumersDescribed(String groupId, String state, int epoch, int assignmentEpoch, String assignor,
                              List<DescribedConsumer> members) implements GroupReply {
    }

    /**
     * A member of such a group. {@code instanceId}, {@code rackId} and {@code expression} are null when not
     * told; {@code classic} says which protocol it speaks.
     */
    record DescribedConsumer(String memberId, String instanceId, String rackId, int epoch, String clientId,
                             String clientHost, SortedSet<String> topicNames, String expression,
                             Assignment assigned, Assignment target, boolean classic) {
    }

    /** To a join: MEMBER_ID_REQUIRED, join again under this id. */
    record MemberIdRequired(String memberId) implements GroupReply {
    }

    /**
     * To a join.
     *
     * @param skipAssignment true for a leader that came back under another id: no new assignment is asked of
     *                       it (KIP-814)
     * @param members        for the leader only, else empty
     */
    record Joined(String memberId, int generation, String protocolType, String protocolName, String leaderId,
                  boolean skipAssignment, List<JoinedMember> members) implements GroupReply {
    }

    /** A member as the leader sees it. {@code groupInstanceId} may be null. */
    record JoinedMember(String memberId, String groupInstanceId, byte[] metadata) {
    }

    /** To a sync. */
    record Synced(String protocolType, String protocolName, byte[] assignment) implements GroupReply {
    }

    /** To a heartbeat, errors included. */
    record Beat(ErrorCode error) implements GroupReply {
    }

    /** To a leave, in the order asked. */
    record Left(List<LeftMember> members) implements GroupReply {
    }

    /** One who wanted to leave, named as asked. */
    record LeftMember(String memberId, String groupInstanceId, ErrorCode error) {
    }

    /**
     * To a commit, plain or in a transaction, in the order asked; a refusal of the whole group stands at
     * every partition.
     */
    record Committed(List<PartitionResult> partitions) implements GroupReply {
    }

    /** A partition and what became of it. */
    record PartitionResult(TopicPartition partition, ErrorCode error) {
    }

    /** To an offset fetch, in the order asked, or by topic and partition when all were asked for. */
    record Fetched(ErrorCode error, List<FetchedOffset> partitions) implements GroupReply {
    }

    /**
     * Offset and leader epoch are -1 and the metadata is empty when there is none. {@code topicId} may be
     * null.
     */
    record FetchedOffset(TopicPartition partition, long offset, int leaderEpoch, String metadata,
                         UUID topicId, ErrorCode error) {
    }

    /**
     * To a describe. A group that is not there is {@code Dead} with GROUP_ID_NOT_FOUND (before version 6:
     * Dead without an error).
     *
     * @param state        as Kafka names it
     * @param protocolType empty for none; {@code protocolName} too
     */
    record Described(ErrorCode error, String groupId, String state, String protocolType, String protocolName,
                     List<DescribedMember> members) implements GroupReply {
    }

    /**
     * A member as an administrator sees it; without metadata unless the group is stable. {@code
     * groupInstanceId} may be null.
     */
    record DescribedMember(String memberId, String groupInstanceId, String clientId, String clientHost,
                           byte[] metadata, byte[] assignment) {
    }

    /** To a list: all groups, by id. */
    record Listed(List<ListedGroup> groups) implements GroupReply {
    }

    /** {@code type} is Kafka's group type: {@code Classic}, {@code Consumer} or {@code Streams}. */
    record ListedGroup(String groupId, String protocolType, String state, String type) {
    }

    /** To a deletion of a group or of a topic's offsets. */
    record Deleted(ErrorCode error) implements GroupReply {
    }

    /** To a deletion of offsets: an error for the group, or one per partition in the order asked. */
    record OffsetsDeleted(ErrorCode error, List<PartitionResult> partitions) implements GroupReply {
    }

    /** To a tick; nobody reads it. */
    record Ticked() implements GroupReply {
    }
}
