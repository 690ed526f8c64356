package io.semel.streams.run;

import io.semel.streams.StreamsError;
import io.semel.streams.StreamsError.Defect;
import io.semel.streams.run.HostedTask.Phase;
import io.semel.streams.task.TaskBatch;
import io.semel.streams.topology.Graph;
import io.semel.streams.topology.PartitionPlan;
import io.semel.streams.topology.SubTopology;
import java.time.Duration;
import java.util.ArrayList;
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
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.WakeupException;

/**
 * Hosts tasks on one group member and a ring of transactional producers: poll, process, commit, apply, again.
 * Everything the group gave is committed before the next poll, so that a revocation, which happens inside
 * poll, finds nothing in flight. Whatever fails is dropped and folded again; only what would fail the same
 * way again is thrown, as a {@link StreamsError}. Owned by one thread; only {@link #wakeup} may be called by
 * others.
 */
final class TaskHost implements ConsumerRebalanceListener {
    private static final Duration IDLE = Duration.ofMillis(100);
    private static final Duration BRIEF = Duration.ofMillis(20);
    private static final Duration ASK = Duration.ofMillis(1000);
    private static final int UNEXPLAINED_MAX = 3;
    private static final int TRANSACTIONAL_IDS = 3;

    private final Graph graph;
    private final PartitionPlan plan;
    private final Clients clients;
    private final Snapshots snapshots;
    private final Identity identity;
    private final RunStats stats;
    private final TxnRing ring;
    private final Consumer<byte[], byte[]> member;
    private final Restorer restorer;
    private final TreeMap<String, HostedTask> tasks = new TreeMap<>();
    private final TreeMap<String, HostedTask> warm = new TreeMap<>();
    private StreamsError refused;
    private StreamsError trouble;
    private boolean subscribed;
    private boolean assigned;
    private int failures;

    /** Who a host is: its group membership, if it persists, and what its transactional ids begin with. */
    record Identity(java.util.Optional<String> groupInstanceId, String transactionalId, String clientId) {
    }

