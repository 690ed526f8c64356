package io.semel.it.kit.check;

import io.semel.it.kit.history.Kind;
import io.semel.it.kit.history.Operation;
import io.semel.it.kit.history.Place;
import io.semel.it.kit.history.Seen;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Stable offsets and high watermarks that go back, stand still, or cut through a transaction. */
final class Ends {
    /** What a process has been shown of a partition. */
    private static final class Shown {
        long stable = -1;
        long high = -1;
        int stableBy = -1;
        int highBy = -1;
        /** How far looks at stable offsets have been compared, as an index into the known offsets. */
        int compared;
    }

    private record End(long atNs, long offset) {
    }

    /**
     * When a partition was first known to reach how far; and which stable offset was last found there too
     * late.
     */
    private static final class Reach {
        final List<End> ends = new ArrayList<>();
        final Longs risingOffsets = new Longs();
        final Longs times = new Longs();
        long stuckAt = -1;
        long lateSinceNs = Operation.NEVER;
        int lateBy = -1;
        boolean told;
    }

    private static final long TWO_LOOKS_APART_NS = Options.GRACE.toNanos() / 2;

    private final Facts facts;
    private final Findings findings;
    private final long timeoutNs;
    private final Map<String, Map<Place, Shown>> shown = new HashMap<>();
    private final Map<Place, Reach> reaches = new HashMap<>();
    private final int[] comparedAt;

    Ends(Facts facts, Findings findings, Options options) {
        this.facts = facts;
        this.findings = findings;
        this.comparedAt = new int[facts.transactions.size()];
        long timeoutMs = -1;
        for (Operation operation : facts.operations) timeoutMs = Math.max(timeoutMs, operation.timeoutMs());
        Duration timeout = timeoutMs < 0 ? options.transactionTimeout() : Duration.ofMillis(timeoutMs);
        timeoutNs = timeout.toNanos();
    }

    void check() {
        boolean looked = false;
        for (Operation operation : facts.operations) looked |= operation.kind() == Kind.ENDS && operation
                .isOk();
        if (!looked) return;
        reaches();
        for (int index = 0; index < facts.operations.size(); index++) {
            Operation operation = facts.operations.get(index);
            if (!operation.isOk()) continue;
            if (operation.kind() == Kind.POLL) polled(index, operation);
            if (operation.kind() == Kind.ENDS) looked(index, operation);
        }
    }

    private Shown shown(Operation operation, Place place) {
        return shown.computeIfAbsent(operation.process(), process -> new HashMap<>())
                .computeIfAbsent(place, itself -> new Shown());
    }

    private void polled(int index, Operation poll) {
        Shown last = null;
        Place place = null;
        for (Seen seen : poll.records()) {
            if (!seen.place().equals(place)) {
                place = seen.place();
                last = shown(poll, place);
            }
            high(last, seen.offset() + 1, index);
            if (poll.readCommitted()) stable(last, seen.offset() + 1, index);
        }
    }

    private static void high(Shown shown, long offset, int index) {
        if (offset <= shown.high) return;
        shown.high = offset;
        shown.highBy = index;
    }

    private static void stable(Shown shown, long offset, int index) {
        if (offset <= shown.stable) return;
        shown.stable = offset;
        shown.stableBy = index;
    }

    private void looked(int index, Operation look) {
        look.offsets().forEach((place, offset) -> {
            if (offset < 0) return;
            Shown before = shown(look, place);
            if (look.readCommitted()) {
                if (offset < before.stable) {
                    findings.add(Anomaly.STABLE_OFFSET_BACK, () -> "the stable offset of " + place
                            + " went from " + before.stable + " back to " + offset, before.stableBy, index);
                }
                stable(before, offset, index);
                still(index, look, place, offset);
            } else {
                lowWatermark(index, place, offset, before);
                high(before, offset, index);
            }
        });
        if (look.readCommitted() && look.offsets().size() > 1) cuts(index, look);
    }

    private void lowWatermark(int index, Place place, long offset, Shown before) {
        if (offset < before.high) {
            findings.add(Anomaly.HIGH_WATERMARK_BACK, () -> "the high watermark of " + place + " went from "
                    + before.high + " back to " + offset, before.highBy, index);
        } else if (offset < before.stable) {
            findings.add(Anomaly.STABLE_OFFSET_ABOVE_HIGH_WATERMARK, () -> "the stable offset of " + place
                    + " was " + before.stable + ", its high watermark later only " + offset, before.stableBy,
                    index);
        }
    }

