package io.semel.idempotence;

import io.semel.wire.batch.BatchFold;
import io.semel.wire.batch.BatchHeader;
import io.semel.wire.batch.Marker;
import io.semel.wire.error.ErrorCode;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/**
 * Remembers, per producer, what this partition last accepted, and judges by it what comes next: a duplicate
 * is answered and not written (I4), a lower epoch is refused (I3), a batch outside any transaction has its
 * enlistment asked for (KIP-890). Owned by the partition's lane; rebuilt by folding the log (I2), from the
 * newest snapshot on.
 *
 * <p>Guards are the one thing that is not a fold: a guard stands from NEEDS_ENLISTMENT until the producer's
 * next transactional batch or marker on this partition is folded, so that a batch that waited while its
 * transaction ended is refused afterwards. A guard's number is one above the position at which it was given:
 * after anything that ends a guard, numbers are higher.
 */
public final class ProducerLedger implements BatchFold {
    /** The last epoch there is: a producer that reaches it goes on under another id (KIP-360). */
    private static final short EPOCH_LAST = Short.MAX_VALUE;

    private final boolean skipSequenceCheck;
    private final boolean noFencing;
    private final ByProducer<Producer> producers = new ByProducer<>();
    private final ByProducer<Enlistment> enlistments = new ByProducer<>();
    private long nextOffset;

    public ProducerLedger() {
        this(false, false);
    }

    /**
     * @param skipSequenceCheck the saboteur "skip a sequence check": gaps are let through (I4)
     * @param noFencing the saboteur "no fencing": lower epochs are let through (I3)
     */
    public ProducerLedger(boolean skipSequenceCheck, boolean noFencing) {
        this.skipSequenceCheck = skipSequenceCheck;
        this.noFencing = noFencing;
    }

    /**
     * Judges a client's batch; what it changes is no part of the fold. A batch without a producer id is
     * accepted.
     *
     * @param guard what an earlier NEEDS_ENLISTMENT of this batch gave, or 0
     * @param supportsEpochBump the client speaks transaction version 2: Produce 12 or later
     */
    public Verdict judge(BatchHeader batch, long guard, boolean supportsEpochBump) {
        if (!batch.hasProducerId()) return Verdict.ACCEPT;
        int first = batch.baseSequence();
        if (first < 0) return Verdict.reject(ErrorCode.INVALID_RECORD);

        long producerId = batch.producerId();
        short epoch = batch.producerEpoch();
        Producer producer = producers.find(producerId);
        if (producer != null && epoch == producer.epoch) {
            int duplicate = producer.find(first, Sequence.next(first, batch.lastOffsetDelta()));
            if (duplicate >= 0) return duplicateOf(producer, duplicate);
        }
        if (isFenced(producer, epoch)) return Verdict.reject(ErrorCode.INVALID_PRODUCER_EPOCH);
        if (batch.isTransactional() && !isOpen(producer, epoch)) {
            if (isLeftBehind(producer, epoch, first)) {
                return Verdict.reject(ErrorCode.OUT_OF_ORDER_SEQUENCE_NUMBER);
            }
            Verdict missing = enlist(producerId, epoch, first, guard, supportsEpochBump);
            if (missing != null) return missing;
        }
        if (!skipSequenceCheck && isOutOfOrder(producer, batch, supportsEpochBump)) {
            return Verdict.reject(ErrorCode.OUT_OF_ORDER_SEQUENCE_NUMBER);
        }
        if (producer != null && producer.isOpen() && !batch.isTransactional()) {
            return Verdict.reject(ErrorCode.INVALID_TXN_STATE);
        }
        return Verdict.ACCEPT;
    }

    /**
     * Judges a marker before it is appended (KIP-98, KIP-1228): a transaction version 2 marker must be above
     * the producer's epoch, an older one not below. The same version 2 marker again is accepted when nothing
     * is open (KAFKA-19999), and at the last epoch always, because none is above it (KAFKA-20090).
     */
    public Verdict judgeMarker(long producerId, short epoch, int coordinatorEpoch,
            boolean transactionVersion2) {
        Producer producer = producers.find(producerId);
        if (producer == null) return Verdict.ACCEPT;
        boolean again = epoch == producer.epoch && (!producer.isOpen() || epoch == EPOCH_LAST);
        boolean late = transactionVersion2 ? epoch <= producer.epoch && !again : epoch < producer.epoch;
        if (late && !noFencing) return Verdict.reject(ErrorCode.INVALID_PRODUCER_EPOCH);
        if (coordinatorEpoch < producer.coordinatorEpoch) {
            return Verdict.reject(ErrorCode.TRANSACTION_COORDINATOR_FENCED);
        }
        return Verdict.ACCEPT;
    }

