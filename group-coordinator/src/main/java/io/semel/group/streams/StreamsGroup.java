package io.semel.group.streams;

import io.semel.group.assign.TopicView;
import io.semel.group.base.Deadlines;
import io.semel.group.base.Digest;
import io.semel.group.streams.StreamsEvent.EpochSet;
import io.semel.group.streams.StreamsEvent.Erased;
import io.semel.group.streams.StreamsEvent.Kind;
import io.semel.group.streams.StreamsEvent.MemberSet;
import io.semel.group.streams.StreamsEvent.StandingSet;
import io.semel.group.streams.StreamsEvent.TargetEpochSet;
import io.semel.group.streams.StreamsEvent.TargetSet;
import io.semel.group.streams.StreamsEvent.TopologySet;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * One streams group (KIP-1071). Its epoch rises when members, topology, topics or settings change; the target
 * follows it, and each member's standing follows the target. All but deadlines, a delay and a shutdown that
 * was asked for is in the journal. Changes by events only. Owned by the room's lane.
 */
public final class StreamsGroup {
    private static final int NO_RECORD = -1;
    private static final int FIRST_EPOCH = 1;

    private final String groupId;
    private final TreeMap<String, StreamsMember> members = new TreeMap<>();
    private final TreeMap<String, TaskStanding> standings = new TreeMap<>();
    private final TreeMap<String, Share> targets = new TreeMap<>();
    private final TreeMap<TaskId, String> activeHolders = new TreeMap<>();
    private final TreeMap<TaskId, TreeSet<String>> copyHolders = new TreeMap<>();
    private final Deadlines sessions = new Deadlines();
    private final Deadlines steps = new Deadlines();
    private int epoch = NO_RECORD;
    private long topicsHash;
    private int validatedEpoch = -1;
    private SortedMap<String, String> settings = new TreeMap<>();
    private int targetEpoch = NO_RECORD;
    private long targetMs;
    private Topology topology;
    private SortedMap<String, String> readers = new TreeMap<>();
    private TopicView seen;
    private TopologyPlan plan;
    private long delayedUntilMs;
    private String shutdownAskedBy;

    public StreamsGroup(String groupId) {
        this.groupId = groupId;
    }

    // What stands

    public String groupId() {
        return groupId;
    }

    /** 1 for a group that has just come into being; so is {@link #targetEpoch()}: 0 says that one joins. */
    int epoch() {
        return epoch == NO_RECORD ? FIRST_EPOCH : epoch;
    }

    long topicsHash() {
        return topicsHash;
    }

    int validatedEpoch() {
        return validatedEpoch;
    }

    SortedMap<String, String> settings() {
        return settings;
    }

    int targetEpoch() {
        return targetEpoch == NO_RECORD ? FIRST_EPOCH : targetEpoch;
    }

    /** When the target was made; for an empty group, when it became empty. 0 when not told. */
    public long targetMs() {
        return targetMs;
    }

    /** Null until a member has told one. */
    Topology topology() {
        return topology;
    }

    public boolean isEmpty() {
        return members.isEmpty();
    }

    int size() {
        return members.size();
    }

    /** By id. Not to be changed. */
    SortedMap<String, StreamsMember> members() {
        return Collections.unmodifiableSortedMap(members);
    }

    /** Null when it is not one. */
    StreamsMember member(String memberId) {
        return members.get(memberId);
    }

    public boolean hasMember(String memberId) {
        return members.containsKey(memberId);
    }

    TaskStanding standing(String memberId) {
        return standings.getOrDefault(memberId, TaskStanding.NEW);
    }

    /** What a member's heartbeats and commits must tell. */
    public int epochOf(String memberId) {
        return standing(memberId).epoch();
    }

    /** Null when the member has had none yet. */
    Share target(String memberId) {
        return targets.get(memberId);
    }

    /** Who runs the task, or has yet to give it up; null for nobody. */
    String activeHolder(TaskId task) {
        return activeHolders.get(task);
    }

