package io.semel.streams.run;

import io.semel.streams.StreamsError;
import io.semel.streams.StreamsError.Defect;
import io.semel.streams.StreamsError.PoisonRecord;
import io.semel.streams.run.HostedTask.Phase;
import io.semel.streams.task.TaskTurn;
import io.semel.streams.topology.Graph;
import io.semel.streams.topology.PartitionPlan;
import io.semel.streams.topology.SubTopology;
import java.time.Duration;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.CloseOptions.GroupMembershipOperation;
import org.apache.kafka.clients.consumer.CommitFailedException;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.NoOffsetForPartitionException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Hosts tasks on one group member and a ring of transactional producers: poll, process, send; commit as soon
 * as the last commit is answered, a little later if much lies ready; apply what is committed; again. While a
 * commit is under way the next transaction is filled, so that batches grow by themselves under load and a
 * single record is committed at once. A revocation, which happens inside poll, finishes or aborts what is in
 * flight before tasks are let go. Whatever fails is dropped and folded again; only what would fail the same
 * way again is thrown, as a {@link StreamsError}. Owned by one thread; only {@link #wakeup} may be called by
 * others.
 */
final class TaskHost implements ConsumerRebalanceListener {
    private static final Logger LOG = LoggerFactory.getLogger(TaskHost.class);
    private static final Duration IDLE = Duration.ofMillis(100);
    private static final Duration SOON = Duration.ofMillis(5);
    private static final int UNEXPLAINED_MAX = 3;
    private static final int TRANSACTIONAL_IDS = 3;
    private static final Duration LEAST = Duration.ofMillis(1);

    private final Graph graph;
    private final PartitionPlan plan;
    private final Clients clients;
    private final Snapshots snapshots;
    private final Identity identity;
    private final RunStats stats;
    private final TxnRing ring;
    private final Pace pace;
    private final Consumer<byte[], byte[]> member;
    private final Preparation preparation;
    private final Broadcasts broadcasts;
    private final ExistingTopics chosen;
    private final TreeMap<String, HostedTask> tasks = new TreeMap<>();
    private final TreeMap<String, HostedTask> warm = new TreeMap<>();
    private StreamsError refused;
    private RuntimeException unsettled;
    /** So many polls are yet committed one by one. */
    private int cautious;
    private StreamsError trouble;
    private boolean subscribed;
    private boolean assigned;
    private int failures;

    /**
     * Who a host is: its group membership, if it persists, what its transactional ids begin with; how long it
     * waits at least between two commits, and how many records a poll gives at most.
     */
    record Identity(java.util.Optional<String> groupInstanceId, String transactionalId, String clientId,
                    long commitMinIntervalMs, int pollRecordsMax) {
    }

    TaskHost(Graph graph, PartitionPlan plan, Clients clients, Snapshots snapshots, Identity identity,
             RunStats stats) {
        this.chosen = new ExistingTopics(graph, clients.topics());
        this.snapshots = snapshots;
        this.graph = graph;
        this.plan = plan;
        this.clients = clients;
        this.identity = identity;
        this.stats = stats;
        this.ring = new TxnRing(clients, identity.transactionalId(), TRANSACTIONAL_IDS);
        this.pace = new Pace(identity.commitMinIntervalMs(), identity.pollRecordsMax());
        this.member = clients.member(graph.name(), identity.groupInstanceId(), identity.clientId());
        this.preparation = new Preparation(graph.name(), member, clients,
                new Restorer(clients.reader(identity.clientId() + "-restore")), stats);
        this.broadcasts = new Broadcasts(graph, plan, clients, identity.clientId());
    }

    /**
     * One turn. Returns how often in a row it has failed, 0 after a good turn, so that the caller may wait a
     * little before the next one.
     */
    int turn() {
        try {
            ring.ready();
            if (!subscribed) {
                member.subscribe(graph.sourceTopics(), this);
                subscribed = true;
            }
            if (broadcasts.turn()) {
                preparation.turn(tasks.values());
            }
            ConsumerRecords<byte[], byte[]> polled = poll();
            throwWhatPollCouldNot();
            process(polled);
            commit(polled.count());
            if (cautious > 0 && ring.isOpen()) {
                cautious--;
                finish();
            }
            in(Phase.PROCESSING).forEach(HostedTask::snapshot);
            failures = 0;
            trouble = null;
        } catch (WakeupException asked) {
            return failures;
        } catch (RuntimeException failure) {
            heal(failure);
        }
        return failures;
    }

    /** Where this host stands. */
    RunState state() {
        if (trouble != null) {
            return RunState.HEALING;
        }
        if (!assigned) {
            return RunState.STARTING;
        }
        boolean all = tasks.values().stream().allMatch(task -> task.phase() == Phase.PROCESSING);
        return all ? RunState.RUNNING : RunState.RESTORING;
    }

    /** What is being healed, or null. */
    StreamsError trouble() {
        return trouble;
    }

    /** Ends a poll that waits; the one method for other threads. */
    void wakeup() {
        member.wakeup();
    }

    /**
     * Finishes what is in flight, leaves the group, so that others take over at once, and lets the clients
     * go.
     */
    void close() {
        try {
            finishOrGiveUp();
            tasks.values().forEach(HostedTask::letGo);
            tasks.clear();
            member.close(CloseOptions.timeout(KafkaClients.closeTimeout())
                    .withGroupMembershipOperation(GroupMembershipOperation.LEAVE_GROUP));
        } finally {
            try {
                ring.close();
            } finally {
                preparation.close();
                broadcasts.close();
            }
        }
    }

    private ConsumerRecords<byte[], byte[]> poll() {
        if (ring.isCommitting() && !ring.isOpen() && pace.isTrickle()) {
            ring.await(SOON);
        }
        try {
            return member.poll(patience());
        } catch (NoOffsetForPartitionException none) {
            member.seekToBeginning(none.partitions());
            return ConsumerRecords.empty();
        }
    }

    /**
     * How long a poll may wait for records: not longer than something else may be due. It returns late when
     * there are none, also when it has joined meanwhile; the restorer waits for its own.
     */
    private Duration patience() {
        if (!assigned || !in(Phase.ASKING).isEmpty() || !in(Phase.FOLDING).isEmpty()) {
            return in(Phase.FOLDING).isEmpty() ? SOON : Duration.ZERO;
        }
        if (ring.isOpen()) {
            long holdMs = pace.holdMs(clients.clockMs());
            return holdMs == 0 && !ring.isCommitting() ? LEAST
                    : Duration.ofMillis(Math.min(IDLE.toMillis(), holdMs));
        }
        return ring.isCommitting() ? SOON : IDLE;
    }

    private void throwWhatPollCouldNot() {
        if (refused != null) {
            throw refused;
        }
        if (unsettled != null) {
            RuntimeException failure = unsettled;
            unsettled = null;
            throw failure;
        }
    }

    /** Nothing is sent before all of it is processed: the last transaction's records travel meanwhile. */
    private void process(ConsumerRecords<byte[], byte[]> polled) {
        Map<HostedTask, TaskTurn> turns = new LinkedHashMap<>();
        int taken = 0;
        for (HostedTask task : tasks.values()) {
            TaskTurn turn = task.turn(polled, clients.clockMs());
            if (turn != null) {
                turns.put(task, turn);
                taken += turn.recordsIn();
            }
        }
        turns.forEach((task, turn) -> ring.add(task, turn, task.offsets(turn, polled, member::position)));
        if (taken != polled.count()) {
            throw new Defect("polled " + polled.count() + " records of " + polled.partitions()
                    + " but the tasks "
                    + tasks.keySet() + " own only " + taken, null);
        }
        pace.polled(polled.count(), ring.isOpen(), clients.clockMs());
    }

    /**
     * Takes an answered commit, and sends the next one when its turn has come: the last one is answered, and
     * the least interval has passed and not so much lies ready that it had better grow, or it is full. While
     * more records arrive and there is room, nothing is waited for.
     */
    private void commit(int polled) {
        boolean full = pace.isFull();
        if (ring.isOpen() && (polled == 0 || full)) {
            ring.await(IDLE);
        }
        if (!ring.isAnswered()) {
            return;
        }
        apply(ring.take());
        long nowMs = clients.clockMs();
        if (ring.isOpen() && (full || pace.holdMs(nowMs) == 0 && !pace.grows(polled, nowMs))) {
            launch();
        }
    }

    private void launch() {
        pace.launched(clients.clockMs());
        List<TxnRing.Part> sent = ring.launch(membership());
        if (clients.isSabotaged(Saboteur.APPLY_BEFORE_COMMITTED)) {
            sent.forEach(part -> part.task().apply(part.batch(), TxnSlot.positions(part.acks())));
        }
    }

    private void apply(TxnRing.Committed committed) {
        if (committed == null) {
            return;
        }
        for (TxnRing.Part part : committed.parts()) {
            if (!clients.isSabotaged(Saboteur.APPLY_BEFORE_COMMITTED)) {
                part.task().apply(part.batch(), TxnSlot.positions(part.acks()));
            }
            stats.recordsOut.add(part.batch().recordsOut());
            stats.skipped.add(part.batch().skipped());
            stats.deadLetters.add(part.batch().deadLetters());
        }
        stats.recordsIn.add(committed.records());
        stats.committed(committed.tookNs());
    }

    private void finishOrGiveUp() {
        try {
            finish();
        } catch (RuntimeException failure) {
            LOG.info("{}: what was in flight is given up: {}", identity.clientId(), failure.toString());
            ring.abandon(failure);
        }
    }

    /** Lets what is in flight end well, if it can: the commit under way, then the open transaction. */
    private void finish() {
        apply(ring.settle());
        if (ring.isOpen()) {
            launch();
            apply(ring.settle());
        }
    }

    /**
     * Who commits. A broker takes offsets of nobody in particular without asking: never send such (KIP-447).
     */
    private ConsumerGroupMetadata membership() {
        ConsumerGroupMetadata membership = member.groupMetadata();
        if (membership.generationId() < 0) {
            throw new CommitFailedException("lost the membership before the commit");
        }
        return membership;
    }

    private List<HostedTask> in(Phase phase) {
        return HostedTask.in(phase, tasks.values());
    }

    /**
     * A refused record takes with it what its transaction has of polls before: they are processed again and
     * committed poll by poll, so that all that lies before the record is done when the host stops at it.
     */
    private void heal(RuntimeException met) {
        RuntimeException failure = settled(met);
        Triage.Finding finding = Triage.judge(failure);
        failures++;
        boolean unexplained = finding.error() instanceof Defect && !(failure instanceof StreamsError);
        ring.abandon(failure);
        boolean again = failure instanceof PoisonRecord && pace.polls() > 0;
        pace.dropped();
        if (again) {
            cautious = 2 * Pace.POLLS_MAX;
        } else if (!finding.heals() && !(unexplained && failures <= UNEXPLAINED_MAX)) {
            throw finding.error();
        }
        trouble = finding.error();
        stats.healed.increment();
        if (!clients.isSabotaged(Saboteur.KEEP_CHANGES_OF_ABORTED)) {
            tasks.values().forEach(HostedTask::drop);
        }
        tasks.values().forEach(HostedTask::foldAgain);
        member.pause(member.assignment());
    }

    /**
     * Lets the commit under way end before anything is given up. If it fails, too, that is the failure: what
     * came after it rests on it.
     */
    private RuntimeException settled(RuntimeException failure) {
        try {
            apply(ring.settle());
            return failure;
        } catch (RuntimeException first) {
            if (first != failure) {
                first.addSuppressed(failure);
            }
            return first;
        }
    }

    /** What fails here is thrown after the poll, which would wrap it. */
    @Override
    public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
        try {
            finish();
        } catch (RuntimeException failure) {
            unsettled = failure;
        }
        tasks.values().forEach(HostedTask::drop);
        tasks.values().forEach(HostedTask::foldAgain);
        warm.putAll(tasks);
        tasks.clear();
    }

    @Override
    public void onPartitionsLost(Collection<TopicPartition> partitions) {
        onPartitionsRevoked(partitions);
    }

    @Override
    public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
        assigned = true;
        Set<TopicPartition> given = new LinkedHashSet<>(partitions);
        for (TopicPartition partition : partitions) {
            if (partition.partition() >= plan.count(partition.topic())) {
                refuse("topic '" + partition.topic() + "' had " + plan.count(partition.topic())
                        + " partitions at start and has more now", "start all instances again; stores and via"
                        + " topics behind it keep their counts, so a new topic is the better way");
                continue;
            }
            SubTopology sub = graph.readerOf(partition.topic());
            String name = sub.index() + "_" + partition.partition();
            if (!tasks.containsKey(name)) {
                HostedTask kept = warm.remove(name);
                HostedTask task = kept != null ? kept : new HostedTask(graph, plan, snapshots, broadcasts,
                        chosen, stats.meter(graph.name(), sub, partition.partition()));
                tasks.put(name, task);
                requireWhole(task, given);
            }
        }
        warm.values().forEach(HostedTask::letGo);
        warm.clear();
        member.pause(partitions);
    }

    private void requireWhole(HostedTask task, Set<TopicPartition> given) {
        Set<TopicPartition> absent = new LinkedHashSet<>(task.inputs());
        absent.removeAll(given);
        if (!absent.isEmpty()) {
            refuse(task.name() + " was given some of its inputs but not " + absent,
                    "run only instances of the same version in group '" + graph.name() + "'");
        }
    }

    /** Told after the poll: what a listener throws does not get through as it is. */
    private void refuse(String what, String action) {
        refused = new StreamsError.Incompatible(what, action);
    }
}