    /**
     * For offsets in a transaction, which carry no sequence: 0 when the transaction is open on this partition
     * already, else the guard to show to {@link #judgeOffsets} once the coordinator has enlisted it.
     *
     * @param supportsEpochBump the client speaks transaction version 2: TxnOffsetCommit 5 or later
     */
    public long guardFor(long producerId, short epoch, boolean supportsEpochBump) {
        Producer producer = producers.find(producerId);
        if (isOpen(producer, epoch)) return 0;
        if (isFenced(producer, epoch)) return nextOffset + 1;
        return enlistment(producerId, epoch, Sequence.NONE, supportsEpochBump).guard;
    }

    /** As {@link #guardFor(long, short, boolean)} for a client that speaks transaction version 1. */
    public long guardFor(long producerId, short epoch) {
        return guardFor(producerId, epoch, false);
    }

    /** Judges offsets in a transaction. {@code guard} is from {@link #guardFor}, 0 when it gave none. */
    public Verdict judgeOffsets(long producerId, short epoch, long guard) {
        Producer producer = producers.find(producerId);
        if (isFenced(producer, epoch)) return Verdict.reject(ErrorCode.INVALID_PRODUCER_EPOCH);
        if (isOpen(producer, epoch)) return Verdict.ACCEPT;
        Verdict missing = enlist(producerId, epoch, Sequence.NONE, guard, false);
        return missing == null ? Verdict.ACCEPT : missing;
    }

    /** Takes in the next batch of the log, data or marker, from append and from recovery alike. */
    @Override
    public void fold(BatchHeader batch) {
        nextOffset = batch.nextOffset();
        if (!batch.hasProducerId()) return;
        if (!batch.isControl()) {
            foldData(batch);
            return;
        }
        Marker marker = Marker.read(batch);
        if (marker != null) foldMarker(batch, marker);
    }

    /** Everything that is folded, in the form of Kafka's {@code .snapshot} files. */
    public ByteBuffer snapshot() {
        return LedgerSnapshot.write(sorted());
    }

    /**
     * Replaces everything by a snapshot, ours or Apache Kafka's. False, and nothing is changed, when it is
     * damaged.
     */
    public boolean load(ByteBuffer bytes) {
        List<Producer> loaded = LedgerSnapshot.read(bytes);
        if (loaded == null) return false;
        producers.clear();
        enlistments.clear();
        for (Producer producer : loaded) producers.add(producer);
        return true;
    }

    /** What is undecided on this partition, by first offset. */
    public List<OpenTransaction> open() {
        List<OpenTransaction> open = new ArrayList<>();
        for (Producer producer : sorted()) {
            if (producer.isOpen()) {
                open.add(new OpenTransaction(producer.producerId, producer.epoch, producer.firstOffset));
            }
        }
        open.sort(Comparator.comparingLong(OpenTransaction::firstOffset));
        return open;
    }

    /** Every producer that is remembered, by id. */
    public List<ProducerEntry> describe() {
        List<ProducerEntry> entries = new ArrayList<>(producers.size());
        for (Producer producer : sorted()) entries.add(producer.entry());
        return entries;
    }

    /**
     * Forgets producers without an open transaction whose last batch or marker is {@code expirationMs} old,
     * and guards that nobody came back for. A command of the clock's: ledgers that expired differently differ
     * in {@link #digest()}.
     *
     * @return how many producers were forgotten
     */
    public int expire(long nowMs, long expirationMs) {
        int before = producers.size();
        for (Producer producer : sorted()) {
            if (!producer.isOpen() && nowMs - producer.lastTimestamp >= expirationMs) {
                producers.remove(producer.producerId);
            }
        }
        for (Enlistment enlistment : enlistments.sorted(new Enlistment[enlistments.size()])) {
            if (enlistment.isStale(nowMs, expirationMs)) enlistments.remove(enlistment.producerId);
        }
        return before - producers.size();
    }

    /** How many producers are remembered. */
    public int size() {
        return producers.size();
    }

    /** How many producers wait for the coordinator's word. */
    public int guards() {
        return enlistments.size();
    }

