package io.semel.it.kit.check;

import io.semel.it.kit.history.History;
import io.semel.it.kit.history.Kind;
import io.semel.it.kit.history.Operation;
import io.semel.it.kit.history.Outcome;
import io.semel.it.kit.history.Place;
import io.semel.it.kit.history.Seen;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A history put in order once, for all checks: which write every read saw, what is known of every partition,
 * how every transaction ended. It names what cannot be put in order: duplicates, inconsistent offsets, values
 * of nobody. Built by one thread, unchanging afterwards.
 */
final class Facts {
    private static final int NOBODYS = -1;
    private static final int SOMEBODYS = -2;

    final List<Operation> operations;
    final Reading reading;
    final List<Txn> transactions = new ArrayList<>();
    final Map<Place, Log> logs = new LinkedHashMap<>();
    /** By write: the operation that sent it, its transaction or -1, where it is or -1. */
    final Ints writeOperation = new Ints();
    final Ints writeTransaction = new Ints();
    private final Longs writeOffset = new Longs();
    private final List<Place> writePlace = new ArrayList<>();
    private final Longs firstSeenNs = new Longs();
    private final Ints firstSeenBy = new Ints();
    private final Ints anySeenBy = new Ints();
    private final Ints nextOfValue = new Ints();
    /** By read of a value that somebody wrote: who read, what. */
    final Ints readOperation = new Ints();
    final Ints readWrite = new Ints();
    private final int[] transactionOf;
    private final int[] writeOf;
    private final Map<String, Map<String, Integer>> writeOfValue = new HashMap<>();
    private final Findings findings;

    Facts(History history, Findings findings) {
        this.operations = history.operations();
        this.findings = findings;
        this.transactionOf = new int[operations.size()];
        this.writeOf = new int[operations.size()];
        transactionsAndWrites();
        acknowledgements();
        reading = new Reading(history);
        reading.walk(new Observer());
        drains();
        logs.values().forEach(log -> log.settle(write -> fate(write) == Fate.ABORTED));
    }

    private void transactionsAndWrites() {
        Map<String, Txn> byName = new HashMap<>();
        for (int index = 0; index < operations.size(); index++) {
            Operation operation = operations.get(index);
            transactionOf[index] = -1;
            writeOf[index] = -1;
            if (operation.transaction() != null) {
                Txn txn = byName.get(operation.transaction());
                if (txn == null) {
                    txn = new Txn(transactions.size(), operation.transaction(), operation.process());
                    byName.put(txn.name, txn);
                    transactions.add(txn);
                }
                txn.saw(index, operation);
                transactionOf[index] = txn.index;
            }
            if (operation.kind() == Kind.SEND) write(index, operation);
        }
    }

    private void write(int index, Operation operation) {
        int write = writeOperation.size();
        writeOf[index] = write;
        writeOperation.add(index);
        writeTransaction.add(transactionOf[index]);
        writeOffset.add(operation.isOk() ? operation.offset() : -1);
        writePlace.add(operation.place());
        firstSeenNs.add(Operation.NEVER);
        firstSeenBy.add(-1);
        anySeenBy.add(-1);
        if (transactionOf[index] >= 0) transactions.get(transactionOf[index]).writes.add(write);
        Integer before = writeOfValue.computeIfAbsent(operation.place().topic(), topic -> new HashMap<>())
                .put(operation.value(), write);
        nextOfValue.add(before == null ? -1 : before);
    }

    private void acknowledgements() {
        for (int write = 0; write < writeOperation.size(); write++) {
            int index = writeOperation.get(write);
            Operation sent = operations.get(index);
            if (!sent.isOk()) continue;
            Log log = log(sent.place());
            if (sent.offset() < 0) continue;
            int entry = log.entry(sent.offset(), sent.value(), write, index);
            if (log.teller(entry) != index) {
                findings.add(Anomaly.INCONSISTENT_OFFSETS, () -> "two writes were acknowledged at "
                        + sent.place() + "@" + sent.offset() + ": " + log.value(entry) + " and "
                        + sent.value(), log.teller(entry), index);
            }
        }
    }

