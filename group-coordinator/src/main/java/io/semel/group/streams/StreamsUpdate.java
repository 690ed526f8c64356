package io.semel.group.streams;

import io.semel.group.assign.TopicFacts;
import io.semel.group.assign.TopicView;
import io.semel.group.base.Digest;
import io.semel.group.streams.StreamsEvent.Delayed;
import io.semel.group.streams.StreamsEvent.EpochSet;
import io.semel.group.streams.StreamsEvent.MemberSet;
import io.semel.group.streams.StreamsEvent.StandingSet;
import io.semel.group.streams.StreamsEvent.TargetEpochSet;
import io.semel.group.streams.StreamsEvent.TargetSet;
import io.semel.group.streams.StreamsEvent.TopicsSeen;
import io.semel.group.streams.StreamsEvent.TopologySet;
import io.semel.group.streams.Topology.Subtopology;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What a member's news does to its group: a new epoch when members, topology, topics or settings changed, a
 * new target for a new epoch, and the member's next step towards its target. Reads the group, changes
 * nothing. Used once.
 */
final class StreamsUpdate {
    static final String COPIES = "num.standby.replicas";

    private final StreamsGroup group;
    private final StreamsLimits limits;
    private final TopicView topics;
    private final long nowMs;
    private final List<StreamsEvent> events = new ArrayList<>();
    private final SortedMap<String, StreamsMember> members;
    private Topology topology;
    private TopologyPlan plan;
    private boolean changed;
    private boolean delayed;

    StreamsUpdate(StreamsGroup group, StreamsLimits limits, TopicView topics, long nowMs) {
        this.group = group;
        this.limits = limits;
        this.topics = topics;
        this.nowMs = nowMs;
        topology = group.topology();
        members = new TreeMap<>(group.members());
    }

    List<StreamsEvent> events() {
        return events;
    }

    /** Known once {@link #look} was called. */
    TopologyPlan plan() {
        return plan;
    }

    boolean isDelayed() {
        return delayed;
    }

    /** The topology that the group runs from now on. */
    void run(Topology told) {
        topology = told;
        events.add(new TopologySet(group.groupId(), told));
        changed = true;
    }

    /** @throws TopicPlanning.Impossible if the topology contradicts itself */
    void look() throws TopicPlanning.Impossible {
        plan = topology == group.topology() ? group.planFor(topics) : null;
        if (plan != null) return;
        plan = TopicPlanning.plan(topology, topics);
        events.add(new TopicsSeen(group.groupId(), topics, plan));
    }

    /** @param owned what the member says it has; null when it does not say */
    TaskStanding apply(StreamsMember told, Share owned) {
        StreamsMember before = group.member(told.memberId());
        members.put(told.memberId(), told);
        if (!told.equals(before)) {
            events.add(new MemberSet(group.groupId(), told));
            changed = true;
        }
        int epoch = nextEpoch();
        delay();
        TaskStanding standing = group.standing(told.memberId());
        Share target = Objects.requireNonNullElse(group.target(told.memberId()), Share.NONE);
        int targetEpoch = group.targetEpoch();
        if (epoch > targetEpoch && !delayed) {
            target = newTargets(epoch).get(told.memberId());
            targetEpoch = epoch;
        }
        TaskStanding next = new TaskReconciliation(targetEpoch, target, owned,
                group.freeFor(told, standing.assigned().and(target))).of(standing);
        if (!next.equals(standing)) events.add(new StandingSet(group.groupId(), told.memberId(), next));
        return next;
    }

    /** Whoever comes first into an empty group has it wait for others. */
    private void delay() {
        delayed = group.isDelayed(nowMs);
        if (!group.isEmpty() || limits.initialRebalanceDelayMs() == 0) {
            if (group.isDelayed() && !delayed) events.add(new Delayed(group.groupId(), 0));
            return;
        }
        delayed = true;
        events.add(new Delayed(group.groupId(), nowMs + limits.initialRebalanceDelayMs()));
    }

    private int nextEpoch() {
        int validated = plan.isReady() ? topology.epoch() : -1;
        long hash = hashOf(topology, topics);
        SortedMap<String, String> settings = settingsOf(limits);
        boolean same = !changed && hash == group.topicsHash() && validated == group.validatedEpoch()
                && settings.equals(group.settings());
        if (same) return group.epoch();
        int epoch = group.epoch() + 1;
        events.add(new EpochSet(group.groupId(), epoch, hash, validated, settings));
        return epoch;
    }

    /** By what tasks are handed out, under Kafka's names. */
    static SortedMap<String, String> settingsOf(StreamsLimits limits) {
        SortedMap<String, String> settings = new TreeMap<>();
        settings.put(COPIES, Integer.toString(limits.standbyReplicas()));
        return settings;
    }

    /** Changes when a topic that is needed comes, goes, or gets partitions. */
    private static long hashOf(Topology topology, TopicView topics) {
        Digest digest = new Digest();
        for (String name : topology.requiredTopics()) {
            TopicFacts facts = topics.named(name);
            if (facts == null) continue;
            digest.add(name).add(facts.id().getMostSignificantBits())
                    .add(facts.id().getLeastSignificantBits()).add(facts.partitions());
        }
        return digest.value();
    }

    /** Nobody has any as long as not all topics are there as they must be. */
    SortedMap<String, Share> newTargets(int epoch) {
        SortedMap<String, Share> before = new TreeMap<>();
        for (String each : members.keySet()) {
            if (group.target(each) != null) before.put(each, group.target(each));
        }
        List<Subtopology> stateful = new ArrayList<>();
        for (Subtopology each : topology.subtopologies()) if (each.isStateful()) stateful.add(each);
        List<TaskId> tasks = plan.isReady() ? plan.tasksOf(topology.subtopologies()) : List.of();
        List<TaskId> copied = plan.isReady() ? plan.tasksOf(stateful) : List.of();
        SortedMap<String, Share> targets = StickyTasks.assign(members.values(), before, tasks, copied,
                limits.standbyReplicas());
        targets.forEach((each, target) -> {
            if (!target.equals(before.get(each))) {
                events.add(new TargetSet(group.groupId(), each, target));
            }
        });
        events.add(new TargetEpochSet(group.groupId(), epoch, nowMs));
        return targets;
    }
}
