package io.semel.group;

import io.semel.group.base.Deadlines;
import io.semel.group.streams.StreamsEvent;
import io.semel.wire.topic.TopicPartition;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;

/**
 * What happened to a group or its offsets. Durable events are the records of {@code __consumer_offsets}; the
 * others live until the room is dropped, since Kafka journals a group only once its leader has assigned.
 * Immutable.
 */
public sealed interface GroupEvent permits GroupEvent.ClassicEvent, ConsumerEvent, GroupEvent.OfStreams,
        GroupEvent.OffsetCommitted, GroupEvent.OffsetRemoved, GroupEvent.OffsetsDecided,
        GroupEvent.ExpirySwept, GroupEvent.Woken {
    /** Changes the room's state; decides nothing. */
    void foldInto(GroupTable table, long offset);

    /** Journalled, part of the digest. */
    default boolean isDurable() {
        return false;
    }

    /** The key whose parked commands are decided anew, null for none. */
    default Object wakes() {
        return null;
    }

    /** Joins wait under this key for the next generation, or for their member's end. */
    record JoinsOf(String groupId) {
    }

    /** Syncs wait under this key for the leader's assignment, or for the next round. */
    record SyncsOf(String groupId) {
    }

    /** What happened within one classic group. */
    sealed interface ClassicEvent extends GroupEvent {
        String groupId();

        /** The same fold for the room's group and for a draft of it. */
        void foldInto(ClassicGroup group);

        @Override
        default void foldInto(GroupTable table, long offset) {
            table.fold(this);
        }
    }

    /** An id was given out; whoever has it must join by {@code deadlineMs} (KIP-394). */
    record MemberIdGiven(String groupId, String memberId, long deadlineMs) implements ClassicEvent {
        @Override
        public void foldInto(ClassicGroup group) {
            group.promise(this);
        }
    }

    /**
     * A member came, or came again, and awaits the round's end; its deadline is {@link Deadlines#NEVER} while
     * it may wait at will.
     */
    record MemberJoined(String groupId, String protocolType, Member member,
                        long deadlineMs) implements ClassicEvent {
        @Override
        public void foldInto(ClassicGroup group) {
            group.join(this);
        }
    }

    /** A static member came back under another id (KIP-345); whoever waits under the old one is fenced. */
    record MemberReplaced(String groupId, String oldMemberId, Member member,
                          long deadlineMs) implements ClassicEvent {
        @Override
        public void foldInto(ClassicGroup group) {
            group.replace(this);
        }

        @Override
        public Object wakes() {
            return new JoinsOf(groupId);
        }
    }

    /** A member, or an id that was given out, is gone. */
    record MemberRemoved(String groupId, String memberId) implements ClassicEvent {
        @Override
        public void foldInto(ClassicGroup group) {
            group.remove(memberId);
        }

        @Override
        public Object wakes() {
            return new JoinsOf(groupId);
        }
    }

    /** A join waits, for a member, under its ticket. */
    record JoinParked(String groupId, long ticket, String memberId) implements ClassicEvent {
        @Override
        public void foldInto(ClassicGroup group) {
            group.park(ticket, memberId);
        }
    }

    /** A join that waited was answered. */
    record JoinAnswered(String groupId, long ticket) implements ClassicEvent {
        @Override
        public void foldInto(ClassicGroup group) {
            group.unpark(ticket);
        }
    }

    /** A member was heard of, or must be by {@code deadlineMs} at last. */
    record MemberTouched(String groupId, String memberId, long deadlineMs) implements ClassicEvent {
        @Override
        public void foldInto(ClassicGroup group) {
            group.touch(memberId, deadlineMs);
        }
    }

    /** A group that came from the journal gets its members' deadlines. */
    record MembersArmed(String groupId, long nowMs) implements ClassicEvent {
        @Override
        public void foldInto(ClassicGroup group) {
            group.arm(nowMs);
        }
    }

    /** A round began; it ends by {@code round.deadlineMs()}. */
    record RoundBegan(String groupId, Round round, long nowMs) implements ClassicEvent {
        @Override
        public void foldInto(ClassicGroup group) {
            group.begin(this);
        }

        @Override
        public Object wakes() {
            return new SyncsOf(groupId);
        }
    }

    /** A round goes on for longer. */
    record RoundExtended(String groupId, Round round) implements ClassicEvent {
        @Override
        public void foldInto(ClassicGroup group) {
            group.extend(round);
        }
    }

    /**
     * The round ended with members: they are the generation, and wait for the leader's assignment until
     * {@code syncDeadlineMs}.
     */
    record GenerationFormed(String groupId, int generation, String leaderId, String protocolName, long nowMs,
                            long syncDeadlineMs)
            implements ClassicEvent {
        @Override
        public void foldInto(ClassicGroup group) {
            group.form(this);
        }

        @Override
        public Object wakes() {
            return new JoinsOf(groupId);
        }
    }

    /** A follower waits for the assignment. */
    record SyncParked(String groupId, String memberId) implements ClassicEvent {
        @Override
        public void foldInto(ClassicGroup group) {
            group.awaitSync(memberId);
        }
    }

    /** A member got its assignment. */
    record MemberSynced(String groupId, String memberId, long deadlineMs) implements ClassicEvent {
        @Override
        public void foldInto(ClassicGroup group) {
            group.synced(memberId, deadlineMs);
        }
    }

    /**
     * A generation and its assignment, or that a group is empty: Kafka's GroupMetadata record. Durable.
     *
     * @param protocolType empty for none
     * @param protocolName null for none; {@code leaderId} too
     * @param sinceMs      when the group came into this state, -1 when not told
     */
    record GroupStored(String groupId, String protocolType, int generation, String protocolName,
                       String leaderId, long sinceMs, List<StoredMember> members) implements ClassicEvent {
        @Override
        public void foldInto(ClassicGroup group) {
            group.store(this);
        }

        @Override
        public boolean isDurable() {
            return true;
        }

        @Override
        public Object wakes() {
            return new SyncsOf(groupId);
        }
    }

    /** A member as the journal keeps it. {@code instanceId} may be null. Equal by content. */
    record StoredMember(String memberId, String instanceId, String clientId, String clientHost,
                        int sessionTimeoutMs, int rebalanceTimeoutMs, byte[] subscription,
                        byte[] assignment) {
        @Override
        public boolean equals(Object other) {
            return other instanceof StoredMember that && memberId.equals(that.memberId)
                    && Objects.equals(instanceId, that.instanceId) && clientId.equals(that.clientId)
                    && clientHost.equals(that.clientHost) && sessionTimeoutMs == that.sessionTimeoutMs
                    && rebalanceTimeoutMs == that.rebalanceTimeoutMs
                    && Arrays.equals(subscription, that.subscription)
                    && Arrays.equals(assignment, that.assignment);
        }

        @Override
        public int hashCode() {
            return memberId.hashCode();
        }
    }

    /** The group is gone: a tombstone. Its offsets have theirs. Durable. */
    record GroupRemoved(String groupId) implements ClassicEvent {
        @Override
        public void foldInto(ClassicGroup group) {
            group.forget();
        }

        @Override
        public boolean isDurable() {
            return true;
        }
    }

    /** What happened within one streams group. */
    record OfStreams(StreamsEvent event) implements GroupEvent {
        @Override
        public void foldInto(GroupTable table, long offset) {
            table.fold(event);
        }

        @Override
        public boolean isDurable() {
            return event.isDurable();
        }
    }

    /**
     * An offset was committed; in a transaction, pending until its marker, when {@code producerId} is not -1.
     * Durable.
     */
    record OffsetCommitted(String groupId, TopicPartition partition, OffsetValue value, long producerId,
                           short producerEpoch)
            implements GroupEvent {
        @Override
        public void foldInto(GroupTable table, long offset) {
            table.fold(this, offset);
        }

        @Override
        public boolean isDurable() {
            return true;
        }
    }

    /** An offset, committed or pending, is gone: a tombstone. Durable. */
    record OffsetRemoved(String groupId, TopicPartition partition) implements GroupEvent {
        @Override
        public void foldInto(GroupTable table, long offset) {
            table.fold(this);
        }

        @Override
        public boolean isDurable() {
            return true;
        }
    }

    /**
     * A transaction's marker stands in the journal: its offsets are committed, or gone (I11). Appended by
     * another door.
     */
    record OffsetsDecided(long producerId, boolean commit) implements GroupEvent {
        @Override
        public void foldInto(GroupTable table, long offset) {
            table.fold(this);
        }

        @Override
        public boolean isDurable() {
            return true;
        }
    }

    /**
     * Groups up to {@code cursor} were looked through for offsets to expire; null when all were. The next
     * look is at {@code nextMs}.
     */
    record ExpirySwept(String cursor, long nextMs) implements GroupEvent {
        @Override
        public void foldInto(GroupTable table, long offset) {
            table.fold(this);
        }
    }

    /** Whoever waits under the key is decided anew: what they wait for will not come. */
    record Woken(Object key) implements GroupEvent {
        @Override
        public void foldInto(GroupTable table, long offset) {
            // nothing is kept of it
        }

        @Override
        public Object wakes() {
            return key;
        }
    }
}