    /**
     * Others who are in a member's way: nobody else runs the task, and within its process nobody else has it
     * in any role, since the process has one state directory.
     *
     * @param kept what the member has that it is to keep
     */
    TaskReconciliation.Free freeFor(StreamsMember member, Share kept) {
        return new TaskReconciliation.Free() {
            @Override
            public boolean active(TaskId task) {
                String holder = activeHolders.get(task);
                boolean taken = holder != null && !holder.equals(member.memberId());
                return !taken && !kept.copies().has(task) && !hasCopyInProcess(task);
            }

            @Override
            public boolean copy(TaskId task) {
                String holder = activeHolders.get(task);
                boolean runsHere = holder != null && !holder.equals(member.memberId()) && isInProcess(holder);
                return !runsHere && !kept.active().has(task) && !hasCopyInProcess(task);
            }

            private boolean hasCopyInProcess(TaskId task) {
                for (String holder : copyHolders.getOrDefault(task, new TreeSet<>())) {
                    if (!holder.equals(member.memberId()) && isInProcess(holder)) return true;
                }
                return false;
            }

            private boolean isInProcess(String memberId) {
                StreamsMember other = members.get(memberId);
                return other != null && other.processId().equals(member.processId());
            }
        };
    }

    /** The task that reads a partition; null when none does. */
    TaskId readerOf(String topic, int partition) {
        String subtopology = readers.get(topic);
        return subtopology == null ? null : new TaskId(subtopology, partition);
    }

    /** Null unless it was made for these topics. */
    TopologyPlan planFor(TopicView topics) {
        return topics.equals(seen) ? plan : null;
    }

    /** The topics as a member's call brought them last; null until one has. */
    TopicView seen() {
        return seen;
    }

    TopologyPlan plan() {
        return plan;
    }

    boolean isDelayed(long nowMs) {
        return nowMs < delayedUntilMs;
    }

    boolean isDelayed() {
        return delayedUntilMs > 0;
    }

    long delayedUntilMs() {
        return delayedUntilMs;
    }

    /** Null for nobody. */
    String shutdownAskedBy() {
        return shutdownAskedBy;
    }

    /** Whether members need the topic's offsets. */
    public boolean reads(String topic) {
        return !members.isEmpty() && readers.containsKey(topic);
    }

    /** As Kafka's tools show it. */
    public String state() {
        if (members.isEmpty()) return "Empty";
        if (topology == null || topology.epoch() != validatedEpoch) return "NotReady";
        if (epoch() > targetEpoch()) return "Assigning";
        for (String memberId : members.keySet()) {
            TaskStanding standing = standing(memberId);
            boolean there = standing.phase() == TaskPhase.STABLE && standing.epoch() == targetEpoch();
            if (!there) return "Reconciling";
        }
        return "Stable";
    }

    /** Nothing of it is in the journal. */
    public boolean isBare() {
        return epoch == NO_RECORD && targetEpoch == NO_RECORD && members.isEmpty() && standings.isEmpty()
                && targets.isEmpty() && topology == null;
    }

    // Deadlines

    public long nextDeadlineMs() {
        if (isUnarmed()) return 0;
        long nextMs = Math.min(sessions.firstMs(), steps.firstMs());
        return delayedUntilMs > 0 ? Math.min(nextMs, delayedUntilMs) : nextMs;
    }

    /** Some member has no deadline: it came from the journal. */
    boolean isUnarmed() {
        return sessions.count() < members.size();
    }

    boolean awaitsStepOf(String memberId) {
        return steps.of(memberId) != Deadlines.NEVER;
    }

    /** Members that were not heard of, or did not do what was asked of them, in time. */
    Collection<String> dueMembers(long nowMs) {
        Set<String> due = new TreeSet<>(sessions.due(nowMs, Integer.MAX_VALUE));
        due.addAll(steps.due(nowMs, Integer.MAX_VALUE));
        return due;
    }

    // As events

    /** The tombstones of one member. */
    List<StreamsEvent> erasuresOf(String memberId) {
        return List.of(new Erased(groupId, Kind.STANDING, memberId),
                new Erased(groupId, Kind.MEMBER_TARGET, memberId),
                new Erased(groupId, Kind.MEMBER, memberId));
    }

    /** The tombstones of all there is. */
    public List<StreamsEvent> erasures() {
        List<StreamsEvent> erasures = new ArrayList<>();
        Set<String> names = new TreeSet<>(members.keySet());
        names.addAll(standings.keySet());
        names.addAll(targets.keySet());
        for (String memberId : names) erasures.addAll(erasuresOf(memberId));
        erasures.add(new Erased(groupId, Kind.TARGET, null));
        erasures.add(new Erased(groupId, Kind.GROUP, null));
        erasures.add(new Erased(groupId, Kind.TOPOLOGY, null));
        return erasures;
    }

