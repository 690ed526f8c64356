package io.semel.txn;

import io.semel.kernel.law.Gate;
import io.semel.kernel.law.ShardHost;
import io.semel.txn.TxnCommand.End;
import io.semel.txn.TxnCommand.Enlist;
import io.semel.txn.TxnCommand.InitProducerId;
import io.semel.txn.TxnCommand.MarkersWritten;
import io.semel.txn.TxnCommand.Verify;
import io.semel.txn.TxnReply.NeedsProducerId;
import io.semel.wire.topic.TopicPartition;
import java.util.ArrayList;
import java.util.List;

/**
 * The real room on the real host over a journal in memory; the test is the world: clock, force, courier,
 * crash, desk.
 */
final class Coordinator {
    /** One asker and what it was told. */
    static final class Asked {
        private final List<TxnReply> replies = new ArrayList<>();

        TxnReply reply() {
            if (replies.size() > 1) throw new AssertionError("answered more than once: " + replies);
            return replies.isEmpty() ? null : replies.get(0);
        }

        boolean waiting() {
            return reply() == null;
        }
    }

    /** A duty on its way. */
    record Carried(MarkerDuty duty, ShardHost.Outcome<TxnCommand> outcome) {
    }

    static final String ID = "app";
    static final TopicPartition IN_0 = new TopicPartition("in", 0);
    static final TopicPartition OUT_0 = new TopicPartition("out", 0);
    static final TopicPartition OUT_1 = new TopicPartition("out", 1);

    final RecordJournal journal = new RecordJournal();
    final List<Carried> carried = new ArrayList<>();
    private final TxnLimits limits;
    private final TxnFaults faults;
    private TxnShard shard;
    private ShardHost<TxnCommand, TxnEvent, TxnReply> host;
    private int coordinatorEpoch;
    long nowMs = 1_000;
    long freshProducerId = 100;
    /** Forces after every step, as if each were durable at once. */
    boolean forcing = true;

    Coordinator() {
        this(TxnLimits.DEFAULTS, TxnFaults.NONE);
    }

    Coordinator(TxnLimits limits, TxnFaults faults) {
        this.limits = limits;
        this.faults = faults;
        open();
    }

    private void open() {
        shard = journal.fold(new TxnShard(coordinatorEpoch, limits, faults));
        host = new ShardHost<>(shard, journal, new Gate(journal.durableOffset()),
            (duty, outcome) -> carried.add(new Carried((MarkerDuty) duty, outcome)));
        host.durable(nowMs);
    }

    /** Asks; when the room wants a producer id, asks the same again with one, as the desk does. */
    Asked ask(TxnCommand command) {
        Asked asked = new Asked();
        submit(command, asked);
        if (forcing) force();
        return asked;
    }

    private void submit(TxnCommand command, Asked asked) {
        host.submit(command, reply -> {
            if (reply instanceof NeedsProducerId
                && freshProducerIdOf(command) == Txn.NONE) submit(withFreshProducerId(command), asked);
            else asked.replies.add(reply);
        }, nowMs);
    }

    private static long freshProducerIdOf(TxnCommand command) {
        if (command instanceof InitProducerId init) return init.freshProducerId();
        return command instanceof End end ? end.freshProducerId() : 0;
    }

    private TxnCommand withFreshProducerId(TxnCommand command) {
        long fresh = freshProducerId++;
        if (command instanceof InitProducerId init) {
            return new InitProducerId(init.transactionalId(), init.timeoutMs(), init.expectedProducerId(),
                init.expectedEpoch(), fresh,
                init.enableTwoPhase(), init.keepPrepared());
        }
        End end = (End) command;
        return new End(end.transactionalId(), end.producerId(), end.epoch(), end.commit(), end.version2(),
            fresh);
    }

    /** What the asker is told at once, everything being durable. */
    TxnReply tell(TxnCommand command) {
        return ask(command).reply();
    }

    void force() {
        do {
            journal.force();
            host.durable(nowMs);
        } while (journal.durableOffset() < journal.endOffset());
    }

    void forceTo(long offset) {
        journal.forceTo(offset);
        host.durable(nowMs);
    }

    /** Time goes on, and the host is told. */
    void at(long ms) {
        nowMs = ms;
        for (int turns = 0; host.nextDeadlineMs() <= nowMs; turns++) {
            if (turns > 1_000) throw new AssertionError("time gives the same command for ever");
            host.tick(nowMs);
        }
        if (forcing) force();
    }

    /** The oldest duty on its way comes back: its markers are durable. */
    MarkerDuty writeMarkers() {
        Carried next = carried.remove(0);
        next.outcome.settle(new MarkersWritten(next.duty.transactionalId(), next.duty.restsOn()), nowMs);
        if (forcing) force();
        return next.duty;
    }

    void failMarkers() {
        carried.remove(0).outcome.settle(null, nowMs);
        if (forcing) force();
    }

    /**
     * The node dies and is back under the next coordinator epoch; unforced records below
     * {@code survivingOffset} happen to survive.
     */
    void crash(long survivingOffset) {
        host.close();
        carried.clear();
        journal.lose(survivingOffset);
        coordinatorEpoch++;
        open();
    }

    void crash() {
        crash(0);
    }

    /** The journal holds this already when the node starts. */
    void imported(Txn txn) {
        journal.append(List.of(new TxnEvent.TxnChanged(txn)));
        journal.force();
        crash();
    }

    long digest() {
        return shard.digest();
    }

    List<MarkerDuty> duties() {
        return shard.duties();
    }

    int parkedCount() {
        return host.parkedCount();
    }

    long nextDeadlineMs() {
        return host.nextDeadlineMs();
    }

    /** How an id stands, without asking. */
    Txn txn(String id) {
        for (long offset = journal.endOffset() - 1; offset >= 0; offset--) {
            TxnEvent event = journal.read(offset);
            if (!event.transactionalId().equals(id)) continue;
            return event instanceof TxnEvent.TxnChanged changed ? changed.txn() : null;
        }
        return null;
    }

    static InitProducerId init(String id) {
        return new InitProducerId(id, 60_000, -1, (short) -1, -1, false, false);
    }

    static InitProducerId init(String id, long producerId, int epoch) {
        return new InitProducerId(id, 60_000, producerId, (short) epoch, -1, false, false);
    }

    static Enlist enlist(long producerId, int epoch, boolean version2, TopicPartition... partitions) {
        return new Enlist(ID, producerId, (short) epoch, List.of(partitions), version2);
    }

    static Verify verify(long producerId, int epoch, TopicPartition partition) {
        return new Verify(ID, producerId, (short) epoch, partition);
    }

    static End end(long producerId, int epoch, boolean commit, boolean version2) {
        return new End(ID, producerId, (short) epoch, commit, version2, -1);
    }
}
