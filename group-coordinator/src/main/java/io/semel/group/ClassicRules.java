package io.semel.group;

import io.semel.group.GroupCommand.DescribeGroup;
import io.semel.group.GroupCommand.Heartbeat;
import io.semel.group.GroupCommand.Join;
import io.semel.group.GroupCommand.Leave;
import io.semel.group.GroupCommand.LeavingMember;
import io.semel.group.GroupCommand.Sync;
import io.semel.group.GroupEvent.JoinAnswered;
import io.semel.group.GroupEvent.JoinParked;
import io.semel.group.GroupEvent.JoinsOf;
import io.semel.group.GroupEvent.MemberIdGiven;
import io.semel.group.GroupEvent.MemberJoined;
import io.semel.group.GroupEvent.MemberRemoved;
import io.semel.group.GroupEvent.MemberReplaced;
import io.semel.group.GroupEvent.MemberSynced;
import io.semel.group.GroupEvent.MemberTouched;
import io.semel.group.GroupEvent.SyncParked;
import io.semel.group.GroupEvent.SyncsOf;
import io.semel.group.GroupReply.Beat;
import io.semel.group.GroupReply.Described;
import io.semel.group.GroupReply.DescribedMember;
import io.semel.group.GroupReply.Joined;
import io.semel.group.GroupReply.JoinedMember;
import io.semel.group.GroupReply.Left;
import io.semel.group.GroupReply.LeftMember;
import io.semel.group.GroupReply.MemberIdRequired;
import io.semel.group.GroupReply.Rejected;
import io.semel.group.GroupReply.Synced;
import io.semel.group.base.Deadlines;
import io.semel.kernel.law.Decision;
import io.semel.wire.error.ErrorCode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * The classic protocol: join, sync, heartbeat, leave. Reads the table and changes nothing.
 *
 * <p>A join is remembered by its ticket while it is parked, so that the same join decided again is answered
 * from the generation that has formed, and never takes part in another round. A parked sync needs no memory:
 * decided again it is a sync like any other.
 */
final class ClassicRules {
    /** Rounds and sessions end every wait; the host need not. */
    private static final long UNTIL_WOKEN = Deadlines.NEVER;

    private final GroupTable table;
    private final GroupLimits limits;
    private final Rounds rounds;

    ClassicRules(GroupTable table, GroupLimits limits, Rounds rounds) {
        this.table = table;
        this.limits = limits;
        this.rounds = rounds;
    }

    // Join

    Decision<GroupEvent, GroupReply> join(Join join, long nowMs) {
        ErrorCode wrong = wrong(join);
        if (wrong != ErrorCode.NONE) return rejected(wrong);
        ClassicGroup group = table.group(join.groupId());
        String parkedFor = group == null ? null : group.parkedFor(join.ticket());
        if (parkedFor != null) return joinAgain(join, group, parkedFor);
        if (group == null && !join.memberId().isEmpty()) return rejected(ErrorCode.UNKNOWN_MEMBER_ID);
        return joinIn(new Draft(join.groupId(), group), join, nowMs);
    }

    /** A join that has not waited before. */
    Decision<GroupEvent, GroupReply> joinIn(Draft draft, Join join, long nowMs) {
        if (!hasRoom(draft.group(), join)) return full(draft, join, nowMs);
        if (!Rounds.accepts(draft.group(), join.protocolType(), join.protocols())) {
            return rejected(ErrorCode.INCONSISTENT_GROUP_PROTOCOL);
        }
        return join.memberId().isEmpty() ? joinWithoutId(draft, join, nowMs) : joinWithId(draft, join, nowMs);
    }

    boolean isWrong(Join join) {
        return wrong(join) != ErrorCode.NONE;
    }

    private ErrorCode wrong(Join join) {
        if (join.groupId() == null || join.groupId().isEmpty()) return ErrorCode.INVALID_GROUP_ID;
        boolean inBounds = join.sessionTimeoutMs() >= limits.sessionTimeoutMinMs()
                && join.sessionTimeoutMs() <= limits.sessionTimeoutMaxMs();
        return inBounds ? ErrorCode.NONE : ErrorCode.INVALID_SESSION_TIMEOUT;
    }

