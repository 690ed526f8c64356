package io.semel.it.sim;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Says what in an outcome the history does not allow. Committed units are seen whole, at the offsets that
 * were told; aborted ones never by read_committed; unknown ones whole or not at all; nothing twice, nothing
 * out of its producer's order, and nothing a reader ever saw changes (I9). Stateless but for one check.
 */
final class Oracle {
    private record Place(int partition, long offset) {
    }

    private final History history;
    private final Outcome outcome;
    private final List<String> violations = new ArrayList<>();
    private final Map<String, Place> committed = new HashMap<>();
    private final Map<String, Place> uncommitted = new HashMap<>();

    private Oracle(History history, Outcome outcome) {
        this.history = history;
        this.outcome = outcome;
    }

    /** Every violation in words, in a fixed order; empty when all is well. */
    static List<String> violations(History history, Outcome outcome) {
        Oracle oracle = new Oracle(history, outcome);
        oracle.judge();
        return oracle.violations;
    }

    private void judge() {
        history.complaints().forEach(complaint -> violations.add("complaint: " + complaint));
        index(outcome.committed, committed, "read_committed");
        index(outcome.uncommitted, uncommitted, "read_uncommitted");
        everySeenValueWasWritten();
        for (Unit unit : history.units()) judge(unit);
        ordersHold();
        offsetsFollowMarkers();
        violations.addAll(Chains.violations(outcome));
        prefixes(outcome.committedOnTheWay, outcome.committed, "read_committed");
        if (!outcome.compacted) {
            prefixes(outcome.uncommittedOnTheWay, outcome.uncommitted, "read_uncommitted");
        }
    }

    private void index(View view, Map<String, Place> places, String isolation) {
        view.partitions().forEach((partition, list) -> {
            long last = -1;
            for (View.Seen seen : list) {
                if (seen.offset() <= last) say(isolation + " offset " + seen.offset() + " after " + last
                        + " in partition " + partition);
                last = seen.offset();
                Place earlier = places.put(seen.value(), new Place(partition, seen.offset()));
                if (earlier != null) say("duplicate: " + isolation + " sees " + seen.value() + " at "
                        + earlier + " and " + seen.offset());
            }
        });
    }

    private void everySeenValueWasWritten() {
        Map<String, Integer> written = new HashMap<>();
        for (Unit unit : history.units()) {
            for (Batch batch : unit.batches) for (String value : batch.values) written.put(value,
                    batch.partition);
        }
        outcome.uncommitted.partitions().forEach((partition, list) -> list.forEach(seen -> {
            if (!partition.equals(written.get(seen.value()))) say("nobody wrote " + seen.value()
                    + " to partition " + partition);
        }));
        outcome.committed.partitions().forEach((partition, list) -> list.forEach(seen -> {
            Place place = uncommitted.get(seen.value());
            boolean same = place != null && place.partition == partition && place.offset == seen.offset();
            boolean stands = seen.offset() >= outcome.start(partition);
            if (!same && stands) say("only read_committed sees " + seen.value() + " at " + seen.offset()
                    + " of partition " + partition);
        }));
    }

    private void judge(Unit unit) {
        int seen = 0;
        int missing = 0;
        for (Batch batch : unit.batches) {
            for (int index = 0; index < batch.values.size(); index++) {
                if (committed.containsKey(batch.values.get(index))) seen++;
                else if (!outcome.mayBeGone(batch, index)) missing++;
            }
            boolean mayBeGone = outcome.compacted && unit.fate != Fate.COMMITTED;
            if (batch.acknowledged && !mayBeGone) acknowledgedBatchStands(unit, batch);
        }
        switch (unit.fate) {
            case COMMITTED -> {
                if (missing > 0) say("lost write: " + missing + " records not seen of " + unit);
            }
            case ABORTED -> {
                if (seen > 0) say("aborted read: " + seen + " records seen of " + unit);
            }
            case UNKNOWN -> {
                if (seen > 0 && missing > 0) say("torn: " + seen + " records seen, " + missing
                        + " not of " + unit);
            }
        }
    }

    private void acknowledgedBatchStands(Unit unit, Batch batch) {
        for (int index = 0; index < batch.values.size(); index++) {
            Place place = uncommitted.get(batch.values.get(index));
            if (place == null) {
                if (!outcome.mayBeGone(batch, index)) say("lost write: " + batch.values.get(index)
                        + " was acknowledged, " + unit);
            } else if (batch.offset != Batch.UNTOLD && place.offset != batch.offset + index) {
                say("inconsistent offset: " + batch.values.get(index) + " stands at " + place.offset + ", "
                        + batch);
            }
        }
    }