    private void reaches() {
        for (int index = 0; index < facts.operations.size(); index++) {
            Operation operation = facts.operations.get(index);
            if (!operation.isOk()) continue;
            switch (operation.kind()) {
                case SEND -> reach(operation.place(), operation.endNs(), operation.offset() + 1);
                case ENDS -> {
                    if (operation.readCommitted()) continue;
                    operation.offsets().forEach((place, offset) -> reach(place, operation.endNs(), offset));
                }
                default -> { }
            }
        }
        for (Reach reach : reaches.values()) {
            reach.ends.sort(Comparator.comparingLong(End::atNs));
            long before = 0;
            for (End end : reach.ends) {
                if (end.offset <= before) continue;
                before = end.offset;
                reach.risingOffsets.add(end.offset);
                reach.times.add(end.atNs);
            }
            reach.ends.clear();
        }
    }

    private void reach(Place place, long atNs, long offset) {
        reaches.computeIfAbsent(place, itself -> new Reach()).ends.add(new End(atNs, offset));
    }

    /**
     * A stable offset below the end is where the first open transaction begins, so that it has been open at
     * least since the end was known to be above. Two looks some seconds apart are asked for, as the first may
     * be answered at the end of a pause, before the broker has had time to abort anything.
     */
    private void still(int index, Operation look, Place place, long offset) {
        Reach reach = reaches.get(place);
        if (reach == null) return;
        int above = reach.risingOffsets.lastAtMost(offset) + 1;
        if (above == reach.risingOffsets.size()) return;
        long openSinceNs = reach.times.get(above);
        if (reach.stuckAt != offset) {
            reach.stuckAt = offset;
            reach.lateSinceNs = Operation.NEVER;
            reach.told = false;
        }
        if (look.endNs() < openSinceNs + timeoutNs) return;
        if (reach.lateSinceNs == Operation.NEVER) {
            reach.lateSinceNs = look.endNs();
            reach.lateBy = index;
        }
        boolean apart = look.startNs() - reach.lateSinceNs >= TWO_LOOKS_APART_NS;
        boolean late = look.startNs() - openSinceNs > timeoutNs + Options.GRACE.toNanos();
        if (!apart || !late || reach.told) return;
        reach.told = true;
        int holder = facts.logs.containsKey(place) ? facts.logs.get(place).writeAt(offset) : -1;
        findings.add(Anomaly.HANGING_TRANSACTION, () -> "the stable offset of " + place + " stands at "
                + offset + " since at least " + (look.startNs() - openSinceNs) / 1_000_000 + " ms"
                + (holder < 0 ? "" : ", where " + facts.nameOf(holder) + " is"), holder < 0 ? -1
                : facts.writeOperation.get(holder), reach.lateBy, index);
    }

    /** Every transaction that this look newly finds below a stable offset must be below all of them. */
    private void cuts(int index, Operation look) {
        look.offsets().forEach((place, stable) -> {
            Log log = facts.logs.get(place);
            if (log == null || stable < 0) return;
            Shown mine = shown(look, place);
            long[] known = log.knownOrder();
            for (; mine.compared < known.length && known[mine.compared] < stable; mine.compared++) {
                int write = log.writeAt(known[mine.compared]);
                Txn txn = write < 0 ? null : facts.transactionOfWrite(write);
                if (txn == null || txn.fate() != Fate.COMMITTED || comparedAt[txn.index] == index
                        + 1) continue;
                comparedAt[txn.index] = index + 1;
                cut(index, look, txn, write);
            }
        });
    }

    private void cut(int index, Operation look, Txn txn, int below) {
        for (int other = 0; other < txn.writes.size(); other++) {
            int write = txn.writes.get(other);
            Long stable = look.offsets().get(facts.placeOf(write));
            if (stable == null || facts.offsetOf(write) < stable) continue;
            findings.add(Anomaly.PARTIAL_VISIBILITY, () -> "one look found " + facts.nameOf(below)
                    + " decided and " + facts.nameOf(write) + " of the same transaction " + txn.name + " not",
                    facts.writeOperation.get(below), facts.writeOperation.get(write), index);
            return;
        }
    }
}