    Log log(Place place) {
        return logs.computeIfAbsent(place, Log::new);
    }

    /** Puts every record that a poll returned beside its write. */
    private final class Observer implements Reading.Visitor {
        @Override
        public void record(int index, Seen seen, Reading.Position position) {
            Operation poll = operations.get(index);
            Log log = log(seen.place());
            int write = writeSeen(seen, poll.readCommitted());
            int entry = log.entry(seen.offset(), seen.value(), write, index);
            if (!log.value(entry).equals(seen.value())) {
                findings.add(Anomaly.INCONSISTENT_OFFSETS, () -> seen.place() + "@" + seen.offset() + " is "
                        + log.value(entry) + " to one and " + seen.value() + " to another", log.teller(entry),
                        index);
            }
            boolean first = log.seen(entry, poll.readCommitted());
            if (write < 0) {
                if (first && write == NOBODYS) {
                    findings.add(Anomaly.UNRECORDED_VALUE, () -> "nobody wrote " + seen, index);
                }
                return;
            }
            readOperation.add(index);
            readWrite.add(write);
            if (first) place(write, seen, index, poll.readCommitted());
            if (anySeenBy.get(write) < 0) anySeenBy.set(write, index);
            if (poll.readCommitted() && poll.endNs() < firstSeenNs.get(write)) {
                firstSeenNs.set(write, poll.endNs());
                firstSeenBy.set(write, index);
            }
        }

        @Override
        public void run(Place place, boolean readCommitted, long first, long last) {
            Log log = log(place);
            (readCommitted ? log.committed : log.uncommitted).add(first, last);
        }
    }

    /**
     * The write that this is: of those with its value the one acknowledged there, else one whose place is not
     * known; of several of these read_committed sees one that was not aborted.
     *
     * @return -1 when nobody wrote it, -2 when it cannot be told which
     */
    private int writeSeen(Seen seen, boolean readCommitted) {
        Integer newest = writeOfValue.getOrDefault(seen.place().topic(), Map.of()).get(seen.value());
        if (newest == null) return NOBODYS;
        if (nextOfValue.get(newest) < 0) return newest;
        int candidate = -1;
        int candidates = 0;
        for (int write = newest; write >= 0; write = nextOfValue.get(write)) {
            boolean known = writeOffset.get(write) >= 0;
            if (known && writeOffset.get(write) == seen.offset() && writePlace.get(write).equals(seen
                    .place())) {
                return write;
            }
            int partition = writePlace.get(write).partition();
            boolean may = !known && (partition == Place.UNKNOWN || partition == seen.place().partition())
                    && sent(write).outcome() != Outcome.FAILED;
            if (!may) continue;
            candidates++;
            if (candidate < 0 || fate(candidate) == Fate.ABORTED) candidate = write;
        }
        if (candidates > 1 && !readCommitted) return SOMEBODYS;
        return candidates > 0 ? candidate : newest;
    }

    /** Is this where it was acknowledged, and where everyone else saw it? */
    private void place(int write, Seen seen, int index, boolean readCommitted) {
        int sent = writeOperation.get(write);
        boolean here = writeOffset.get(write) == seen.offset() && seen.place().equals(writePlace.get(write));
        boolean seenElsewhere = anySeenBy.get(write) >= 0 && !here;
        if (writeOffset.get(write) < 0) {
            writeOffset.set(write, seen.offset());
            writePlace.set(write, seen.place());
        } else if (seenElsewhere) {
            findings.add(Anomaly.DUPLICATE, () -> seen.value() + " is at " + writePlace.get(write) + "@"
                    + writeOffset.get(write) + " and at " + seen.place() + "@" + seen.offset(), sent,
                    anySeenBy.get(write), index);
            return;
        } else if (!here) {
            findings.add(Anomaly.INCONSISTENT_OFFSETS, () -> seen.value() + " was acknowledged at "
                    + writePlace.get(write) + "@" + writeOffset.get(write) + " and is at " + seen.place()
                    + "@" + seen.offset(), sent, index);
            writeOffset.set(write, seen.offset());
            writePlace.set(write, seen.place());
        }
        if (readCommitted) twin(write, seen, index);
    }