    /** All that the journal has of it, as events that lead here from nothing. */
    public List<StreamsEvent> restated() {
        List<StreamsEvent> events = new ArrayList<>();
        if (topology != null) events.add(new TopologySet(groupId, topology));
        members.values().forEach(member -> events.add(new MemberSet(groupId, member)));
        targets.forEach((memberId, target) -> events.add(new TargetSet(groupId, memberId, target)));
        standings.forEach((memberId, standing) -> events.add(new StandingSet(groupId, memberId, standing)));
        if (epoch != NO_RECORD) {
            events.add(new EpochSet(groupId, epoch, topicsHash, validatedEpoch, settings));
        }
        if (targetEpoch != NO_RECORD) events.add(new TargetEpochSet(groupId, targetEpoch, targetMs));
        return events;
    }

    // What happens

    void setEpoch(EpochSet event) {
        epoch = event.epoch();
        topicsHash = event.topicsHash();
        validatedEpoch = event.validatedEpoch();
        settings = event.settings();
    }

    void setMember(StreamsMember member) {
        members.put(member.memberId(), member);
    }

    void setTopology(Topology told) {
        topology = told;
        readers = told == null ? new TreeMap<>() : told.readers();
        seen = null;
        plan = null;
    }

    void setTargetEpoch(TargetEpochSet event) {
        targetEpoch = event.epoch();
        targetMs = event.timestampMs();
    }

    void setTarget(String memberId, Share target) {
        targets.put(memberId, target);
    }

    void setStanding(String memberId, TaskStanding standing) {
        release(memberId);
        standings.put(memberId, standing);
        Share held = standing.held();
        for (TaskId task : held.active().ids()) activeHolders.put(task, memberId);
        for (TaskId task : held.copies().ids()) {
            copyHolders.computeIfAbsent(task, id -> new TreeSet<>()).add(memberId);
        }
    }

    private void release(String memberId) {
        Share held = standing(memberId).held();
        for (TaskId task : held.active().ids()) activeHolders.remove(task, memberId);
        for (TaskId task : held.copies().ids()) {
            TreeSet<String> holders = copyHolders.get(task);
            if (holders == null) continue;
            holders.remove(memberId);
            if (holders.isEmpty()) copyHolders.remove(task);
        }
    }

    void erase(Kind kind, String name) {
        switch (kind) {
            case GROUP -> {
                epoch = NO_RECORD;
                topicsHash = 0;
                validatedEpoch = -1;
                settings = new TreeMap<>();
            }
            case TARGET -> {
                targetEpoch = NO_RECORD;
                targetMs = 0;
            }
            case MEMBER -> removeMember(name);
            case MEMBER_TARGET -> targets.remove(name);
            case STANDING -> {
                release(name);
                standings.remove(name);
            }
            case TOPOLOGY -> setTopology(null);
        }
    }

    private void removeMember(String memberId) {
        members.remove(memberId);
        sessions.clear(memberId);
        steps.clear(memberId);
        if (!members.isEmpty()) return;
        shutdownAskedBy = null;
        delayedUntilMs = 0;
    }

    void setSession(String memberId, long deadlineMs) {
        if (members.containsKey(memberId)) sessions.set(memberId, deadlineMs);
    }

    void awaitStep(String memberId, long deadlineMs) {
        if (members.containsKey(memberId)) steps.set(memberId, deadlineMs);
    }

    /** Whoever has no deadline gets a whole session, and its time for what it must give up. */
    void arm(long nowMs, int sessionTimeoutMs) {
        for (StreamsMember member : members.values()) {
            String memberId = member.memberId();
            if (sessions.of(memberId) == Deadlines.NEVER) sessions.set(memberId, nowMs + sessionTimeoutMs);
            boolean owes = standing(memberId).phase() == TaskPhase.UNREVOKED_TASKS;
            if (owes && !awaitsStepOf(memberId)) steps.set(memberId, nowMs + member.rebalanceTimeoutMs());
        }
    }

    void see(TopicView topics, TopologyPlan made) {
        seen = topics;
        plan = made;
    }

    void delay(long untilMs) {
        delayedUntilMs = untilMs;
    }

    void askShutdown(String memberId) {
        if (shutdownAskedBy == null) shutdownAskedBy = memberId;
    }

    /** Of what the journal has: its own records, which are all there is to know. */
    public void addTo(Digest digest) {
        StreamsEventCodec codec = new StreamsEventCodec();
        for (StreamsEvent event : restated()) {
            StreamsEvent.Durable durable = (StreamsEvent.Durable) event;
            digest.add(StreamsEventCodec.bytesOf(codec.key(durable)))
                    .add(StreamsEventCodec.bytesOf(codec.value(durable)));
        }
    }
}
