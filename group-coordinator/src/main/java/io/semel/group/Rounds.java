package io.semel.group;

import io.semel.group.GroupEvent.GenerationFormed;
import io.semel.group.GroupEvent.GroupStored;
import io.semel.group.GroupEvent.MemberRemoved;
import io.semel.group.GroupEvent.MembersArmed;
import io.semel.group.GroupEvent.RoundBegan;
import io.semel.group.GroupEvent.RoundExtended;
import io.semel.group.GroupEvent.StoredMember;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** How a draft of a group moves from round to generation, and what time does to it. Stateless. */
final class Rounds {
    /**
     * A round that nobody joined is not extended by less, whatever its members ask for: a tick must not find
     * it due again at once.
     */
    private static final int EXTENSION_MIN_MS = 100;

    private final GroupLimits limits;

    Rounds(GroupLimits limits) {
        this.limits = limits;
    }

    /**
     * Something changed that needs a new generation: begins a round, or ends the one that is on if all have
     * joined.
     */
    void rebalance(Draft draft, long nowMs) {
        if (draft.group().phase().mayRebalance()) begin(draft, nowMs);
        else endIfAllJoined(draft, nowMs);
    }

    /** Ends the round if nobody is missing; an initial one waits for its time. */
    void endIfAllJoined(Draft draft, long nowMs) {
        ClassicGroup group = draft.group();
        if (group.is(GroupPhase.PREPARING_REBALANCE) && !group.round().initial() && group.allJoined()) {
            end(draft, nowMs);
        }
    }

    private void begin(Draft draft, long nowMs) {
        ClassicGroup group = draft.group();
        boolean initial = group.is(GroupPhase.EMPTY);
        int timeoutMs = group.rebalanceTimeoutMs();
        if (!initial) {
            draft.add(new RoundBegan(group.groupId(), Round.until(nowMs + timeoutMs), nowMs));
            endIfAllJoined(draft, nowMs);
            return;
        }
        long delayMs = limits.initialRebalanceDelayMs();
        Round round = new Round(true, false, nowMs + delayMs, delayMs, Math.max(timeoutMs - delayMs, 0));
        draft.add(new RoundBegan(group.groupId(), round, nowMs));
        if (delayMs == 0) end(draft, nowMs);
    }

    /** Whoever dynamic has not joined is out; the others are the next generation. */
    private void end(Draft draft, long nowMs) {
        ClassicGroup group = draft.group();
        for (Member member : new ArrayList<>(group.members())) {
            if (!member.awaitingJoin() && !member.isStatic()) {
                draft.add(new MemberRemoved(group.groupId(), member.memberId()));
            }
        }
        if (group.size() == 0) {
            draft.add(new GroupStored(group.groupId(), group.protocolType(), group.generation() + 1, null,
                    null, nowMs, List.of()));
            return;
        }
        int timeoutMs = group.rebalanceTimeoutMs();
        String leaderId = leaderOf(group);
        if (leaderId == null) {
            Round longer = Round.until(nowMs + Math.max(timeoutMs, EXTENSION_MIN_MS));
            draft.add(new RoundExtended(group.groupId(), longer));
            return;
        }
        draft.add(new GenerationFormed(group.groupId(), group.generation() + 1, leaderId,
                chosenProtocol(group), nowMs, nowMs + timeoutMs));
    }

    /** The leader stays if it has joined, else the first who has; null when nobody has. */
    private static String leaderOf(ClassicGroup group) {
        Member leader = group.member(group.leaderId());
        if (leader != null && leader.awaitingJoin()) return leader.memberId();
        for (Member member : group.members()) if (member.awaitingJoin()) return member.memberId();
        return null;
    }

