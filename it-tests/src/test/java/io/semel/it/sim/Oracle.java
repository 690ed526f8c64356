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
            if (!same) say("only read_committed sees " + seen.value() + " at " + seen.offset()
                    + " of partition " + partition);
        }));
    }

    private void judge(Unit unit) {
        int seen = 0;
        int written = 0;
        for (Batch batch : unit.batches) {
            written += batch.values.size();
            for (String value : batch.values) if (committed.containsKey(value)) seen++;
            boolean mayBeGone = outcome.compacted && unit.fate != Fate.COMMITTED;
            if (batch.acknowledged && !mayBeGone) acknowledgedBatchStands(unit, batch);
        }
        switch (unit.fate) {
            case COMMITTED -> {
                if (seen != written) say("lost write: " + seen + " of " + written + " records seen of "
                        + unit);
            }
            case ABORTED -> {
                if (seen > 0) say("aborted read: " + seen + " of " + written + " records seen of " + unit);
            }
            case UNKNOWN -> {
                if (seen != 0 && seen != written) say("torn: " + seen + " of " + written
                        + " records seen of " + unit);
            }
        }
    }

    private void acknowledgedBatchStands(Unit unit, Batch batch) {
        for (int index = 0; index < batch.values.size(); index++) {
            Place place = uncommitted.get(batch.values.get(index));
            if (place == null) {
                say("lost write: " + batch.values.get(index) + " was acknowledged, " + unit);
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
            if (found != number) say("offset without its output or output without its offset: " + producer
                    + " stands at " + found
                    + ", its last seen transaction is " + number);
        });
    }

    private void prefixes(List<View> views, View last, String isolation) {
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
