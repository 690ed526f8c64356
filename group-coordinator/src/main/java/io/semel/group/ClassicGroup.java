package io.semel.group;

import io.semel.group.GroupEvent.GenerationFormed;
import io.semel.group.GroupEvent.GroupStored;
import io.semel.group.GroupEvent.MemberIdGiven;
import io.semel.group.GroupEvent.MemberJoined;
import io.semel.group.GroupEvent.MemberReplaced;
import io.semel.group.GroupEvent.RoundBegan;
import io.semel.group.GroupEvent.StoredMember;
import io.semel.group.base.Deadlines;
import io.semel.kernel.law.Invariant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * One classic group: its phase, generation, members and deadlines. Changes by events only, which a {@link
 * Draft} folds into a copy first. Of all this only what {@link #stored()} says is in the journal. Owned by
 * the room's lane.
 */
final class ClassicGroup {
    private final String groupId;
    private final Map<String, Member> members;
    private final TreeMap<String, String> memberByInstance;
    private final TreeSet<String> promised;
    private final TreeSet<String> unsynced;
    private final TreeMap<Long, String> parkedJoins;
    private final Deadlines deadlines;
    private GroupPhase phase = GroupPhase.EMPTY;
    private int generation;
    private String protocolType = "";
    private String protocolName;
    private String leaderId;
    private Round round;
    private long syncDeadlineMs = Deadlines.NEVER;
    private boolean unarmed;
    private boolean unled;
    private GroupStored stored;

    ClassicGroup(String groupId) {
        this.groupId = groupId;
        members = new LinkedHashMap<>();
        memberByInstance = new TreeMap<>();
        promised = new TreeSet<>();
        unsynced = new TreeSet<>();
        parkedJoins = new TreeMap<>();
        deadlines = new Deadlines();
    }

    private ClassicGroup(ClassicGroup other) {
        groupId = other.groupId;
        members = new LinkedHashMap<>(other.members);
        memberByInstance = new TreeMap<>(other.memberByInstance);
        promised = new TreeSet<>(other.promised);
        unsynced = new TreeSet<>(other.unsynced);
        parkedJoins = new TreeMap<>(other.parkedJoins);
        deadlines = new Deadlines(other.deadlines);
        phase = other.phase;
        generation = other.generation;
        protocolType = other.protocolType;
        protocolName = other.protocolName;
        leaderId = other.leaderId;
        round = other.round;
        syncDeadlineMs = other.syncDeadlineMs;
        unarmed = other.unarmed;
        unled = other.unled;
        stored = other.stored;
    }

    ClassicGroup copy() {
        return new ClassicGroup(this);
    }

    // What stands

    String groupId() {
        return groupId;
    }

    GroupPhase phase() {
        return phase;
    }

    boolean is(GroupPhase asked) {
        return phase == asked;
    }

    int generation() {
        return generation;
    }

    /** Empty for none. */
    String protocolType() {
        return protocolType;
    }

    /** Null for none; so is {@link #leaderId()}. */
    String protocolName() {
        return protocolName;
    }

    String leaderId() {
        return leaderId;
    }

    boolean isLeader(String memberId) {
        return memberId.equals(leaderId);
    }

    /** In the order they came. */
    Collection<Member> members() {
        return Collections.unmodifiableCollection(members.values());
    }

    int size() {
        return members.size();
    }

    /** Null when it is not one. */
    Member member(String memberId) {
        return members.get(memberId);
    }

    /** The id of the static member of this name, null when there is none. */
    String memberOf(String instanceId) {
        return memberByInstance.get(instanceId);
    }

    /** The id was given out, and nobody has joined under it yet. */
    boolean hasPromised(String memberId) {
        return promised.contains(memberId);
    }

    int promisedCount() {
        return promised.size();
    }

    Collection<String> unsynced() {
        return Collections.unmodifiableCollection(unsynced);
    }

    /** For whom the join of this ticket waits, null when it does not. */
    String parkedFor(long ticket) {
        return parkedJoins.get(ticket);
    }

    /**
     * How many joins and syncs must be parked: one for each ticket whose member awaits the round, and for
     * each who awaits its sync.
     */
    int waitingCount() {
        int count = 0;
        for (String memberId : parkedJoins.values()) {
            Member member = members.get(memberId);
            if (member != null && member.awaitingJoin()) count++;
        }
        for (Member member : members.values()) if (member.awaitingSync()) count++;
        return count;
    }

    Round round() {
        return round;
    }

    int awaitingJoinCount() {
        int count = 0;
        for (Member member : members.values()) if (member.awaitingJoin()) count++;
        return count;
    }

    boolean allJoined() {
        return promised.isEmpty() && awaitingJoinCount() == members.size();
    }

    /** The longest any member wants to be waited for. */
    int rebalanceTimeoutMs() {
        int longest = 0;
        for (Member member : members.values()) longest = Math.max(longest, member.rebalanceTimeoutMs());
        return longest;
    }

    /** Null when the journal does not know the group itself. */
    GroupStored stored() {
        return stored;
    }

    /** Nothing is left of it but its name. */
    boolean isBare() {
        return phase == GroupPhase.EMPTY && stored == null && members.isEmpty() && promised.isEmpty()
                && parkedJoins.isEmpty();
    }

    long deadlineOf(String memberId) {
        return deadlines.of(memberId);
    }

    List<String> dueMembers(long nowMs) {
        return deadlines.due(nowMs, Integer.MAX_VALUE);
    }

    boolean isUnarmed() {
        return unarmed;
    }

    /** Nobody led its generation: what its members have is left from another protocol. */
    boolean isUnled() {
        return unled;
    }

    boolean syncIsDue(long nowMs) {
        return !unsynced.isEmpty() && syncDeadlineMs <= nowMs;
    }

    long nextDeadlineMs() {
        if (unarmed) return 0;
        long next = deadlines.firstMs();
        if (round != null) next = Math.min(next, round.deadlineMs());
        return unsynced.isEmpty() ? next : Math.min(next, syncDeadlineMs);
    }

    // What happens

    void promise(MemberIdGiven event) {
        promised.add(event.memberId());
        deadlines.set(event.memberId(), event.deadlineMs());
    }

    void join(MemberJoined event) {
        Member member = event.member();
        if (members.isEmpty()) protocolType = event.protocolType();
        if (leaderId == null) leaderId = member.memberId();
        if (round != null && !members.containsKey(member.memberId())) round = round.grow();
        promised.remove(member.memberId());
        put(member, event.deadlineMs());
    }

    void replace(MemberReplaced event) {
        boolean leads = isLeader(event.oldMemberId());
        members.remove(event.oldMemberId());
        unsynced.remove(event.oldMemberId());
        deadlines.clear(event.oldMemberId());
        put(event.member(), event.deadlineMs());
        if (leads) leaderId = event.member().memberId();
    }

    void remove(String memberId) {
        Member member = members.remove(memberId);
        if (member != null && member.isStatic()) memberByInstance.remove(member.instanceId());
        promised.remove(memberId);
        unsynced.remove(memberId);
        deadlines.clear(memberId);
        if (isLeader(memberId)) leaderId = members.isEmpty() ? null : members.keySet().iterator().next();
    }

    void park(long ticket, String memberId) {
        parkedJoins.put(ticket, memberId);
    }

    void unpark(long ticket) {
        parkedJoins.remove(ticket);
    }

    void touch(String memberId, long deadlineMs) {
        deadlines.set(memberId, deadlineMs);
    }

    void arm(long nowMs) {
        unarmed = false;
        for (Member member : members.values()) {
            if (deadlines.of(member.memberId()) == Deadlines.NEVER && !member.waitsForUs()) {
                renew(member, nowMs);
            }
        }
    }

    void begin(RoundBegan event) {
        become(GroupPhase.PREPARING_REBALANCE);
        round = event.round();
        unsynced.clear();
        syncDeadlineMs = Deadlines.NEVER;
        for (Member member : members.values()) {
            if (!member.awaitingSync()) continue;
            Member released = member.waitingForSync(false);
            members.put(member.memberId(), released);
            if (!released.waitsForUs()) renew(released, event.nowMs());
        }
    }

    void extend(Round longer) {
        round = longer;
    }

    void form(GenerationFormed event) {
        Invariant.check(event.generation() > generation, "generation %d does not follow %d",
                event.generation(), generation);
        become(GroupPhase.COMPLETING_REBALANCE);
        generation = event.generation();
        protocolName = event.protocolName();
        leaderId = event.leaderId();
        round = null;
        syncDeadlineMs = event.syncDeadlineMs();
        unarmed = false;
        for (Member member : members.values()) {
            members.put(member.memberId(), member.inGeneration());
            unsynced.add(member.memberId());
            renew(member, event.nowMs());
        }
    }

    void awaitSync(String memberId) {
        members.put(memberId, members.get(memberId).waitingForSync(true));
        unsynced.remove(memberId);
        deadlines.clear(memberId);
    }

    void synced(String memberId, long deadlineMs) {
        members.put(memberId, members.get(memberId).waitingForSync(false));
        unsynced.remove(memberId);
        deadlines.set(memberId, deadlineMs);
    }

    /** A journal from before a group that changed its protocol was given a leader names none. */

    /**
     * Live, the members are there and get their assignments; from the journal they come as it has them,
     * without deadlines.
     */
    void store(GroupStored event) {
        become(event.members().isEmpty() ? GroupPhase.EMPTY : GroupPhase.STABLE);
        stored = event;
        generation = event.generation();
        protocolType = event.protocolType();
        protocolName = event.protocolName();
        unled = event.leaderId() == null && !event.members().isEmpty();
        leaderId = unled ? event.members().get(0).memberId() : event.leaderId();
        round = null;
        Map<String, Member> before = new LinkedHashMap<>(members);
        members.clear();
        memberByInstance.clear();
        for (StoredMember each : event.members()) {
            Member live = before.remove(each.memberId());
            if (live == null) unarmed = true;
            Member member = live == null ? Member.stored(each, protocolName)
                    : live.storedAs(each, protocolName);
            put(member, deadlines.of(each.memberId()));
        }
        for (String gone : before.keySet()) {
            deadlines.clear(gone);
            unsynced.remove(gone);
        }
        if (members.isEmpty()) unarmed = false;
    }

    /** The journal no longer knows it. */
    void forget() {
        for (String memberId : new ArrayList<>(members.keySet())) remove(memberId);
        become(GroupPhase.EMPTY);
        stored = null;
        generation = 0;
        protocolType = "";
        protocolName = null;
        leaderId = null;
        round = null;
        unarmed = false;
    }

    private void put(Member member, long deadlineMs) {
        members.put(member.memberId(), member);
        if (member.isStatic()) memberByInstance.put(member.instanceId(), member.memberId());
        deadlines.set(member.memberId(), deadlineMs);
    }

    private void renew(Member member, long nowMs) {
        deadlines.set(member.memberId(), nowMs + member.sessionTimeoutMs());
    }

    private void become(GroupPhase next) {
        if (!phase.mayBecome(next)) {
            Invariant.check(false, "group " + groupId + " may not go from " + phase + " to " + next);
        }
        phase = next;
    }
}