    /**
     * Each member votes for the first protocol it offers that all offer; the first of those with most votes
     * wins.
     */
    static String chosenProtocol(ClassicGroup group) {
        Map<String, Integer> votes = new LinkedHashMap<>();
        for (Member member : group.members()) {
            for (Protocol protocol : member.protocols()) {
                if (offeredByAll(group, protocol.name())) {
                    votes.merge(protocol.name(), 1, Integer::sum);
                    break;
                }
            }
        }
        String chosen = null;
        for (Map.Entry<String, Integer> each : votes.entrySet()) {
            if (chosen == null || each.getValue() > votes.get(chosen)) chosen = each.getKey();
        }
        return chosen;
    }

    private static boolean offeredByAll(ClassicGroup group, String protocolName) {
        for (Member member : group.members()) if (!member.offers(protocolName)) return false;
        return true;
    }

    /**
     * A group without members takes any protocol; another takes whoever shares its type and a protocol of
     * all.
     */
    static boolean accepts(ClassicGroup group, String protocolType, List<Protocol> protocols) {
        if (group.is(GroupPhase.EMPTY)) return !protocolType.isEmpty() && !protocols.isEmpty();
        if (!group.protocolType().equals(protocolType)) return false;
        for (Protocol protocol : protocols) if (offeredByAll(group, protocol.name())) return true;
        return false;
    }

    /**
     * What is due in the group. One that came from the journal without a leader has changed to the classic
     * protocol in a round that a crash ended: the round is owed, since what its members have may be less than
     * all there is.
     */
    void timePassed(Draft draft, long nowMs) {
        ClassicGroup group = draft.group();
        if (group.isUnarmed()) {
            draft.add(new MembersArmed(group.groupId(), nowMs));
            if (draft.group().isUnled()) rebalance(draft, nowMs);
        }
        for (String memberId : group.dueMembers(nowMs)) removeSilent(draft, memberId, nowMs);
        if (group.syncIsDue(nowMs)) removeUnsynced(draft, nowMs);
        if (group.is(GroupPhase.PREPARING_REBALANCE) && group.round().deadlineMs() <= nowMs) {
            roundIsDue(draft, nowMs);
        }
    }

    private void removeSilent(Draft draft, String memberId, long nowMs) {
        ClassicGroup group = draft.group();
        if (group.deadlineOf(memberId) > nowMs) return;
        boolean wasMember = group.member(memberId) != null;
        draft.add(new MemberRemoved(group.groupId(), memberId));
        if (group.is(GroupPhase.PREPARING_REBALANCE)) {
            if (group.allJoined()) end(draft, nowMs);
        } else if (wasMember) {
            rebalance(draft, nowMs);
        }
    }

    private void removeUnsynced(Draft draft, long nowMs) {
        ClassicGroup group = draft.group();
        for (String memberId : new ArrayList<>(group.unsynced())) {
            draft.add(new MemberRemoved(group.groupId(), memberId));
        }
        rebalance(draft, nowMs);
    }

    private void roundIsDue(Draft draft, long nowMs) {
        Round round = draft.group().round();
        if (!round.grown() || round.remainingMs() == 0) {
            end(draft, nowMs);
            return;
        }
        long stepMs = Math.min(limits.initialRebalanceDelayMs(), round.remainingMs());
        long remainingMs = Math.max(round.remainingMs() - round.stepMs(), 0);
        draft.add(new RoundExtended(draft.group().groupId(),
                new Round(true, false, nowMs + stepMs, stepMs, remainingMs)));
    }

    /**
     * The group as the journal will have it: its generation with what the leader assigned, nothing for whom
     * it left out.
     */
    static GroupStored assigned(ClassicGroup group, Map<String, byte[]> assignments, long nowMs) {
        List<StoredMember> members = new ArrayList<>(group.size());
        for (Member member : group.members()) {
            byte[] assignment = assignments.getOrDefault(member.memberId(), Member.NO_BYTES);
            members.add(new StoredMember(member.memberId(), member.instanceId(), member.clientId(),
                    member.clientHost(), member.sessionTimeoutMs(), member.rebalanceTimeoutMs(),
                    member.metadata(group.protocolName()), assignment));
        }
        return new GroupStored(group.groupId(), group.protocolType(), group.generation(),
                group.protocolName(), group.leaderId(), nowMs, members);
    }
}