    /** Within a partition the records of one producer stand in the order it wrote them. */
    private void ordersHold() {
        Map<String, Map<Integer, Place>> last = new TreeMap<>();
        for (Unit unit : history.units()) {
            Map<Integer, Place> ofProducer = last.computeIfAbsent(unit.producer, name -> new TreeMap<>());
            for (Batch batch : unit.batches) {
                for (String value : batch.values) {
                    Place place = committed.get(value);
                    if (place == null) continue;
                    Place before = ofProducer.put(place.partition, place);
                    if (before != null && before.offset >= place.offset) {
                        say("nonmonotonic send: " + value + " at " + place + " after " + before + " by "
                                + unit.producer);
                    }
                }
            }
        }
    }

    /** I11: the offset a group ends with is that of the last transaction whose records are seen. */
    private void offsetsFollowMarkers() {
        Map<String, Long> expected = new TreeMap<>();
        for (Unit unit : history.units()) {
            if (!unit.movesOffset || unit.batches.isEmpty()) continue;
            expected.putIfAbsent(unit.producer, -1L);
            if (committed.containsKey(unit.batches.get(0).values.get(0))) expected.put(unit.producer,
                    unit.number);
        }
        expected.forEach((producer, number) -> {
            long found = outcome.offsets.getOrDefault(producer, -1L);
            boolean stands = found == number || mayStandAt(producer, number, found);
            if (!stands) say("offset without its output or output without its offset: " + producer
                    + " stands at " + found
                    + ", its last seen transaction is " + number);
        });
    }

    /** Where records may be gone: at one that may have been committed, not below one that was. */
    private boolean mayStandAt(String producer, long seen, long found) {
        if (!outcome.trimmed() || found < seen) return false;
        boolean stands = false;
        for (Unit unit : history.units()) {
            if (!unit.movesOffset || unit.batches.isEmpty() || !unit.producer.equals(producer)) continue;
            if (unit.fate == Fate.COMMITTED && unit.number > found) return false;
            boolean mayBe = unit.fate != Fate.ABORTED && outcome.mayBeGone(unit.batches.get(0), 0);
            if (unit.number == found && mayBe) stands = true;
        }
        return stands;
    }

    /** Each record at or above the start stands as it was seen, and none between was left out. */
    private void stretches(List<View> views, View last, String isolation) {
        Map<Place, String> seenAt = new HashMap<>();
        for (View view : views) {
            view.partitions().forEach((partition, list) -> {
                for (View.Seen seen : list) {
                    String before = seenAt.putIfAbsent(new Place(partition, seen.offset()), seen.value());
                    if (before != null && !before.equals(seen.value())) say("I9 " + isolation
                            + " readers saw " + before + " and " + seen + " in partition " + partition);
                }
                long start = outcome.start(partition);
                List<View.Seen> whole = last.of(partition).stream().filter(seen -> seen.offset() >= start
                        && !list.isEmpty() && seen.offset() <= list.get(list.size() - 1).offset()
                        && !view.skipped(partition, seen.offset())).toList();
                List<View.Seen> stands = list.stream().filter(seen -> seen.offset() >= start).toList();
                if (!stands.equals(whole)) say("I9 a " + isolation + " reader saw " + stands
                        + " of partition " + partition + " from " + start + " on, at last it is " + whole);
            });
        }
    }

    private void prefixes(List<View> views, View last, String isolation) {
        if (outcome.trimmed() || outcome.decays) {
            stretches(views, last, isolation);
            return;
        }
        for (View view : views) {
            view.partitions().forEach((partition, list) -> {
                List<View.Seen> whole = last.of(partition);
                for (int index = 0; index < list.size(); index++) {
                    if (index < whole.size() && whole.get(index).equals(list.get(index))) continue;
                    say("I9 a " + isolation + " reader saw " + list.get(index) + " as number " + index
                            + " of partition " + partition
                            + ", at last it is " + (index < whole.size() ? whole.get(index) : "nothing"));
                    return;
                }
            });
        }
    }

    private void say(String violation) {
        violations.add(violation);
    }
}