    /** The join waited for {@code memberId} and was woken: the round has ended, or the member is gone. */
    private Decision<GroupEvent, GroupReply> joinAgain(Join join, ClassicGroup group, String memberId) {
        JoinAnswered answered = new JoinAnswered(join.groupId(), join.ticket());
        Member member = group.member(memberId);
        if (member == null) {
            boolean fenced = join.groupInstanceId() != null && group.memberOf(join.groupInstanceId()) != null;
            return Decision.write(answered,
                    new Rejected(fenced ? ErrorCode.FENCED_INSTANCE_ID : ErrorCode.UNKNOWN_MEMBER_ID));
        }
        if (group.is(GroupPhase.PREPARING_REBALANCE)) {
            if (member.awaitingJoin()) return Decision.park(new JoinsOf(join.groupId()), UNTIL_WOKEN, late());
            return Decision.write(answered, new Rejected(ErrorCode.REBALANCE_IN_PROGRESS));
        }
        return Decision.write(answered, joined(group, memberId, false));
    }

    private boolean hasRoom(ClassicGroup group, Join join) {
        int sizeMax = limits.groupSizeMax();
        boolean knownInstance = join.groupInstanceId() != null
                && group.memberOf(join.groupInstanceId()) != null;
        Member member = group.member(join.memberId());
        return switch (group.phase()) {
            case EMPTY, DEAD -> group.promisedCount() < sizeMax || group.hasPromised(join.memberId());
            case PREPARING_REBALANCE -> knownInstance || member != null && member.awaitingJoin()
                    || group.awaitingJoinCount() < sizeMax;
            case COMPLETING_REBALANCE, STABLE -> knownInstance || member != null || group.size() < sizeMax;
        };
    }

    /** Whoever is refused for want of room is not waited for either. */
    private Decision<GroupEvent, GroupReply> full(Draft draft, Join join, long nowMs) {
        Member member = draft.group().member(join.memberId());
        if (member != null || draft.group().hasPromised(join.memberId())) {
            draft.add(new MemberRemoved(join.groupId(), join.memberId()));
            rounds.endIfAllJoined(draft, nowMs);
        }
        return Decision.write(draft.events(), new Rejected(ErrorCode.GROUP_MAX_SIZE_REACHED));
    }

    private Decision<GroupEvent, GroupReply> joinWithoutId(Draft draft, Join join, long nowMs) {
        ClassicGroup group = draft.group();
        String candidate = join.candidateMemberId();
        if (group.member(candidate) != null || group.hasPromised(candidate)) {
            return rejected(ErrorCode.UNKNOWN_MEMBER_ID);
        }
        if (join.groupInstanceId() != null) {
            String before = group.memberOf(join.groupInstanceId());
            return before == null ? add(draft, join, candidate, nowMs) : replace(draft, join, before, nowMs);
        }
        if (!join.memberIdRequired()) return add(draft, join, candidate, nowMs);
        if (group.promisedCount() >= limits.groupSizeMax()) return rejected(ErrorCode.GROUP_MAX_SIZE_REACHED);
        draft.add(new MemberIdGiven(join.groupId(), candidate, nowMs + join.sessionTimeoutMs()));
        return Decision.write(draft.events(), new MemberIdRequired(candidate));
    }

    private Decision<GroupEvent, GroupReply> joinWithId(Draft draft, Join join, long nowMs) {
        ClassicGroup group = draft.group();
        if (group.hasPromised(join.memberId())) {
            if (join.groupInstanceId() != null) return rejected(ErrorCode.UNKNOWN_MEMBER_ID);
            return add(draft, join, join.memberId(), nowMs);
        }
        ErrorCode fenced = fenced(group, join.memberId(), join.groupInstanceId());
        if (fenced != ErrorCode.NONE) return rejected(fenced);
        Member member = group.member(join.memberId());
        boolean same = member.protocols().equals(join.protocols());
        return switch (group.phase()) {
            case PREPARING_REBALANCE -> rejoin(draft, join, member, nowMs);
            case COMPLETING_REBALANCE -> same ? current(group, member, nowMs)
                    : rejoin(draft, join, member, nowMs);
            case STABLE -> same && !group.isLeader(member.memberId()) ? current(group, member, nowMs)
                    : rejoin(draft, join, member, nowMs);
            case EMPTY, DEAD -> rejected(ErrorCode.UNKNOWN_MEMBER_ID);
        };
    }

