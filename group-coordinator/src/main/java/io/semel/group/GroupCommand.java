package io.semel.group;

import io.semel.group.assign.Assignment;
import io.semel.group.assign.TopicView;
import io.semel.group.streams.StreamsBeat;
import io.semel.kernel.law.Decision;
import io.semel.wire.topic.TopicPartition;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.UUID;

/**
 * What can be asked of the room of groups. A sealed command dispatches itself, so that a forgotten one does
 * not compile. Immutable.
 */
public sealed interface GroupCommand {
    /** What it leads to; called by {@link GroupShard}. */
    Decision<GroupEvent, GroupReply> askOf(GroupRules rules, long nowMs);

    /**
     * JoinGroup (11). Parks until the next generation forms.
     *
     * @param memberId               empty for a member that has no id yet
     * @param candidateMemberId      drawn by the asker; the id it gets when {@code memberId} is empty
     * @param groupInstanceId        null for a dynamic member (KIP-345)
     * @param rebalanceTimeoutMs     negative for as long as the session (version 0)
     * @param memberIdRequired       true for version 4 and later: a dynamic member without an id is sent back
     *                               with the candidate (KIP-394)
     * @param skipAssignmentSupported true for version 9 and later (KIP-814)
     * @param topics                 the topics that exist
     * @param ticket                 drawn by the asker, another one for every request: how a join that is
     *                               decided again is told from a second one by the same member
     */
    record Join(String groupId, String memberId, String candidateMemberId, String groupInstanceId,
                String clientId, String clientHost, int sessionTimeoutMs, int rebalanceTimeoutMs,
                String protocolType, List<Protocol> protocols, boolean memberIdRequired,
                boolean skipAssignmentSupported, TopicView topics, long ticket) implements GroupCommand {
        @Override
        public Decision<GroupEvent, GroupReply> askOf(GroupRules rules, long nowMs) {
            return rules.join(this, nowMs);
        }
    }

    /**
     * SyncGroup (14). A follower parks until the leader's assignment is there.
     *
     * @param protocolType null when not told (before version 5); so is {@code protocolName}
     * @param assignments  by member id, from the leader only; in an order that is the same in every run
     * @param topics       the topics that exist
     */
    record Sync(String groupId, int generation, String memberId, String groupInstanceId, String protocolType,
                String protocolName, Map<String, byte[]> assignments,
                TopicView topics) implements GroupCommand {
        @Override
        public Decision<GroupEvent, GroupReply> askOf(GroupRules rules, long nowMs) {
            return rules.sync(this, nowMs);
        }
    }

    /** Heartbeat (12). */
    record Heartbeat(String groupId, int generation, String memberId,
                     String groupInstanceId) implements GroupCommand {
        @Override
        public Decision<GroupEvent, GroupReply> askOf(GroupRules rules, long nowMs) {
            return rules.heartbeat(this, nowMs);
        }
    }

    /** LeaveGroup (13), in its form for many members. */
    record Leave(String groupId, List<LeavingMember> members) implements GroupCommand {
        @Override
        public Decision<GroupEvent, GroupReply> askOf(GroupRules rules, long nowMs) {
            return rules.leave(this, nowMs);
        }
    }

    /**
     * Who leaves: by member id, or by instance id when {@code memberId} is empty. {@code reason} may be null
     * (KIP-800).
     */
    record LeavingMember(String memberId, String groupInstanceId, String reason) {
    }

    /**
     * ConsumerGroupHeartbeat (68): joins, reconciles and leaves (KIP-848).
     *
     * @param memberId           drawn by the asker for a member that has none yet (version 0)
     * @param epoch              0 joins, -1 leaves, -2 leaves for now (static members)
     * @param rebalanceTimeoutMs -1 when not told; what is null here was not told either
     * @param expression         a regular expression, checked by the asker; empty takes the one before away
     * @param owned              what the member has
     * @param topics             the topics that exist
     */
    record ConsumerBeat(String groupId, String memberId, int epoch, String instanceId, String rackId,
                        int rebalanceTimeoutMs, SortedSet<String> topicNames, String expression,
                        String assignor, Assignment owned, String clientId, String clientHost,
                        TopicView topics) implements GroupCommand {
        @Override
        public Decision<GroupEvent, GroupReply> askOf(GroupRules rules, long nowMs) {
            return rules.consumers().beat(this, nowMs);
        }
    }

