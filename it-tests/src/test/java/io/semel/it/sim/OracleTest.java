package io.semel.it.sim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Plants each anomaly in a sound history; the oracle must name it. */
class OracleTest {
    private final History history = new History();
    private final Outcome outcome = new Outcome(false);
    private Unit first;
    private Unit second;

    /** Two committed transactions over two partitions, the second with an offset, and one aborted between. */
    @BeforeEach
    void soundHistory() {
        first = unit("p", Fate.COMMITTED, batch(0, 0, "a", "b"), batch(1, 0, "c"));
        Unit aborted = unit("q", Fate.ABORTED, batch(0, 3, "x"));
        second = unit("p", Fate.COMMITTED, batch(0, 5, "d"));
        second.movesOffset = true;
        outcome.offsets.put("p", second.number);
        see(0, 0, "a");
        see(0, 1, "b");
        see(1, 0, "c");
        outcome.uncommitted.add(0, 3, aborted.batches.get(0).values.get(0));
        see(0, 5, "d");
        View early = new View();
        early.add(0, 0, "a");
        early.add(0, 1, "b");
        outcome.committedOnTheWay.add(early);
    }

    private Unit unit(String producer, Fate fate, Batch... batches) {
        Unit unit = history.begin(producer, true);
        unit.fate = fate;
        unit.batches.addAll(List.of(batches));
        return unit;
    }

    private static Batch batch(int partition, long offset, String... values) {
        Batch batch = new Batch(partition, List.of(values));
        batch.acknowledged = offset != Batch.UNTOLD;
        batch.offset = offset;
        return batch;
    }

    private void see(int partition, long offset, String value) {
        outcome.committed.add(partition, offset, value);
        outcome.uncommitted.add(partition, offset, value);
    }

    private void assertNamed(String anomaly) {
        List<String> violations = Oracle.violations(history, outcome);
        assertTrue(violations.stream().anyMatch(violation -> violation.contains(anomaly)), "not named: "
                + violations);
    }

    @Test
    void findsNothingInASoundHistory() {
        assertEquals(List.of(), Oracle.violations(history, outcome));
    }

    @Test
    void namesALostWrite() {
        outcome.committed.of(0).remove(2);

        assertNamed("lost write");
    }

    @Test
    void namesAnAcknowledgedBatchThatIsGoneThoughItsTransactionWasAborted() {
        outcome.uncommitted.of(0).removeIf(seen -> seen.value().equals("x"));

        assertNamed("lost write");
    }

    @Test
    void namesAnAbortedRead() {
        outcome.committed.of(0).add(2, new View.Seen(3, "x"));

        assertNamed("aborted read");
    }

    @Test
    void namesATornTransactionOfUnknownFate() {
        first.fate = Fate.UNKNOWN;
        outcome.committed.of(1).clear();

        assertNamed("torn");
    }

    @Test
    void allowsAnUnknownTransactionToBeWholeOrAbsent() {
        first.fate = Fate.UNKNOWN;
        assertEquals(List.of(), Oracle.violations(history, outcome));

        outcome.committed.of(0).subList(0, 2).clear();
        outcome.committed.of(1).clear();
        outcome.committedOnTheWay.clear();

        assertEquals(List.of(), Oracle.violations(history, outcome));
    }

    @Test
    void namesADuplicate() {
        see(0, 8, "d");

        assertNamed("duplicate");
    }

    @Test
    void namesADuplicateThatOnlyReadUncommittedSees() {
        outcome.uncommitted.add(0, 9, "x");

        assertNamed("duplicate");
    }

    @Test
    void namesAnOffsetOtherThanTheOneTold() {
        second.batches.get(0).offset = 4;

        assertNamed("inconsistent offset");
    }

    @Test
    void namesRecordsOutOfTheirProducersOrder() {
        first.batches.get(0).offset = Batch.UNTOLD;
        outcome.committed.of(0).clear();
        outcome.uncommitted.of(0).clear();
        outcome.committedOnTheWay.clear();
        see(0, 0, "b");
        see(0, 1, "a");
        outcome.uncommitted.add(0, 3, "x");
        see(0, 5, "d");

        assertNamed("nonmonotonic send");
    }

    @Test
    void namesAnOffsetCommittedWithoutItsTransaction() {
        outcome.offsets.put("p", 7L);

        assertNamed("offset without its output");
    }

    @Test
    void namesATransactionWithoutItsOffset() {
        outcome.offsets.clear();

        assertNamed("output without its offset");
    }

    @Test
    void namesAReaderWhoseViewChangedAfterwards() {
        View skipped = new View();
        skipped.add(0, 1, "b");
        outcome.committedOnTheWay.add(skipped);

        assertNamed("I9");
    }

    @Test
    void namesARecordNobodyWrote() {
        outcome.uncommitted.add(1, 4, "z");

        assertNamed("nobody wrote z");
    }

    @Test
    void namesARecordOnlyReadCommittedSees() {
        outcome.uncommitted.of(1).clear();

        assertNamed("only read_committed sees c");
    }

    @Test
    void passesOnWhatAClientComplainedOf() {
        history.complain("I7 stable offset fell");

        assertNamed("I7 stable offset fell");
    }

    @Test
    void allowsWhatLiesBelowTheStartToBeGone() {
        trimTo(2);

        assertEquals(List.of(), Oracle.violations(history, outcome));
    }

    @Test
    void namesALossAtTheStart() {
        trimTo(2);
        outcome.starts[0] = 1;

        assertNamed("lost write");
    }

    @Test
    void namesAReaderThatLeftOutWhatStands() {
        trimTo(0);
        View jumped = new View();
        jumped.add(0, 1, "b");
        outcome.committedOnTheWay.add(jumped);
        assertNamed("I9");

        outcome.committedOnTheWay.remove(jumped);
        View late = new View();
        late.skip(0, 0, 1);
        late.add(0, 1, "b");
        outcome.committedOnTheWay.add(late);

        assertEquals(List.of(), Oracle.violations(history, outcome));
    }

    @Test
    void namesAnOffsetLostThoughItsTransactionIsGone() {
        trimTo(6);
        outcome.offsets.put("p", first.number);

        assertNamed("output without its offset");
    }

    private void trimTo(long start) {
        outcome.starts = new long[] {start, 0};
        for (View view : List.of(outcome.committed, outcome.uncommitted)) {
            view.of(0).removeIf(seen -> seen.offset() < start);
        }
    }
}