    private Decision<GroupEvent, GroupReply> add(Draft draft, Join join, String memberId, long nowMs) {
        long deadlineMs = nowMs + limits.newMemberJoinTimeoutMs();
        Member member = Member.joining(join, memberId);
        draft.add(new MemberJoined(join.groupId(), join.protocolType(), member, deadlineMs));
        rounds.rebalance(draft, nowMs);
        return afterRound(draft, join, memberId);
    }

    private Decision<GroupEvent, GroupReply> rejoin(Draft draft, Join join, Member member, long nowMs) {
        Member again = member.rejoining(join);
        long deadlineMs = again.waitsForUs() ? Deadlines.NEVER : draft.group().deadlineOf(member.memberId());
        draft.add(new MemberJoined(join.groupId(), join.protocolType(), again, deadlineMs));
        rounds.rebalance(draft, nowMs);
        return afterRound(draft, join, member.memberId());
    }

    /**
     * A static member is back under a new id. If the group is stable and stays as it is, nobody else notices.
     */
    private Decision<GroupEvent, GroupReply> replace(Draft draft, Join join, String oldMemberId, long nowMs) {
        ClassicGroup group = draft.group();
        String leaderBefore = group.leaderId();
        boolean stable = group.is(GroupPhase.STABLE);
        Member member = group.member(oldMemberId).replacedBy(join, join.candidateMemberId(), !stable);
        long deadlineMs = member.waitsForUs() ? Deadlines.NEVER : nowMs + member.sessionTimeoutMs();
        draft.add(new MemberReplaced(join.groupId(), oldMemberId, member, deadlineMs));
        if (!stable) {
            rounds.rebalance(draft, nowMs);
            return afterRound(draft, join, member.memberId());
        }
        if (!Objects.equals(group.protocolName(), Rounds.chosenProtocol(group))) {
            return rejoin(draft, join, member, nowMs);
        }
        Map<String, byte[]> assignments = new LinkedHashMap<>();
        for (Member each : group.members()) assignments.put(each.memberId(), each.assignment());
        draft.add(Rounds.assigned(group, assignments, nowMs));
        if (join.skipAssignmentSupported()) {
            return Decision.write(draft.events(), joined(group, member.memberId(), true));
        }
        return Decision.write(draft.events(), new Joined(member.memberId(), group.generation(),
                group.protocolType(), group.protocolName(), leaderBefore, false, List.of()));
    }

    private Decision<GroupEvent, GroupReply> afterRound(Draft draft, Join join, String memberId) {
        if (!draft.group().is(GroupPhase.PREPARING_REBALANCE)) {
            return Decision.write(draft.events(), joined(draft.group(), memberId, false));
        }
        draft.add(new JoinParked(join.groupId(), join.ticket(), memberId));
        return Decision.writeAndPark(draft.events(), new JoinsOf(join.groupId()), UNTIL_WOKEN, late());
    }

    /** Nothing new: the member hears again which generation it is in. */
    private Decision<GroupEvent, GroupReply> current(ClassicGroup group, Member member, long nowMs) {
        return Decision.write(heardOf(group, member, nowMs), joined(group, member.memberId(), false));
    }

    private static Joined joined(ClassicGroup group, String memberId, boolean leaderSkips) {
        boolean leads = group.isLeader(memberId);
        List<JoinedMember> members = new ArrayList<>();
        if (leads) {
            for (Member each : group.members()) {
                members.add(new JoinedMember(each.memberId(), each.instanceId(),
                        each.metadata(group.protocolName())));
            }
        }
        return new Joined(memberId, group.generation(), group.protocolType(), group.protocolName(),
                group.leaderId(), leads && leaderSkips, List.copyOf(members));
    }

    private static GroupReply late() {
        return new Rejected(ErrorCode.REBALANCE_IN_PROGRESS);
    }

