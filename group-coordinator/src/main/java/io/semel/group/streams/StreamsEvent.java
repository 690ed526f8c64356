package io.semel.group.streams;

import io.semel.group.assign.TopicView;
import java.util.SortedMap;

/**
 * What happened within one streams group. The durable ones are Kafka's StreamsGroup* records; the rest lives
 * until the room is dropped. Immutable.
 */
public sealed interface StreamsEvent {
    String groupId();

    void foldInto(StreamsGroup group);

    default boolean isDurable() {
        return false;
    }

    /** A record of the journal. */
    sealed interface Durable extends StreamsEvent {
        @Override
        default boolean isDurable() {
            return true;
        }
    }

    /** Kinds of records, with the number that begins their keys. */
    enum Kind {
        GROUP(17), MEMBER(19), TARGET(20), MEMBER_TARGET(21), STANDING(22), TOPOLOGY(23);

        private final short key;

        Kind(int key) {
            this.key = (short) key;
        }

        short key() {
            return key;
        }
    }

    /**
     * The group's epoch: it rises when members, topology, topics or settings change.
     *
     * @param topicsHash     what the topics needed looked like then
     * @param validatedEpoch of the topology, if all its topics were there; else -1
     * @param settings       by which tasks are handed out
     */
    record EpochSet(String groupId, int epoch, long topicsHash, int validatedEpoch,
                    SortedMap<String, String> settings) implements Durable {
        @Override
        public void foldInto(StreamsGroup group) {
            group.setEpoch(this);
        }
    }

    /** A member came, or told something new of itself. */
    record MemberSet(String groupId, StreamsMember member) implements Durable {
        @Override
        public void foldInto(StreamsGroup group) {
            group.setMember(member);
        }
    }

    /** What the application runs. */
    record TopologySet(String groupId, Topology topology) implements Durable {
        @Override
        public void foldInto(StreamsGroup group) {
            group.setTopology(topology);
        }
    }

    /** The target assignment is that of this epoch. */
    record TargetEpochSet(String groupId, int epoch, long timestampMs) implements Durable {
        @Override
        public void foldInto(StreamsGroup group) {
            group.setTargetEpoch(this);
        }
    }

    /** What a member is to have. */
    record TargetSet(String groupId, String memberId, Share target) implements Durable {
        @Override
        public void foldInto(StreamsGroup group) {
            group.setTarget(memberId, target);
        }
    }

    /** What a member holds. */
    record StandingSet(String groupId, String memberId, TaskStanding standing) implements Durable {
        @Override
        public void foldInto(StreamsGroup group) {
            group.setStanding(memberId, standing);
        }
    }

    /** A tombstone. {@code name} is the member, null for the kinds that have one record. */
    record Erased(String groupId, Kind kind, String name) implements Durable {
        @Override
        public void foldInto(StreamsGroup group) {
            group.erase(kind, name);
        }
    }

    /** A member was heard of, or must be by {@code deadlineMs} at last. */
    record SessionSet(String groupId, String memberId, long deadlineMs) implements StreamsEvent {
        @Override
        public void foldInto(StreamsGroup group) {
            group.setSession(memberId, deadlineMs);
        }
    }

    /** A member must give up tasks by then; never when nothing is awaited. */
    record StepAwaited(String groupId, String memberId, long deadlineMs) implements StreamsEvent {
        @Override
        public void foldInto(StreamsGroup group) {
            group.awaitStep(memberId, deadlineMs);
        }
    }

    /** A group that came from the journal gets its members' deadlines. */
    record SessionsArmed(String groupId, long nowMs, int sessionTimeoutMs) implements StreamsEvent {
        @Override
        public void foldInto(StreamsGroup group) {
            group.arm(nowMs, sessionTimeoutMs);
        }
    }

    /** The group has looked at the topics of this view, and this is what they mean for its topology. */
    record TopicsSeen(String groupId, TopicView topics, TopologyPlan plan) implements StreamsEvent {
        @Override
        public void foldInto(StreamsGroup group) {
            group.see(topics, plan);
        }
    }

    /** Tasks are not handed out before {@code untilMs}: more members may come. 0 when they may be. */
    record Delayed(String groupId, long untilMs) implements StreamsEvent {
        @Override
        public void foldInto(StreamsGroup group) {
            group.delay(untilMs);
        }
    }

    /** A member asked for the whole application to stop; that holds until all have left. */
    record ShutdownAsked(String groupId, String memberId) implements StreamsEvent {
        @Override
        public void foldInto(StreamsGroup group) {
            group.askShutdown(memberId);
        }
    }
}
