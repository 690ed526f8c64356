package io.semel.group;

import io.semel.group.assign.Assignment;
import io.semel.group.assign.TopicView;
import io.semel.group.base.Deadlines;
import java.util.SortedSet;

/**
 * What happened within one KIP-848 group. The durable ones are Kafka's ConsumerGroup* records; deadlines live
 * until the room is dropped. Immutable.
 */
sealed interface ConsumerEvent extends GroupEvent {
    String groupId();

    void foldInto(ConsumerGroup group);

    @Override
    default void foldInto(GroupTable table, long offset) {
        table.fold(this);
    }

    /** A record of the journal. */
    sealed interface Durable extends ConsumerEvent {
        @Override
        default boolean isDurable() {
            return true;
        }
    }

    /** Kinds of records, with the number that begins their keys. */
    enum Kind {
        GROUP(3), MEMBER(5), TARGET(6), MEMBER_TARGET(7), STANDING(8), EXPRESSION(16);

        private final short key;

        Kind(int key) {
            this.key = (short) key;
        }

        short key() {
            return key;
        }
    }

    /**
     * The group's epoch: it rises when members, subscriptions or topics change.
     *
     * @param topicsHash what the topics subscribed to looked like then
     */
    record EpochSet(String groupId, int epoch, long topicsHash) implements Durable {
        @Override
        public void foldInto(ConsumerGroup group) {
            group.setEpoch(this);
        }
    }

    /** A member came, or told something new of itself. */
    record MemberSet(String groupId, ConsumerMember member) implements Durable {
        @Override
        public void foldInto(ConsumerGroup group) {
            group.setMember(member);
        }
    }

    /** The target assignment is that of this epoch. */
    record TargetEpochSet(String groupId, int epoch, long timestampMs) implements Durable {
        @Override
        public void foldInto(ConsumerGroup group) {
            group.setTargetEpoch(this);
        }
    }

    /** What a member is to own. */
    record TargetSet(String groupId, String memberId, Assignment target) implements Durable {
        @Override
        public void foldInto(ConsumerGroup group) {
            group.setTarget(memberId, target);
        }
    }

    /** What a member holds. */
    record StandingSet(String groupId, String memberId, Standing standing) implements Durable {
        @Override
        public void foldInto(ConsumerGroup group) {
            group.setStanding(memberId, standing);
        }
    }

    /** The topics that a regular expression matches. {@code timestampMs} says when it was looked at. */
    record ExpressionResolved(String groupId, String expression, SortedSet<String> topics, long timestampMs)
            implements Durable {
        @Override
        public void foldInto(ConsumerGroup group) {
            group.resolve(expression, topics);
        }
    }

    /** A tombstone. {@code name} is the member or expression, null for the kinds that have one record. */
    record Erased(String groupId, Kind kind, String name) implements Durable {
        @Override
        public void foldInto(ConsumerGroup group) {
            group.erase(kind, name);
        }
    }

    /** A member was heard of, or must be by {@code deadlineMs} at last. */
    record SessionSet(String groupId, String memberId, long deadlineMs) implements ConsumerEvent {
        @Override
        public void foldInto(ConsumerGroup group) {
            group.setSession(memberId, deadlineMs);
        }
    }

    /**
     * A member must give up partitions (or join or sync again, in the classic protocol) by {@code
     * deadlineMs}; {@link Deadlines#NEVER} when nothing is awaited.
     */
    record StepAwaited(String groupId, String memberId, long deadlineMs) implements ConsumerEvent {
        @Override
        public void foldInto(ConsumerGroup group) {
            group.awaitStep(memberId, deadlineMs);
        }
    }

    /** A group that came from the journal gets its members' deadlines. */
    record SessionsArmed(String groupId, long nowMs, int sessionTimeoutMs) implements ConsumerEvent {
        @Override
        public void foldInto(ConsumerGroup group) {
            group.arm(nowMs, sessionTimeoutMs);
        }
    }

    /** The group has looked at the topics of this view. */
    record TopicsSeen(String groupId, TopicView topics) implements ConsumerEvent {
        @Override
        public void foldInto(ConsumerGroup group) {
            group.see(topics);
        }
    }
}