    /** ConsumerGroupDescribe (69) for one group. */
    record DescribeConsumers(String groupId) implements GroupCommand {
        @Override
        public Decision<GroupEvent, GroupReply> askOf(GroupRules rules, long nowMs) {
            return rules.consumers().describe(this);
        }
    }

    /** StreamsGroupHeartbeat (88): joins, reconciles and leaves (KIP-1071). */
    record BeatStreams(StreamsBeat beat) implements GroupCommand {
        @Override
        public Decision<GroupEvent, GroupReply> askOf(GroupRules rules, long nowMs) {
            return rules.streams().beat(beat, nowMs);
        }
    }

    /** StreamsGroupDescribe (89) for one group. */
    record DescribeStreams(String groupId, TopicView topics) implements GroupCommand {
        @Override
        public Decision<GroupEvent, GroupReply> askOf(GroupRules rules, long nowMs) {
            return rules.streams().describe(groupId, topics);
        }
    }

    /**
     * OffsetCommit (8), or TxnOffsetCommit (28) when {@code producerId} is not -1. The asker has the
     * producer's epoch judged by the partition's ledger first; this room fences by member and generation only
     * (KIP-447).
     *
     * @param memberId   empty with generation -1 for a commit by nobody in particular (an administrator, a
     *                   simple consumer)
     * @param producerId -1 for a plain commit
     */
    record CommitOffsets(String groupId, String memberId, int generation, String groupInstanceId,
                         List<OffsetToCommit> offsets,
                         long producerId, short producerEpoch) implements GroupCommand {
        @Override
        public Decision<GroupEvent, GroupReply> askOf(GroupRules rules, long nowMs) {
            return rules.offsets().commit(this, nowMs);
        }

        boolean transactional() {
            return producerId >= 0;
        }
    }

    /** {@code metadata} and {@code topicId} may be null; {@code leaderEpoch} is -1 when not told. */
    record OffsetToCommit(TopicPartition partition, long offset, int leaderEpoch, String metadata,
                          UUID topicId) {
    }

    /**
     * OffsetFetch (9) for one group.
     *
     * @param memberId      null, with epoch -1, for nobody in particular; else fenced by its epoch (KIP-848)
     * @param partitions    null for all
     * @param requireStable answer UNSTABLE_OFFSET_COMMIT for a partition with an offset in an open
     *                      transaction (KIP-447)
     */
    record FetchOffsets(String groupId, String memberId, int epoch, List<TopicPartition> partitions,
                        boolean requireStable) implements GroupCommand {
        @Override
        public Decision<GroupEvent, GroupReply> askOf(GroupRules rules, long nowMs) {
            return rules.offsets().fetch(this);
        }
    }

    /** DescribeGroups (15) for one group. */
    record DescribeGroup(String groupId) implements GroupCommand {
        @Override
        public Decision<GroupEvent, GroupReply> askOf(GroupRules rules, long nowMs) {
            return rules.classic().describe(this);
        }
    }

    /** ListGroups (16); the asker filters. */
    record ListGroups() implements GroupCommand {
        @Override
        public Decision<GroupEvent, GroupReply> askOf(GroupRules rules, long nowMs) {
            return rules.list();
        }
    }

    /** DeleteGroups (42) for one group: its offsets go too, those in open transactions included. */
    record DeleteGroup(String groupId) implements GroupCommand {
        @Override
        public Decision<GroupEvent, GroupReply> askOf(GroupRules rules, long nowMs) {
            return rules.offsets().deleteGroup(this);
        }
    }

    /** OffsetDelete (47). */
    record DeleteOffsets(String groupId, List<TopicPartition> partitions) implements GroupCommand {
        @Override
        public Decision<GroupEvent, GroupReply> askOf(GroupRules rules, long nowMs) {
            return rules.offsets().deleteOffsets(this);
        }
    }

    /** A topic is gone: no group keeps offsets of it. */
    record ForgetTopic(String topic) implements GroupCommand {
        @Override
        public Decision<GroupEvent, GroupReply> askOf(GroupRules rules, long nowMs) {
            return rules.offsets().forgetTopic(this);
        }
    }

    /**
     * Time has come: sessions, rounds, joins and syncs that were waited for too long, offsets that nobody
     * needs any more.
     */
    record Tick() implements GroupCommand {
        @Override
        public Decision<GroupEvent, GroupReply> askOf(GroupRules rules, long nowMs) {
            return rules.tick(nowMs);
        }
    }
}
