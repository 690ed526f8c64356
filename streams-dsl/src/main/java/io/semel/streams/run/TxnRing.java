package io.semel.streams.run;

import io.semel.streams.run.CommitLane.Ticket;
import io.semel.streams.task.TaskBatch;
import io.semel.streams.task.TaskTurn;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Future;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;

/**
 * A few transactional ids used in turn. At any time at most one transaction is committing, on the lane, and
 * at most one is open, filled by the host with what the last commit's time lets pass. A coordinator answers a
 * commit when it is decided and may refuse the same id's next transaction until every marker is written;
 * another id need not wait for that.
 *
 * <p>Order is kept by two rules: records of n are acknowledged before the first of n + 1 is sent, and commit
 * n is answered before commit n + 1 is sent. So readers see n before n + 1 in every partition, and when n
 * fails, n + 1 can still be aborted with it. Owned by the host's thread; fails as {@link TxnSlot} does, after
 * which only {@link #abandon} is allowed.
 */
final class TxnRing {
    private static final Duration A_LONG_TIME = Duration.ofMinutes(2);
    private final Clients clients;
    private final CommitLane lane;
    private final List<TxnSlot> slots = new ArrayList<>();
    private int next;
    private TxnSlot unflushed;
    private Unit open;
    private Unit committing;

    /** What a task did in a transaction, with the acknowledgements that tell its changelog positions. */
    record Part(HostedTask task, TaskBatch batch, Map<String, Future<RecordMetadata>> acks) {
    }

    /** One transaction and what becomes true with it. */
    private static final class Unit {
        final TxnSlot slot;
        final Set<HostedTask> tasks = new LinkedHashSet<>();
        final List<Part> parts = new ArrayList<>();
        final Map<TopicPartition, OffsetAndMetadata> offsets = new LinkedHashMap<>();
        int records;
        long launchedNs;
        Ticket ticket;

        Unit(TxnSlot slot) {
            this.slot = slot;
        }
    }

    /** What a commit made true: its parts in order, and how long it took to be acknowledged. */
    record Committed(List<Part> parts, int records, long tookNs) {
    }

    TxnRing(Clients clients, String transactionalIdPrefix, int size) {
        this.clients = clients;
        this.lane = clients.lane(transactionalIdPrefix + "-commit");
        for (int i = 0; i < size; i++) {
            slots.add(new TxnSlot(clients, transactionalIdPrefix + "-" + i));
        }
    }

    /** Makes sure that every id has a producer, so that nothing of a dead predecessor stays open. */
    void ready() {
        slots.forEach(TxnSlot::ready);
    }

    /** Sends what a turn gave into the open transaction, which begins with it if there is none. */
    void add(HostedTask task, TaskTurn turn, Map<TopicPartition, OffsetAndMetadata> offsets) {
        if (open == null) {
            flushLast();
            open = new Unit(slots.get(next));
            next = (next + 1) % slots.size();
            open.slot.begin();
        }
        open.tasks.add(task);
        open.slot.send(turn.outputs());
        open.offsets.putAll(offsets);
        open.records += turn.recordsIn();
    }

    boolean isOpen() {
        return open != null;
    }

    /** How many input records the open transaction has taken. */
    int records() {
        return open == null ? 0 : open.records;
    }

    boolean isCommitting() {
        return committing != null;
    }

    /** Whether the commit under way has been answered, or there is none. */
    boolean isAnswered() {
        return committing == null || committing.ticket.isDone();
    }

    /** Waits for the answer of the commit under way; false if it takes longer than {@code wait}. */
    boolean await(Duration wait) {
        return committing == null || committing.ticket.await(wait);
    }

    /**
     * Seals what the tasks of the open transaction have changed and sends it, one change by key, and what
     * was held back until now; then the commit. Returns its parts. The last one has been taken.
     */
    List<Part> launch(ConsumerGroupMetadata group) {
        if (committing != null) {
            throw new IllegalStateException("commit n has not been answered before commit n + 1");
        }
        for (HostedTask task : open.tasks) {
            TaskBatch batch = task.seal();
            open.slot.send(batch.outputs());
            open.parts.add(new Part(task, batch, open.slot.sendChanges(batch.stores())));
        }
        if (clients.isSabotaged(Saboteur.APPLY_BEFORE_COMMITTED)) {
            open.slot.flush();
        }
        open.launchedNs = System.nanoTime();
        open.ticket = lane.submit(open.slot.finish(open.offsets, group));
        unflushed = open.slot;
        committing = open;
        open = null;
        return committing.parts;
    }

    /** Takes the outcome of the commit under way, which has been answered: null if there is none. */
    Committed take() {
        if (committing == null) {
            return null;
        }
        RuntimeException failure = committing.ticket.failure();
        boolean guessed = failure instanceof TimeoutException
                && clients.isSabotaged(Saboteur.GUESS_UNKNOWN_OUTCOME);
        if (failure != null && !guessed) {
            throw failure;
        }
        if (guessed) {
            committing.slot.flush();
        }
        Unit done = committing;
        done.slot.finished();
        committing = null;
        return new Committed(done.parts, done.records, System.nanoTime() - done.launchedNs);
    }

    /** Waits for the commit under way, however it ends, and takes it; null if there is none. */
    Committed settle() {
        while (!await(A_LONG_TIME)) {
            continue;
        }
        return take();
    }

    /**
     * Gives up what is in flight. A commit under way has ended by now: {@link #settle} comes first. A failure
     * that says nothing against the producers leaves them in use.
     */
    void abandon(Throwable failure) {
        boolean sound = Triage.isSound(failure);
        slots.forEach(slot -> slot.abandon(sound, failure));
        open = null;
        committing = null;
        unflushed = null;
    }

    void close() {
        try {
            slots.forEach(TxnSlot::close);
        } finally {
            lane.close();
        }
    }

    private void flushLast() {
        if (unflushed != null) {
            unflushed.flush();
            unflushed = null;
        }
    }
}