    /** A service that sends one value twice is right when only one of the two is committed. */
    private void twin(int write, Seen seen, int index) {
        int newest = writeOfValue.get(seen.place().topic()).get(seen.value());
        for (int other = newest; other >= 0; other = nextOfValue.get(other)) {
            if (other == write || firstSeenBy.get(other) < 0) continue;
            int twin = other;
            findings.add(Anomaly.DUPLICATE, () -> seen.value() + " was sent twice and is visible twice, at "
                    + writePlace.get(twin) + "@" + writeOffset.get(twin) + " and " + seen.place() + "@"
                    + seen.offset(), writeOperation.get(twin), writeOperation.get(write), index);
            return;
        }
    }

    private void drains() {
        for (Operation operation : operations) {
            if (operation.kind() != Kind.DRAINED) continue;
            if (operation.offsets().isEmpty()) logs.values().forEach(log -> log.drainedNs = operation
                    .startNs());
            operation.offsets().keySet().forEach(place -> log(place).drainedNs = operation.startNs());
        }
    }

    int writes() {
        return writeOperation.size();
    }

    Operation sent(int write) {
        return operations.get(writeOperation.get(write));
    }

    /** Where it is: as seen, else as acknowledged; its partition may be unknown. */
    Place placeOf(int write) {
        return writePlace.get(write);
    }

    /** Where it is: as seen, else as acknowledged; -1 for neither. */
    long offsetOf(int write) {
        return writeOffset.get(write);
    }

    /** For messages. */
    String nameOf(int write) {
        return sent(write).value() + " at " + placeOf(write) + (offsetOf(write) < 0 ? "" : "@"
                + offsetOf(write));
    }

    /** Null for none. */
    Txn transactionOfWrite(int write) {
        int index = writeTransaction.get(write);
        return index < 0 ? null : transactions.get(index);
    }

    /** Null for none. */
    Txn transactionOfOperation(int index) {
        return transactionOf[index] < 0 ? null : transactions.get(transactionOf[index]);
    }

    /** The write that this operation sent, or -1. */
    int writeOfOperation(int index) {
        return writeOf[index];
    }

    /** Transactions are units of their own, and so is every operation outside of one. */
    int unitOf(int index) {
        return transactionOf[index] >= 0 ? transactionOf[index] : transactions.size() + index;
    }

    Fate fate(int write) {
        Outcome outcome = sent(write).outcome();
        if (outcome == Outcome.FAILED) return Fate.ABORTED;
        Txn txn = transactionOfWrite(write);
        if (txn != null) return txn.fate();
        return outcome == Outcome.OK ? Fate.COMMITTED : Fate.UNKNOWN;
    }

    /** The read_committed poll that saw it first, or -1. */
    int seenBy(int write) {
        return firstSeenBy.get(write);
    }

    long seenNs(int write) {
        return firstSeenNs.get(write);
    }

    /** The poll of any isolation that saw it first, or -1. */
    int seenByAny(int write) {
        return anySeenBy.get(write);
    }

    boolean isVisible(int write) {
        return firstSeenBy.get(write) >= 0;
    }

    /** Did a read_committed reader pass its offset? */
    boolean isPassed(int write) {
        Log log = logs.get(placeOf(write));
        return log != null && offsetOf(write) >= 0 && log.committed.has(offsetOf(write));
    }

    /** Had readers their chance after it was settled? */
    boolean isDrained(int write) {
        Log log = logs.get(placeOf(write));
        Txn txn = transactionOfWrite(write);
        long settledNs = txn != null && txn.fate() == Fate.COMMITTED ? txn.committedNs : sent(write).endNs();
        return log != null && log.drainedNs != Operation.NEVER && settledNs <= log.drainedNs;
    }

    /** Acknowledged, and surely not visible. */
    boolean isMissing(int write) {
        return sent(write).isOk() && !isVisible(write) && (isPassed(write) || isDrained(write));
    }

    int visibleWrites(Txn txn) {
        int visible = 0;
        for (int index = 0; index < txn.writes.size(); index++) if (isVisible(txn.writes
                .get(index))) visible++;
        return visible;
    }
}