    // Sync

    Decision<GroupEvent, GroupReply> sync(Sync sync, long nowMs) {
        if (sync.groupId() == null || sync.groupId().isEmpty()) return rejected(ErrorCode.INVALID_GROUP_ID);
        ClassicGroup group = table.group(sync.groupId());
        if (group == null || group.is(GroupPhase.EMPTY)) return rejected(ErrorCode.UNKNOWN_MEMBER_ID);
        ErrorCode fenced = fenced(group, sync.memberId(), sync.groupInstanceId(), sync.generation());
        if (fenced != ErrorCode.NONE) return rejected(fenced);
        if (differs(sync.protocolType(), group.protocolType())
                || differs(sync.protocolName(), group.protocolName())) {
            return rejected(ErrorCode.INCONSISTENT_GROUP_PROTOCOL);
        }
        return switch (group.phase()) {
            case PREPARING_REBALANCE -> rejected(ErrorCode.REBALANCE_IN_PROGRESS);
            case COMPLETING_REBALANCE -> group.isLeader(sync.memberId()) ? assign(group, sync, nowMs)
                    : awaitAssignment(group, sync);
            case STABLE -> {
                Member member = group.member(sync.memberId());
                yield Decision.write(synced(group, member, nowMs), assignmentOf(group, member));
            }
            case EMPTY, DEAD -> rejected(ErrorCode.UNKNOWN_MEMBER_ID);
        };
    }

    private static boolean differs(String told, String ours) {
        return told != null && ours != null && !told.equals(ours);
    }

    private Decision<GroupEvent, GroupReply> assign(ClassicGroup group, Sync sync, long nowMs) {
        Draft draft = new Draft(group.groupId(), group);
        draft.add(Rounds.assigned(draft.group(), sync.assignments(), nowMs));
        Member leader = draft.group().member(sync.memberId());
        draft.add(synced(group, leader, nowMs));
        return Decision.write(draft.events(), assignmentOf(draft.group(), leader));
    }

    private Decision<GroupEvent, GroupReply> awaitAssignment(ClassicGroup group, Sync sync) {
        SyncsOf key = new SyncsOf(group.groupId());
        if (group.member(sync.memberId()).awaitingSync()) return Decision.park(key, UNTIL_WOKEN, late());
        SyncParked parked = new SyncParked(group.groupId(), sync.memberId());
        return Decision.writeAndPark(List.of(parked), key, UNTIL_WOKEN, late());
    }

    private static MemberSynced synced(ClassicGroup group, Member member, long nowMs) {
        return new MemberSynced(group.groupId(), member.memberId(), nowMs + member.sessionTimeoutMs());
    }

    private static Synced assignmentOf(ClassicGroup group, Member member) {
        return new Synced(group.protocolType(), group.protocolName(), member.assignment());
    }

    // Heartbeat and leave

    /**
     * Costs the logarithm of members and groups. What a beat says is not in the journal, so that it waits for
     * nothing there.
     */
    Decision<GroupEvent, GroupReply> heartbeat(Heartbeat beat, long nowMs) {
        if (beat.groupId() == null || beat.groupId().isEmpty()) {
            return Decision.reply(new Beat(ErrorCode.INVALID_GROUP_ID));
        }
        ClassicGroup group = table.group(beat.groupId());
        if (group == null || group.is(GroupPhase.EMPTY)) {
            return Decision.reply(new Beat(ErrorCode.UNKNOWN_MEMBER_ID));
        }
        ErrorCode fenced = fenced(group, beat.memberId(), beat.groupInstanceId(), beat.generation());
        if (fenced != ErrorCode.NONE) return Decision.reply(new Beat(fenced));
        boolean preparing = group.is(GroupPhase.PREPARING_REBALANCE);
        Beat answer = new Beat(preparing ? ErrorCode.REBALANCE_IN_PROGRESS : ErrorCode.NONE);
        List<GroupEvent> events = heardOf(group, group.member(beat.memberId()), nowMs);
        return Decision.<GroupEvent, GroupReply>write(events, answer).restingOn(0);
    }

