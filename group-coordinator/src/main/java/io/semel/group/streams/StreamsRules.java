package io.semel.group.streams;

import io.semel.group.assign.TopicView;
import io.semel.group.base.Deadlines;
import io.semel.group.streams.StreamsEvent.Delayed;
import io.semel.group.streams.StreamsEvent.EpochSet;
import io.semel.group.streams.StreamsEvent.SessionSet;
import io.semel.group.streams.StreamsEvent.SessionsArmed;
import io.semel.group.streams.StreamsEvent.ShutdownAsked;
import io.semel.group.streams.StreamsEvent.StepAwaited;
import io.semel.group.streams.StreamsEvent.TargetEpochSet;
import io.semel.group.streams.StreamsStatus.Code;
import io.semel.wire.error.ErrorCode;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Objects;

/**
 * The streams protocol (KIP-1071) for one group: one heartbeat for joining, reconciling and leaving. Reads
 * the group and changes nothing. Stateless.
 */
public final class StreamsRules {
    private StreamsRules() {
    }

    // Heartbeat

    /** What is wrong with a heartbeat whatever the group, null for nothing. */
    public static StreamsDecision wrong(StreamsBeat beat) {
        String wrong = BeatCheck.wrong(beat);
        if (wrong != null) return StreamsDecision.refused(ErrorCode.INVALID_REQUEST, wrong);
        String bad = beat.topology() == null ? null : BeatCheck.wrong(beat.topology());
        return bad == null ? null : StreamsDecision.refused(ErrorCode.STREAMS_INVALID_TOPOLOGY, bad);
    }

    /** @param group a new one for who joins first; {@code beat} is well formed */
    public static StreamsDecision beat(StreamsGroup group, StreamsBeat beat, StreamsLimits limits,
            long nowMs) {
        StreamsMember member = group.member(beat.memberId());
        boolean joins = beat.epoch() == StreamsBeat.JOINS;
        if (member == null && !joins) {
            return StreamsDecision.refused(ErrorCode.UNKNOWN_MEMBER_ID, "Member " + beat.memberId()
                    + " is not a member of group " + group.groupId() + ".");
        }
        if (beat.epoch() == StreamsBeat.LEAVES) return leave(group, beat, nowMs);
        if (member == null && group.size() >= limits.groupSizeMax()) {
            return StreamsDecision.refused(ErrorCode.GROUP_MAX_SIZE_REACHED,
                    "The streams group has reached its maximum capacity of " + limits.groupSizeMax()
                    + " members.");
        }
        TaskStanding standing = group.standing(beat.memberId());
        if (!joins && !epochIsCurrent(standing, beat)) {
            return StreamsDecision.refused(ErrorCode.FENCED_MEMBER_EPOCH, "The member's epoch " + beat.epoch()
                    + " is not the one the coordinator knows (" + standing.epoch()
                    + "). The member must abandon all its tasks and rejoin.");
        }
        StreamsUpdate update = new StreamsUpdate(group, limits, beat.topics(), nowMs);
        Topology topology = group.topology();
        boolean first = topology == null || group.isEmpty() && beat.topology() != null
                && beat.topology().epoch() >= topology.epoch();
        if (first && !beat.topology().equals(topology)) {
            topology = beat.topology();
            update.run(topology);
        } else if (joins && beat.topology().epoch() >= topology.epoch()
                && !beat.topology().equals(topology)) {
            return StreamsDecision.refused(ErrorCode.INVALID_REQUEST,
                    "Topology updates are not supported yet: all members must leave first.");
        }
        try {
            update.look();
        } catch (TopicPlanning.Impossible impossible) {
            return StreamsDecision.refused(ErrorCode.STREAMS_INVALID_TOPOLOGY, impossible.getMessage());
        }
        String unknown = unknownTask(update.plan(), beat.owned());
        if (unknown != null) return StreamsDecision.refused(ErrorCode.INVALID_REQUEST, unknown);
        StreamsMember told = (member == null ? StreamsMember.blank(beat.memberId()) : member).told(beat);
        return answer(group, beat, limits, nowMs, topology, told, update);
    }

