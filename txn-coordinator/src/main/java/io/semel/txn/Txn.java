package io.semel.txn;

import io.semel.kernel.law.Invariant;
import io.semel.wire.topic.TopicPartition;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.TreeSet;

/**
 * Everything the coordinator knows of one transactional id; one event carries one of these, whole. Immutable.
 *
 * @param producerId         in use now
 * @param producerEpoch      in use now; while prepared, the epoch that the markers carry
 * @param lastProducerEpoch  the epoch before, when its owner may still ask for its successor again, else -1;
 *                           not on disk, as in Kafka: such a repeat after a reload is fenced
 * @param previousProducerId in use before the last change: how a repeat is recognised after the producer id
 *                           was replaced
 * @param nextProducerId     while prepared, the producer id that the end hands out because epochs have run
 *                           out, else -1
 * @param timeoutMs          how long a transaction may be ongoing
 * @param partitions         enlisted, in order, each once; empty unless ongoing or prepared
 * @param startMs            when the transaction began, -1 when none has since the producer's initialisation
 * @param updatedMs          when this state was decided
 * @param clientVersion      2 when the change was asked for in a request of transaction version 2, or by the
 *                           coordinator itself
 */
public record Txn(String transactionalId, long producerId, short producerEpoch, short lastProducerEpoch,
                  long previousProducerId, long nextProducerId, int timeoutMs, TxnPhase phase,
                  List<TopicPartition> partitions, long startMs, long updatedMs, short clientVersion) {
    /** No producer id, no epoch. */
    public static final int NONE = -1;
    /** The highest epoch a producer is ever given: one more is kept, so that it can always be fenced. */
    public static final short EPOCH_LAST = Short.MAX_VALUE - 1;
    static final short VERSION_2 = 2;

    public Txn {
        partitions = List.copyOf(partitions);
    }

    /** A transactional id seen for the first time. */
    static Txn born(String transactionalId, long producerId, int timeoutMs, long nowMs) {
        return new Txn(transactionalId, producerId, (short) 0, (short) NONE, producerId, NONE, timeoutMs,
            TxnPhase.EMPTY, List.of(), NONE, nowMs, (short) 0);
    }

    /** A producer takes over or goes on with the next epoch. */
    Txn initialised(short lastEpoch, int newTimeoutMs, long nowMs) {
        Invariant.check(producerEpoch < EPOCH_LAST, "I3 no epoch after %d, of producer %d", producerEpoch,
            producerId);
        return to(TxnPhase.EMPTY, producerId, (short) (producerEpoch + 1), lastEpoch, NONE, newTimeoutMs,
            List.of(), NONE, nowMs, clientVersion);
    }

    /** The same answer again: whoever may ask for it, may still. */
    Txn initialisedAgain(int newTimeoutMs, long nowMs) {
        Invariant.check(phase.mayBecome(TxnPhase.EMPTY), "I8 phase " + phase + " may not become EMPTY");
        return new Txn(transactionalId, producerId, producerEpoch, lastProducerEpoch, previousProducerId,
            NONE, newTimeoutMs, TxnPhase.EMPTY, List.of(), NONE, nowMs, clientVersion);
    }

    /** As {@link #initialised} when the producer id's epochs have run out. */
    Txn replaced(long freshProducerId, short lastEpoch, int newTimeoutMs, long nowMs) {
        return to(TxnPhase.EMPTY, freshProducerId, (short) 0, lastEpoch, NONE, newTimeoutMs, List.of(), NONE,
            nowMs, clientVersion);
    }

    /** Whoever enlists knows its epoch: it will not ask for it again. */
    Txn enlisted(Collection<TopicPartition> added, boolean version2, long nowMs) {
        TreeSet<TopicPartition> all = new TreeSet<>(partitions);
        all.addAll(added);
        long start = phase == TxnPhase.ONGOING ? startMs : nowMs;
        short version = version2 ? VERSION_2 : 0;
        return to(TxnPhase.ONGOING, producerId, producerEpoch, (short) NONE, NONE, timeoutMs,
            List.copyOf(all), start, nowMs, version);
    }

    /** Decided by a version 1 client: the epoch stays. */
    Txn prepared(boolean commit, long nowMs) {
        return to(TxnPhase.preparing(commit), producerId, producerEpoch, lastProducerEpoch, NONE, timeoutMs,
            partitions, startMs, nowMs, (short) 0);
    }

    /**
     * Decided by a version 2 client or by the coordinator: the epoch rises with it, so that nothing late can
     * follow (KIP-890).
     */
    Txn preparedWithNextEpoch(boolean commit, long freshProducerId, long nowMs) {
        short bumped = producerEpoch == Short.MAX_VALUE ? producerEpoch : (short) (producerEpoch + 1);
        short last = (short) Math.min(producerEpoch, EPOCH_LAST);
        long start = phase == TxnPhase.ONGOING ? startMs : nowMs;
        return to(TxnPhase.preparing(commit), producerId, bumped, last, freshProducerId, timeoutMs,
            partitions, start, nowMs, VERSION_2);
    }

    /** All markers are written. */
    Txn completed(long nowMs) {
        TxnPhase end = phase == TxnPhase.PREPARE_COMMIT ? TxnPhase.COMPLETE_COMMIT : TxnPhase.COMPLETE_ABORT;
        boolean replaced = nextProducerId != NONE;
        return to(end, replaced ? nextProducerId : producerId, replaced ? 0 : producerEpoch,
            lastProducerEpoch, NONE, timeoutMs, List.of(), startMs, nowMs, clientVersion);
    }

    private Txn to(TxnPhase next, long id, short epoch, short lastEpoch, long nextId, int timeout,
                   List<TopicPartition> enlisted, long start, long nowMs, short version) {
        Invariant.check(phase.mayBecome(next), "I8 phase " + phase + " may not become " + next);
        return new Txn(transactionalId, id, epoch, lastEpoch, producerId, nextId, timeout, next, enlisted,
            start, nowMs, version);
    }

    /** True when the next epoch may not be given to a producer. */
    boolean exhausted() {
        return producerEpoch >= EPOCH_LAST;
    }

    /**
     * True when the end that stands raised the epoch, so that the epoch below is that of the producer it
     * ended. Otherwise that epoch may be a fenced producer's, which must not be given its successor's (Kafka
     * 4.3.1 does not ask).
     */
    boolean raisedByItsEnd() {
        return clientVersion >= VERSION_2 && (phase.prepared() || phase.complete());
    }

    /**
     * True when the end of this transaction reaches what is open on the partition under this producer id and
     * epoch. Not what is open under a later one's epoch, which an end that has raised it carries already.
     */
    public boolean ends(TopicPartition partition, long id, short epoch) {
        if (id != producerId || !enlists(partition)) return false;
        if (phase != TxnPhase.ONGOING && !phase.prepared()) return false;
        return raisedByItsEnd() ? epoch < producerEpoch : epoch <= producerEpoch;
    }

    boolean enlists(TopicPartition partition) {
        return Collections.binarySearch(partitions, partition) >= 0;
    }

    boolean enlistsAll(Collection<TopicPartition> asked) {
        for (TopicPartition partition : asked) if (!enlists(partition)) return false;
        return true;
    }

    /**
     * True for the producer id and epoch that an end under way will hand out: its owner may know them from
     * before a crash.
     */
    boolean willHandOut(long id, short epoch) {
        return phase.prepared() && nextProducerId != NONE && nextProducerId == id && epoch == 0;
    }

    /** A hash of what is on disk: the same in every process. */
    long digest() {
        long hash = transactionalId.hashCode();
        hash = mix(hash, producerId);
        hash = mix(hash, producerEpoch);
        hash = mix(hash, previousProducerId);
        hash = mix(hash, nextProducerId);
        hash = mix(hash, timeoutMs);
        hash = mix(hash, phase.code());
        for (TopicPartition partition : partitions) {
            hash = mix(mix(hash, partition.topic().hashCode()), partition.partition());
        }
        hash = mix(hash, startMs);
        hash = mix(hash, updatedMs);
        return mix(hash, clientVersion);
    }

    private static long mix(long hash, long field) {
        long mixed = (hash ^ field) * 0x9E3779B97F4A7C15L;
        return mixed ^ mixed >>> 29;
    }
}
