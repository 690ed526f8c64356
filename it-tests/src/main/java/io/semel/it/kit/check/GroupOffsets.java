package io.semel.it.kit.check;

import io.semel.it.kit.history.Kind;
import io.semel.it.kit.history.Operation;
import io.semel.it.kit.history.Outcome;
import io.semel.it.kit.history.Place;
import io.semel.it.kit.history.Source;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Offsets of a group and the output that was committed with them: one is in force exactly when the other is
 * visible. Judged where a reader that waits for open transactions (read_committed) looks at the group's
 * offsets, or after the drain.
 */
final class GroupOffsets {
    private record Key(String group, Place place) {
    }

    private enum Force { HOLDS, VOID, OPEN }

    /** Somebody moved the group to {@code offset}. */
    private record Setter(long offset, Txn txn, int operation, Force force, long startNs, long endNs) {
    }

    private static final class Line {
        final List<Setter> setters = new ArrayList<>();
        final Map<Long, List<Setter>> byOffset = new HashMap<>();
        final Ints looks = new Ints();
        final Map<Long, Ints> outputsOf = new LinkedHashMap<>();
    }

    private final Facts facts;
    private final Findings findings;
    private final Map<Key, Line> lines = new LinkedHashMap<>();
    private long drainedNs = Operation.NEVER;

    GroupOffsets(Facts facts, Findings findings) {
        this.facts = facts;
        this.findings = findings;
    }

    void check() {
        for (int index = 0; index < facts.operations.size(); index++) collect(index, facts.operations
                .get(index));
        lines.forEach((key, line) -> {
            looks(key, line);
            outputs(key, line);
        });
    }

    private void collect(int index, Operation operation) {
        switch (operation.kind()) {
            case SEND_OFFSETS, COMMIT_OFFSETS -> {
                if (operation.outcome() == Outcome.FAILED) return;
                operation.offsets().forEach((place, offset) -> {
                    Line line = line(operation.group(), place);
                    Setter setter = setter(index, operation, offset);
                    line.setters.add(setter);
                    line.byOffset.computeIfAbsent(offset, one -> new ArrayList<>(1)).add(setter);
                });
            }
            case COMMITTED -> {
                if (operation.isOk()) {
                    operation.offsets().keySet().forEach(place -> line(operation.group(), place).looks
                            .add(index));
                }
            }
            case DRAINED -> drainedNs = Math.min(drainedNs, operation.startNs());
            case SEND -> output(facts.writeOfOperation(index), operation.from());
            default -> { }
        }
    }

    private Line line(String group, Place place) {
        return lines.computeIfAbsent(new Key(group, place), key -> new Line());
    }

    private void output(int write, Source from) {
        Txn txn = facts.transactionOfWrite(write);
        if (from == null || txn == null || txn.offsetOperations.size() == 0) return;
        String group = facts.operations.get(txn.offsetOperations.get(0)).group();
        line(group, from.place()).outputsOf.computeIfAbsent(from.offset(), offset -> new Ints()).add(write);
    }

    private Setter setter(int index, Operation operation, long offset) {
        Txn txn = facts.transactionOfOperation(index);
        if (txn == null || operation.kind() == Kind.COMMIT_OFFSETS) {
            Force force = operation.isOk() ? Force.HOLDS : Force.OPEN;
            return new Setter(offset, null, index, force, operation.startNs(), operation.endNs());
        }
        return new Setter(offset, txn, index, force(txn), txn.startNs, txn.committedNs);
    }

    private Force force(Txn txn) {
        if (facts.visibleWrites(txn) > 0) return Force.HOLDS;
        if (txn.fate() == Fate.ABORTED) return Force.VOID;
        for (int index = 0; index < txn.writes.size(); index++) {
            if (facts.isMissing(txn.writes.get(index))) return Force.VOID;
        }
        return txn.writes.size() == 0 && txn.fate() == Fate.COMMITTED ? Force.HOLDS : Force.OPEN;
    }