    /** The member's session begins anew, unless it waits for us anyway. */
    static List<GroupEvent> heardOf(ClassicGroup group, Member member, long nowMs) {
        if (member.awaitingJoin() || member.awaitingSync()) return List.of();
        long deadlineMs = nowMs + member.sessionTimeoutMs();
        return List.of(new MemberTouched(group.groupId(), member.memberId(), deadlineMs));
    }

    Decision<GroupEvent, GroupReply> leave(Leave leave, long nowMs) {
        if (leave.groupId() == null || leave.groupId().isEmpty()) return rejected(ErrorCode.INVALID_GROUP_ID);
        Draft draft = new Draft(leave.groupId(), table.group(leave.groupId()));
        int sizeBefore = draft.group().size();
        List<LeftMember> left = new ArrayList<>(leave.members().size());
        for (LeavingMember member : leave.members()) {
            left.add(new LeftMember(member.memberId(), member.groupInstanceId(), leaveOne(draft, member)));
        }
        if (draft.group().size() < sizeBefore) rounds.rebalance(draft, nowMs);
        else rounds.endIfAllJoined(draft, nowMs);
        return Decision.write(draft.events(), new Left(List.copyOf(left)));
    }

    private ErrorCode leaveOne(Draft draft, LeavingMember leaving) {
        ClassicGroup group = draft.group();
        String memberId = leaving.memberId();
        if (memberId.isEmpty()) {
            memberId = leaving.groupInstanceId() == null ? null : group.memberOf(leaving.groupInstanceId());
            if (memberId == null) return ErrorCode.UNKNOWN_MEMBER_ID;
        } else if (!group.hasPromised(memberId)) {
            ErrorCode fenced = fenced(group, memberId, leaving.groupInstanceId());
            if (fenced != ErrorCode.NONE) return fenced;
        }
        draft.add(new MemberRemoved(group.groupId(), memberId));
        return ErrorCode.NONE;
    }

    // Fencing

    /** NONE when the member is in the group; a static one only under the id it has now. */
    static ErrorCode fenced(ClassicGroup group, String memberId, String groupInstanceId) {
        if (groupInstanceId != null) {
            String current = group.memberOf(groupInstanceId);
            if (current == null) return ErrorCode.UNKNOWN_MEMBER_ID;
            if (!current.equals(memberId)) return ErrorCode.FENCED_INSTANCE_ID;
        }
        return group.member(memberId) == null ? ErrorCode.UNKNOWN_MEMBER_ID : ErrorCode.NONE;
    }

    /** As {@link #fenced(ClassicGroup, String, String)}, and of this generation. */
    static ErrorCode fenced(ClassicGroup group, String memberId, String groupInstanceId, int generation) {
        ErrorCode fenced = fenced(group, memberId, groupInstanceId);
        if (fenced != ErrorCode.NONE) return fenced;
        return generation == group.generation() ? ErrorCode.NONE : ErrorCode.ILLEGAL_GENERATION;
    }

    // What administrators see

    Decision<GroupEvent, GroupReply> describe(DescribeGroup describe) {
        ClassicGroup group = describe.groupId() == null ? null : table.group(describe.groupId());
        if (group == null) {
            return Decision.reply(new Described(ErrorCode.GROUP_ID_NOT_FOUND, describe.groupId(),
                    GroupPhase.DEAD.kafkaName(), "", "", List.of()));
        }
        boolean stable = group.is(GroupPhase.STABLE);
        List<DescribedMember> members = new ArrayList<>(group.size());
        for (Member each : group.members()) {
            byte[] metadata = stable ? each.metadata(group.protocolName()) : Member.NO_BYTES;
            members.add(new DescribedMember(each.memberId(), each.instanceId(), each.clientId(),
                    each.clientHost(), metadata, each.assignment()));
        }
        return Decision.reply(new Described(ErrorCode.NONE, group.groupId(), group.phase().kafkaName(),
                group.protocolType(), stable ? group.protocolName() : "", List.copyOf(members)));
    }

    private static Decision<GroupEvent, GroupReply> rejected(ErrorCode error) {
        return Decision.reply(new Rejected(error));
    }
}