    private static StreamsDecision answer(StreamsGroup group, StreamsBeat beat, StreamsLimits limits,
            long nowMs, Topology topology, StreamsMember told, StreamsUpdate update) {
        TaskStanding before = group.standing(told.memberId());
        TaskStanding next = update.apply(told, beat.owned());
        List<StreamsEvent> events = new ArrayList<>(update.events());
        events.add(new SessionSet(group.groupId(), told.memberId(), nowMs + limits.sessionTimeoutMs()));
        awaitRevocation(group, told, before, next, nowMs, events);
        if (beat.shutsDown()) events.add(new ShutdownAsked(group.groupId(), told.memberId()));
        boolean lacks = beat.owned() != null && !beat.owned().equals(next.assigned());
        boolean tells = beat.epoch() == StreamsBeat.JOINS || lacks
                || !next.assigned().equals(before.assigned());
        Endpoints endpoints = Endpoints.of(group, told, next, topology, update.plan(), beat.topics());
        return StreamsDecision.of(events, new StreamsAnswer(told.memberId(), next.epoch(),
                limits.heartbeatIntervalMs(), statuses(group, beat, topology, told, update),
                tells ? next.assigned() : null, endpoints.epoch(),
                endpoints.epoch() == beat.endpointEpoch() ? null : endpoints.all(),
                update.plan().missing()));
    }

    private static List<StreamsStatus> statuses(StreamsGroup group, StreamsBeat beat, Topology topology,
            StreamsMember told, StreamsUpdate update) {
        List<StreamsStatus> statuses = new ArrayList<>();
        if (told.topologyEpoch() < topology.epoch()) {
            statuses.add(new StreamsStatus(Code.STALE_TOPOLOGY, "The member's topology epoch "
                    + told.topologyEpoch() + " is behind the group's topology epoch " + topology.epoch()
                    + "."));
        }
        if (update.isDelayed()) {
            statuses.add(new StreamsStatus(Code.ASSIGNMENT_DELAYED,
                    "Assignment delayed due to the configured initial rebalance delay."));
        }
        if (update.plan().problem() != null) statuses.add(update.plan().problem());
        String askedBy = group.shutdownAskedBy();
        if (askedBy == null && beat.shutsDown()) askedBy = told.memberId();
        if (askedBy != null) {
            statuses.add(new StreamsStatus(Code.SHUTDOWN_APPLICATION, "Streams group member " + askedBy
                    + " encountered a fatal error and requested a shutdown for the entire application."));
        }
        return List.copyOf(statuses);
    }

    /** The epoch before is good too if the member has no more than it is assigned: the answer was lost. */
    private static boolean epochIsCurrent(TaskStanding standing, StreamsBeat beat) {
        if (beat.epoch() == standing.epoch()) return true;
        return beat.epoch() < standing.epoch() && beat.epoch() == standing.previousEpoch()
                && beat.owned() != null && standing.assigned().hasAll(beat.owned());
    }

    private static String unknownTask(TopologyPlan plan, Share owned) {
        if (owned == null || !plan.isReady()) return null;
        for (TaskId task : owned.active().plus(owned.copies()).ids()) {
            if (!plan.has(task)) return "There is no task " + task.partition() + " of subtopology "
                    + task.subtopology() + " in the topology.";
        }
        return null;
    }

    /** Time for giving up tasks runs from when they were asked back. */
    private static void awaitRevocation(StreamsGroup group, StreamsMember member, TaskStanding before,
            TaskStanding next, long nowMs, List<StreamsEvent> events) {
        boolean owes = next.phase() == TaskPhase.UNREVOKED_TASKS;
        if (owes && !next.equals(before)) {
            events.add(new StepAwaited(group.groupId(), member.memberId(),
                    nowMs + member.rebalanceTimeoutMs()));
        } else if (!owes && group.awaitsStepOf(member.memberId())) {
            events.add(new StepAwaited(group.groupId(), member.memberId(), Deadlines.NEVER));
        }
    }

    // Leave, and time