    private void looks(Key key, Line line) {
        List<Setter> settled = new ArrayList<>(line.setters);
        settled.removeIf(setter -> setter.txn == null || setter.force != Force.HOLDS);
        settled.sort(Comparator.comparingLong(Setter::endNs));
        List<Setter> furthest = new ArrayList<>(settled.size());
        for (Setter setter : settled) {
            Setter before = furthest.isEmpty() ? null : furthest.get(furthest.size() - 1);
            furthest.add(before == null || setter.offset > before.offset ? setter : before);
        }
        Longs times = new Longs();
        settled.forEach(setter -> times.add(setter.endNs));
        for (int number = 0; number < line.looks.size(); number++) {
            int index = line.looks.get(number);
            Operation look = facts.operations.get(index);
            long found = look.offsets().get(key.place);
            tooFar(key, line, index, look, found);
            if (look.readCommitted() || look.startNs() >= drainedNs) {
                long limitNs = look.startNs() >= drainedNs ? Operation.NEVER : look.startNs() - 1;
                int last = times.lastAtMost(limitNs);
                if (last >= 0) notFarEnough(key, line, index, found, furthest.get(last));
            }
        }
    }

    private void tooFar(Key key, Line line, int index, Operation look, long found) {
        int blamed = -1;
        for (Setter setter : line.byOffset.getOrDefault(found, List.of())) {
            if (setter.startNs > look.endNs()) continue;
            if (setter.force != Force.VOID) return;
            blamed = setter.operation;
        }
        if (blamed < 0) return;
        Txn txn = facts.transactionOfOperation(blamed);
        findings.add(Anomaly.OFFSET_WITHOUT_OUTPUT, () -> "group " + key.group + " stands at " + found
                + " of " + key.place + ", which only transaction " + txn.name
                + " set, and its output is not visible", blamed, txn.commitOperation, txn.abortOperation,
                index);
    }

    private void notFarEnough(Key key, Line line, int index, long found, Setter furthest) {
        if (found >= furthest.offset) return;
        for (Setter setter : line.byOffset.getOrDefault(found, List.of())) {
            if (setter.force != Force.VOID && setter.endNs > furthest.startNs) return;
        }
        findings.add(Anomaly.OUTPUT_WITHOUT_OFFSET, () -> "group " + key.group + " stands at " + found
                + " of " + key.place + ", but the output of transaction " + furthest.txn.name
                + " is visible, which set " + furthest.offset, furthest.operation,
                furthest.txn.commitOperation, index);
    }

    /**
     * Every input that was turned into output has it visible once; more than once it was read again after
     * all.
     */
    private void outputs(Key key, Line line) {
        long end = line.looks.size() == 0 ? -1
                : facts.operations.get(line.looks.get(line.looks.size() - 1)).offsets().get(key.place);
        line.outputsOf.forEach((offset, writes) -> {
            int visible = -1;
            boolean allVoid = true;
            for (int index = 0; index < writes.size(); index++) {
                int write = writes.get(index);
                allVoid &= facts.fate(write) == Fate.ABORTED && !facts.isVisible(write) || facts
                        .isMissing(write);
                if (!facts.isVisible(write)) continue;
                if (visible >= 0 && facts.transactionOfWrite(visible) != facts.transactionOfWrite(write)) {
                    twice(key, offset, visible, write);
                }
                visible = write;
            }
            if (allVoid && offset < end) {
                int write = writes.get(writes.size() - 1);
                findings.add(Anomaly.OFFSET_WITHOUT_OUTPUT, () -> "group " + key.group + " stands at " + end
                        + " behind " + key.place + "@" + offset + ", of which no output is visible",
                        facts.writeOperation.get(write), line.looks.get(line.looks.size() - 1));
            }
        });
    }

    private void twice(Key key, long offset, int one, int other) {
        findings.add(Anomaly.OUTPUT_WITHOUT_OFFSET, () -> "group " + key.group + " made " + facts.nameOf(one)
                + " and " + facts.nameOf(other) + " of " + key.place + "@" + offset
                + ": it was read again after the first", facts.writeOperation.get(one),
                facts.writeOperation.get(other));
    }
}