    TaskHost(Graph graph, PartitionPlan plan, Clients clients, Snapshots snapshots, Identity identity,
             RunStats stats) {
        this.snapshots = snapshots;
        this.graph = graph;
        this.plan = plan;
        this.clients = clients;
        this.identity = identity;
        this.stats = stats;
        this.ring = new TxnRing(clients, identity.transactionalId(), TRANSACTIONAL_IDS);
        this.member = clients.member(graph.name(), identity.groupInstanceId(), identity.clientId());
        this.restorer = new Restorer(clients.reader(identity.clientId() + "-restore"));
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
            prepare();
            ConsumerRecords<byte[], byte[]> polled = poll();
            if (refused != null) {
                throw refused;
            }
            process(polled);
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

    /** Leaves the group, so that others take over at once, and lets the clients go. */
    void close() {
        try {
            member.close(CloseOptions.timeout(KafkaClients.closeTimeout())
                    .withGroupMembershipOperation(GroupMembershipOperation.LEAVE_GROUP));
        } finally {
            try {
                ring.close();
            } finally {
                restorer.close();
            }
        }
    }

    private ConsumerRecords<byte[], byte[]> poll() {
        boolean preparing = tasks.values().stream()
                .anyMatch(task -> task.phase() == Phase.ASKING || task.phase() == Phase.FOLDING);
        try {
            return member.poll(preparing ? BRIEF : IDLE);
        } catch (NoOffsetForPartitionException none) {
            member.seekToBeginning(none.partitions());
            return ConsumerRecords.empty();
        }
    }

    private void process(ConsumerRecords<byte[], byte[]> polled) {
        List<HostedTask> busy = new ArrayList<>();
        List<TaskBatch> batches = new ArrayList<>();
        Map<TopicPartition, OffsetAndMetadata> offsets = new LinkedHashMap<>();
        int taken = 0;
        for (HostedTask task : tasks.values()) {
            TaskBatch batch = task.turn(polled, System.currentTimeMillis());
            if (batch != null) {
                busy.add(task);
                batches.add(batch);
                offsets.putAll(task.offsets(batch, polled, member::position));
                taken += batch.recordsIn();
            }
        }
        if (taken != polled.count()) {
            throw new Defect("polled " + polled.count() + " records of " + polled.partitions()
                    + " but the tasks "
                    + tasks.keySet() + " own only " + taken, null);
        }
        if (batches.isEmpty()) {
            return;
        }
        List<Map<String, Long>> positions = ring.commit(batches, offsets, membership());
        for (int i = 0; i < busy.size(); i++) {
            busy.get(i).apply(batches.get(i), positions.get(i));
            stats.recordsOut.add(batches.get(i).outputs().size());
            stats.skipped.add(batches.get(i).skipped());
        }
        stats.recordsIn.add(taken);
        stats.commits.increment();
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

    /** Moves every task that is not processing yet one phase on, if it can. */
    private void prepare() {
        ask();
        List<HostedTask> folding = in(Phase.FOLDING);
        if (!folding.isEmpty()) {
            List<StoreFold> folds = new ArrayList<>();
            folding.forEach(task -> folds.addAll(task.folds().values()));
            stats.restored.add(restorer.turn(folds, BRIEF));
            for (HostedTask task : folding) {
                if (task.isFolded() && hasOffsetsForItsState(task)) {
                    task.folded(task.needsFilling() ? clients.topics().stableEnds(task.tables()) : Map.of());
                    member.resume(task.phase() == Phase.FILLING ? task.tables() : task.inputs());
                }
            }
        }
        for (HostedTask task : in(Phase.FILLING)) {
            if (isFilled(task)) {
                task.filled();
                member.resume(task.inputs());
            }
        }
    }

    /**
     * Asks where the committed inputs end. Stable offsets only: an answer waits for the transaction of a
     * former owner, and only then are the changelogs' ends asked for, so that they lie behind all that this
     * owner committed.
     */
    private void ask() {
        List<HostedTask> asking = in(Phase.ASKING);
        if (asking.isEmpty()) {
            return;
        }
        Set<TopicPartition> inputs = new LinkedHashSet<>();
        List<TopicPartition> changelogs = new ArrayList<>();
        asking.forEach(task -> {
            inputs.addAll(task.inputs());
            changelogs.addAll(task.changelogs());
        });
        Map<TopicPartition, OffsetAndMetadata> answers;
        try {
            answers = member.committed(inputs, ASK);
        } catch (TimeoutException pending) {
            return;
        }
        Map<TopicPartition, Long> ends = changelogs.isEmpty() ? Map.of() : clients.topics()
                .highWatermarks(changelogs);
        restorer.rest();
        for (HostedTask task : asking) {
            Map<TopicPartition, Long> committed = new LinkedHashMap<>();
            for (TopicPartition input : task.inputs()) {
                OffsetAndMetadata answer = answers.get(input);
                if (answer == null) {
                    member.seekToBeginning(List.of(input));
                } else {
                    member.seek(input, answer);
                    committed.put(input, answer.offset());
                }
            }
            task.fold(committed, ends);
        }
    }

    /**
     * State without offsets means that every input would be counted again. Asked once more, because a member
     * that stood still may have asked before and folded after another owner's first commit.
     */
    private boolean hasOffsetsForItsState(HostedTask task) {
        if (!task.isStateWithoutOffsets()) {
            return true;
        }
        Map<TopicPartition, OffsetAndMetadata> answers;
        try {
            answers = member.committed(task.inputs(), ASK);
        } catch (TimeoutException pending) {
            return false;
        }
        if (answers.values().stream().allMatch(java.util.Objects::isNull)) {
            throw new StreamsError.Incompatible(task.name() + " has state in " + task.changelogs()
                    + " but group '" + graph.name() + "' has no committed offset for its inputs "
                    + task.inputs(),
                    "nothing is processed, because every input would be counted again",
                    "set the group's offsets to where the state ends, or delete the changelog to begin anew",
                    null);
        }
        task.foldAgain();
        return false;
    }

    private boolean isFilled(HostedTask task) {
        try {
            for (TopicPartition table : task.tables()) {
                if (member.position(table, BRIEF) < task.tableEnd(table)) {
                    return false;
                }
            }
            return true;
        } catch (TimeoutException notYet) {
            return false;
        }
    }

    private List<HostedTask> in(Phase phase) {
        return tasks.values().stream().filter(task -> task.phase() == phase).toList();
    }

    private void heal(RuntimeException failure) {
        Triage.Finding finding = Triage.judge(failure);
        failures++;
        boolean unexplained = finding.error() instanceof Defect && !(failure instanceof StreamsError);
        if (!finding.heals() && !(unexplained && failures <= UNEXPLAINED_MAX)) {
            throw finding.error();
        }
        trouble = finding.error();
        stats.healed.increment();
        ring.abandon(failure);
        tasks.values().forEach(HostedTask::foldAgain);
        member.pause(member.assignment());
    }

    @Override
    public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
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
                HostedTask task = kept != null ? kept
                        : new HostedTask(graph, plan, snapshots, sub, partition.partition());
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