    private static StreamsDecision leave(StreamsGroup group, StreamsBeat beat, long nowMs) {
        List<StreamsEvent> events = new ArrayList<>();
        if (beat.shutsDown()) events.add(new ShutdownAsked(group.groupId(), beat.memberId()));
        events.addAll(remove(group, List.of(beat.memberId()), nowMs));
        return StreamsDecision.of(events, new StreamsAnswer(beat.memberId(), StreamsBeat.LEAVES, 0, List.of(),
                null, 0, null, List.of()));
    }

    /** The members are out, and the group has another epoch. The last one leaves the moment behind. */
    private static List<StreamsEvent> remove(StreamsGroup group, Collection<String> memberIds, long nowMs) {
        List<StreamsEvent> events = new ArrayList<>();
        for (String memberId : memberIds) events.addAll(group.erasuresOf(memberId));
        int epoch = group.epoch() + 1;
        events.add(new EpochSet(group.groupId(), epoch, group.topicsHash(), group.validatedEpoch(),
                group.settings()));
        boolean last = group.size() == memberIds.size();
        if (last) events.add(new TargetEpochSet(group.groupId(), epoch, nowMs));
        return events;
    }

    /** What is due in the group: sessions, what members should have done by now, the end of a delay. */
    public static List<StreamsEvent> timePassed(StreamsGroup group, StreamsLimits limits, long nowMs) {
        if (group.isUnarmed()) {
            return List.of(new SessionsArmed(group.groupId(), nowMs, limits.sessionTimeoutMs()));
        }
        Collection<String> due = group.dueMembers(nowMs);
        if (!due.isEmpty()) return remove(group, due, nowMs);
        if (!group.isDelayed() || group.isDelayed(nowMs)) return List.of();
        List<StreamsEvent> events = new ArrayList<>();
        events.add(new Delayed(group.groupId(), 0));
        if (group.plan() == null || group.epoch() <= group.targetEpoch()) return events;
        StreamsUpdate update = new StreamsUpdate(group, limits, group.seen(), nowMs);
        try {
            update.look();
        } catch (TopicPlanning.Impossible impossible) {
            return events;
        }
        update.newTargets(group.epoch());
        events.addAll(update.events());
        return events;
    }

    // Offsets

    /**
     * Whether a member may commit an offset of a partition in this epoch. One older than its own is good for
     * a task that it has had since then; none is good for a task that somebody else runs.
     */
    public static boolean mayCommit(StreamsGroup group, String memberId, int epoch, String topic,
            int partition) {
        TaskStanding standing = group.standing(memberId);
        TaskId task = group.readerOf(topic, partition);
        String holder = task == null ? null : group.activeHolder(task);
        if (holder != null && !holder.equals(memberId)) return false;
        if (epoch == standing.epoch()) return true;
        int since = task == null ? -1 : standing.sinceOf(task);
        return since >= 0 && epoch >= since && epoch < standing.epoch();
    }

    // What administrators see

    public static StreamsDescribed describe(StreamsGroup group, TopicView topics) {
        Topology topology = group.topology();
        TopologyPlan plan = null;
        try {
            plan = topology == null ? null : TopicPlanning.plan(topology, topics);
        } catch (TopicPlanning.Impossible impossible) {
            // it is shown as its members told it
        }
        List<StreamsDescribed.Member> members = new ArrayList<>();
        for (StreamsMember member : group.members().values()) {
            TaskStanding standing = group.standing(member.memberId());
            members.add(new StreamsDescribed.Member(member.memberId(), standing.epoch(), member.rackId(),
                    member.clientId(), member.clientHost(), member.topologyEpoch(), member.processId(),
                    member.endpoint(), member.tags(), standing.assigned(),
                    Objects.requireNonNullElse(group.target(member.memberId()), Share.NONE)));
        }
        boolean planned = plan != null && plan.isReady();
        return new StreamsDescribed(group.groupId(), group.state(), group.epoch(), group.targetEpoch(),
                planned ? StreamsDescribed.planned(topology, plan) : topology, List.copyOf(members));
    }
}