    /** A hash of everything that is folded: equal after folding the same log again (I2). */
    public long digest() {
        return Arrays.stream(sorted()).mapToLong(Producer::digest).sum();
    }

    private void foldData(BatchHeader batch) {
        Producer producer = raised(batch.producerId(), batch.producerEpoch());
        if (batch.producerEpoch() == producer.epoch) {
            int lastSequence = Sequence.next(batch.baseSequence(), batch.lastOffsetDelta());
            producer.remember(lastSequence, batch.lastOffsetDelta(), batch.lastOffset(),
                    batch.maxTimestamp());
        }
        producer.lastTimestamp = batch.maxTimestamp();
        if (!batch.isTransactional()) return;
        if (!producer.isOpen()) producer.firstOffset = batch.baseOffset();
        enlistments.remove(producer.producerId);
    }

    private void foldMarker(BatchHeader batch, Marker marker) {
        Producer producer = raised(batch.producerId(), batch.producerEpoch());
        producer.coordinatorEpoch = marker.coordinatorEpoch();
        producer.lastTimestamp = batch.maxTimestamp();
        producer.firstOffset = Producer.NOT_OPEN;
        Enlistment enlistment = enlistments.find(producer.producerId);
        if (enlistment != null && enlistment.isEndedBy(batch.producerEpoch())) {
            enlistments.remove(producer.producerId);
        }
    }

    /** The producer, new or in this epoch if that is a higher one. A lower one changes no epoch (I3). */
    private Producer raised(long producerId, short epoch) {
        Producer producer = producers.find(producerId);
        if (producer == null) {
            producer = new Producer(producerId, epoch);
            producers.add(producer);
        } else if (epoch > producer.epoch) {
            producer.raise(epoch);
        }
        return producer;
    }

    private boolean isFenced(Producer producer, short epoch) {
        return producer != null && epoch < producer.epoch && !noFencing;
    }

    private static boolean isOpen(Producer producer, short epoch) {
        return producer != null && producer.isOpen() && producer.epoch == epoch;
    }

    private static Verdict duplicateOf(Producer producer, int index) {
        return Verdict.duplicateOf(producer.baseOffset(index), producer.lastOffset(index),
                producer.timestamp(index));
    }

    /** Null when the guard still stands; a guard that was ended belongs to a transaction that was. */
    private Verdict enlist(long producerId, short epoch, int sequence, long guard,
            boolean supportsEpochBump) {
        if (guard == 0) {
            return Verdict.needsEnlistment(enlistment(producerId, epoch, sequence, supportsEpochBump).guard);
        }
        Enlistment standing = enlistments.find(producerId);
        return standing != null && standing.guard == guard ? null
                : Verdict.reject(ErrorCode.INVALID_TXN_STATE);
    }

    private Enlistment enlistment(long producerId, short epoch, int sequence, boolean supportsEpochBump) {
        Enlistment standing = enlistments.find(producerId);
        if (standing == null) {
            standing = new Enlistment(producerId, nextOffset + 1, epoch, sequence, supportsEpochBump);
            enlistments.add(standing);
        } else {
            standing.join(epoch, sequence, supportsEpochBump);
        }
        return standing;
    }

    /**
     * A batch of an earlier transaction that was held up for so long that it is no duplicate any more. It
     * must not wait for enlistment: the producer's next batch would pass for one that overtakes it (Kafka
     * 4.3.1 refuses that one).
     */
    private boolean isLeftBehind(Producer producer, short epoch, int first) {
        return !skipSequenceCheck && producer != null && epoch == producer.epoch && producer.count() > 0
                && !Sequence.isAfter(first, producer.lastSequence());
    }

    private boolean isOutOfOrder(Producer producer, BatchHeader batch, boolean supportsEpochBump) {
        int first = batch.baseSequence();
        boolean empty = producer == null || producer.count() == 0;
        if (empty && first != 0 && supportsEpochBump && batch.isTransactional()) return true;
        Enlistment waiting = enlistments.find(batch.producerId());
        if (waiting != null && waiting.isOvertakenBy(first)) return true;
        if (producer == null) return false;
        int last = batch.producerEpoch() == producer.epoch ? producer.lastSequence() : Sequence.NONE;
        return !Sequence.follows(last, first);
    }

    private Producer[] sorted() {
        return producers.sorted(new Producer[producers.size()]);
    }
}
