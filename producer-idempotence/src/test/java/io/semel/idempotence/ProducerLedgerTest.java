package io.semel.idempotence;

import static io.semel.idempotence.Batches.batch;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.semel.wire.error.ErrorCode;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class ProducerLedgerTest {
    private static final int LAST = Integer.MAX_VALUE;

    private final ProducerLedger ledger = new ProducerLedger();

    @Test
    void acceptsBatchesWithoutAProducer() {
        assertTrue(ledger.judge(batch().pid(-1).epoch(-1).sequence(-1).make(), 0, false).accepted());
        ledger.fold(batch().pid(-1).epoch(-1).sequence(-1).at(0));

        assertEquals(0, ledger.size());
    }

    @Test @DisplayName("FEATURES 13: a producer id without a sequence is no record")
    void refusesAProducerWithoutASequence() {
        assertRejected(ErrorCode.INVALID_RECORD, judge(batch().sequence(-1)));
    }

    @Test @DisplayName("FEATURES 2: an exact duplicate is answered with the original's offsets and timestamp")
    void answersADuplicateWithItsOffsets() {
        ledger.fold(batch().sequence(0).records(3).timestamp(123).at(40));

        Verdict verdict = judge(batch().sequence(0).records(3).timestamp(456));

        assertEquals("DUPLICATE of 40 to 42 at 123", verdict.toString());
    }

    @Test @DisplayName("FEATURES 2: only the exact range is a duplicate")
    void refusesAPartOfABatchAsOutOfOrder() {
        ledger.fold(batch().sequence(0).records(3).at(40));

        assertRejected(ErrorCode.OUT_OF_ORDER_SEQUENCE_NUMBER, judge(batch().sequence(0).records(2)));
        assertRejected(ErrorCode.OUT_OF_ORDER_SEQUENCE_NUMBER, judge(batch().sequence(1).records(2)));
    }

    @Test @DisplayName("FEATURES 3: five batches are remembered, the sixth is out of order")
    void remembersFiveBatches() {
        for (int n = 0; n < 6; n++) ledger.fold(batch().sequence(2 * n).records(2).at(100 + 2 * n));

        for (int n = 1; n < 6; n++) {
            assertEquals(100 + 2 * n, judge(batch().sequence(2 * n).records(2)).baseOffset());
        }
        assertRejected(ErrorCode.OUT_OF_ORDER_SEQUENCE_NUMBER, judge(batch().sequence(0).records(2)));
    }

    @Test @DisplayName("FEATURES 4: a gap is out of order")
    void refusesAGap() {
        ledger.fold(batch().sequence(0).at(0));

        assertRejected(ErrorCode.OUT_OF_ORDER_SEQUENCE_NUMBER, judge(batch().sequence(2)));
        assertTrue(judge(batch().sequence(1)).accepted());
    }

    @Test @DisplayName("FEATURES 5: the sequence wraps inside a batch and between batches")
    void wrapsTheSequence() {
        ledger.fold(batch().sequence(LAST - 1).records(2).at(0));
        assertTrue(judge(batch().sequence(0)).accepted());

        ledger.fold(batch().sequence(0).records(1).at(2));
        assertTrue(judge(batch().sequence(1)).accepted());

        ledger.fold(batch().pid(8).sequence(LAST - 1).records(5).at(3));
        assertTrue(judge(batch().pid(8).sequence(3)).accepted());
        assertEquals(3, judge(batch().pid(8).sequence(LAST - 1).records(5)).baseOffset());
    }

    @Test
    @DisplayName("FEATURES 6: an old epoch is refused with INVALID_PRODUCER_EPOCH, transactional or not")
    void refusesAnOldEpoch() {
        ledger.fold(batch().epoch(3).sequence(0).at(0));

        assertRejected(ErrorCode.INVALID_PRODUCER_EPOCH, judge(batch().epoch(2).sequence(1)));
        assertRejected(ErrorCode.INVALID_PRODUCER_EPOCH, judge(batch().epoch(2).sequence(1).transactional()));
    }

    @Test @DisplayName("FEATURES 7: a new epoch starts at sequence 0, and forgets what the old one wrote")
    void startsANewEpochAtZero() {
        ledger.fold(batch().epoch(3).sequence(0).at(0));

        assertRejected(ErrorCode.OUT_OF_ORDER_SEQUENCE_NUMBER, judge(batch().epoch(4).sequence(1)));
        assertTrue(judge(batch().epoch(4).sequence(0)).accepted());
        ledger.fold(batch().epoch(4).sequence(0).at(1));
        assertEquals(1, judge(batch().epoch(4).sequence(0)).baseOffset());
        assertRejected(ErrorCode.INVALID_PRODUCER_EPOCH, judge(batch().epoch(3).sequence(0)));
    }

    @Test
    @DisplayName("FEATURES 9: an unknown producer begins anywhere, except in a version 2 transaction")
    void acceptsAnySequenceOfAnUnknownProducer() {
        assertTrue(judge(batch().sequence(57)).accepted());
        assertTrue(ledger.judge(batch().sequence(57).make(), 0, true).accepted());

        long guardV1 = judge(batch().pid(8).sequence(57).transactional()).guard();
        assertTrue(ledger.judge(batch().pid(8).sequence(57).transactional().make(), guardV1, false)
                .accepted());

        long guardV2 = ledger.judge(batch().pid(9).sequence(57).transactional().make(), 0, true).guard();
        assertRejected(ErrorCode.OUT_OF_ORDER_SEQUENCE_NUMBER,
                ledger.judge(batch().pid(9).sequence(57).transactional().make(), guardV2, true));
    }

    @Test @DisplayName("FEATURES 9: producers expire by their last batch or marker")
    void forgetsProducersThatWereSilent() {
        ledger.fold(batch().pid(1).sequence(0).timestamp(1_000).at(0));
        ledger.fold(batch().pid(2).sequence(0).timestamp(1_001).at(1));
        ledger.fold(batch().pid(3).sequence(0).transactional().timestamp(10).at(2));
        ledger.fold(batch().pid(3).timestamp(1_001).marker(true, 0, 3));

        assertEquals(1, ledger.expire(2_000, 1_000));

        assertEquals(List.of(2L, 3L), ledger.describe().stream().map(ProducerEntry::producerId).toList());
        assertEquals(2, ledger.expire(2_001, 1_000));
        assertEquals(0, ledger.size());
    }

    @Test @DisplayName("FEATURES 10: a producer does not expire while its transaction is open")
    void keepsAProducerWithAnOpenTransaction() {
        ledger.fold(batch().sequence(0).transactional().timestamp(1).at(0));

        assertEquals(0, ledger.expire(Long.MAX_VALUE, 1));

        assertEquals(List.of(new OpenTransaction(7, (short) 0, 0)), ledger.open());
    }

    @Test
    @DisplayName("FEATURES 27, 28: the first batch of a transaction has to be enlisted, the next ones not")
    void asksForEnlistmentOnce() {
        Verdict asked = judge(batch().sequence(0).transactional());
        assertEquals(Verdict.Kind.NEEDS_ENLISTMENT, asked.kind());
        assertNotEquals(0, asked.guard());

        assertTrue(ledger.judge(batch().sequence(0).transactional().make(), asked.guard(), false).accepted());
        ledger.fold(batch().sequence(0).transactional().at(0));

        assertTrue(judge(batch().sequence(1).transactional()).accepted());
        assertEquals(0, ledger.guards());
    }

    @Test @DisplayName("FEATURES 28: a batch held up since an earlier transaction does not hold up the next")
    void asksForNoEnlistmentOfABatchThatIsLeftBehind() {
        for (int n = 0; n < 7; n++) ledger.fold(batch().sequence(n).transactional().at(n));
        ledger.fold(batch().marker(true, 0, 7));

        assertRejected(ErrorCode.OUT_OF_ORDER_SEQUENCE_NUMBER, judge(batch().sequence(1).transactional()));
        assertEquals(0, ledger.guards());
        long guard = judge(batch().sequence(7).transactional()).guard();
        assertTrue(ledger.judge(batch().sequence(7).transactional().make(), guard, false).accepted());
    }

    @Test @DisplayName("FEATURES 29: a batch whose transaction ended while it waited is refused")
    void refusesABatchWhoseGuardAMarkerEnded() {
        long guard = judge(batch().sequence(0).transactional()).guard();
        ledger.fold(batch().marker(false, 0, 5));

        assertRejected(ErrorCode.INVALID_TXN_STATE,
                ledger.judge(batch().sequence(0).transactional().make(), guard, false));

        long again = judge(batch().sequence(0).transactional()).guard();
        assertNotEquals(guard, again);
        assertRejected(ErrorCode.INVALID_TXN_STATE,
                ledger.judge(batch().sequence(0).transactional().make(), guard, false));
        assertTrue(ledger.judge(batch().sequence(0).transactional().make(), again, false).accepted());
    }

    @Test @DisplayName("FEATURES 29: a guard does not outlive the transaction that its sibling opened")
    void refusesAGuardAfterAnAppendAndAMarker() {
        long guard = judge(batch().sequence(0).transactional()).guard();
        ledger.fold(batch().sequence(0).transactional().at(0));
        ledger.fold(batch().marker(true, 0, 1));

        assertRejected(ErrorCode.INVALID_TXN_STATE,
                ledger.judge(batch().sequence(1).transactional().make(), guard, false));
    }

    @Test @DisplayName("FEATURES 29: a higher marker fences the waiting batch")
    void fencesAWaitingBatch() {
        long guard = ledger.judge(batch().epoch(4).sequence(0).transactional().make(), 0, true).guard();
        ledger.fold(batch().epoch(5).marker(false, 0, 0));

        assertRejected(ErrorCode.INVALID_PRODUCER_EPOCH,
                ledger.judge(batch().epoch(4).sequence(0).transactional().make(), guard, true));
    }

    @Test
    @DisplayName("KAFKA-19999 beside 29: the previous transaction's repeated marker ends no version 2 guard")
    void keepsAVersion2GuardOverTheMarkerOfTheTransactionBefore() {
        ledger.fold(batch().epoch(4).marker(true, 0, 0));
        long guard = ledger.judge(batch().epoch(4).sequence(0).transactional().make(), 0, true).guard();
        ledger.fold(batch().epoch(4).marker(true, 1, 1));

        assertTrue(ledger.judge(batch().epoch(4).sequence(0).transactional().make(), guard, true).accepted());
    }

    /** Seed 25971 of the simulation at 7723944: what came behind the marker was committed with the next. */
    @Test
    @DisplayName("FEATURES 29: a marker of version 1 ends a guard that a version 2 client left standing")
    void endsAGuardThatAClientOfAnotherVersionHasJoined() {
        ledger.fold(batch().epoch(5).marker(true, 0, 0));
        ledger.judge(batch().epoch(5).sequence(0).transactional().make(), 0, true);
        long guard = ledger.judge(batch().epoch(6).sequence(0).transactional().make(), 0, false).guard();
        ledger.fold(batch().epoch(6).marker(false, 0, 1));

        assertRejected(ErrorCode.INVALID_TXN_STATE,
                ledger.judge(batch().epoch(6).sequence(0).transactional().make(), guard, false));
    }

    @Test @DisplayName("KIP-890: a batch does not overtake an earlier one that waits for its enlistment")
    void holdsBackABatchThatOvertakes() {
        long guard = judge(batch().sequence(57).transactional()).guard();
        assertEquals(guard, judge(batch().sequence(58).transactional()).guard());

        assertRejected(ErrorCode.OUT_OF_ORDER_SEQUENCE_NUMBER,
                ledger.judge(batch().sequence(58).transactional().make(), guard, false));
        assertTrue(ledger.judge(batch().sequence(57).transactional().make(), guard, false).accepted());
    }

    @Test @DisplayName("KIP-890: the lowest waiting sequence counts, across the wrap and from a new epoch on")
    void knowsTheLowestWaitingSequence() {
        judge(batch().sequence(2).transactional());
        long guard = judge(batch().sequence(LAST).transactional()).guard();
        assertRejected(ErrorCode.OUT_OF_ORDER_SEQUENCE_NUMBER,
                ledger.judge(batch().sequence(2).transactional().make(), guard, false));
        assertTrue(ledger.judge(batch().sequence(LAST).transactional().make(), guard, false).accepted());

        assertEquals(guard, judge(batch().epoch(1).sequence(0).transactional()).guard());
        assertTrue(ledger.judge(batch().epoch(1).sequence(0).transactional().make(), guard, false)
                .accepted());
    }

    @Test @DisplayName("1.1 step 5: no batch outside the producer's open transaction")
    void refusesAPlainBatchWithinATransaction() {
        ledger.fold(batch().sequence(0).transactional().at(0));

        assertRejected(ErrorCode.INVALID_TXN_STATE, judge(batch().sequence(1)));
        assertRejected(ErrorCode.OUT_OF_ORDER_SEQUENCE_NUMBER, judge(batch().sequence(2)));
        assertEquals(Verdict.Kind.DUPLICATE, judge(batch().sequence(0)).kind());
    }

    @Test @DisplayName("1.1 step 1 before 2: a duplicate is answered after its transaction ended, too")
    void answersADuplicateOfAnEndedTransaction() {
        ledger.fold(batch().sequence(0).transactional().at(9));
        ledger.fold(batch().marker(true, 0, 10));

        assertEquals(9, judge(batch().sequence(0).transactional()).baseOffset());
        assertEquals(0, ledger.guards());
    }

    @Test @DisplayName("KAFKA-19690: a stalled producer learns of its epoch before its guard")
    void refusesAStaleEpochBeforeAStaleGuard() {
        long guard = judge(batch().epoch(1).sequence(0).transactional()).guard();
        ledger.fold(batch().epoch(2).marker(false, 0, 0));

        assertRejected(ErrorCode.INVALID_PRODUCER_EPOCH,
                ledger.judge(batch().epoch(1).sequence(0).transactional().make(), guard, false));
    }

    @Test @DisplayName("FEATURES 35: a lower coordinator epoch is fenced, after the producer's epoch")
    void fencesAnOldCoordinator() {
        ledger.fold(batch().epoch(2).marker(true, 9, 0));

        assertRejected(ErrorCode.TRANSACTION_COORDINATOR_FENCED, ledger.judgeMarker(7, (short) 2, 8, false));
        assertRejected(ErrorCode.INVALID_PRODUCER_EPOCH, ledger.judgeMarker(7, (short) 1, 8, false));
        assertTrue(ledger.judgeMarker(7, (short) 2, 9, false).accepted());
        assertTrue(ledger.judgeMarker(8, (short) 0, 0, true).accepted());
    }

    @Test @DisplayName("FEATURES 36: a version 2 marker must be above the epoch of the open transaction")
    void refusesAVersion2MarkerOfTheSameEpoch() {
        ledger.fold(batch().epoch(4).sequence(0).transactional().at(0));

        assertRejected(ErrorCode.INVALID_PRODUCER_EPOCH, ledger.judgeMarker(7, (short) 4, 0, true));
        assertRejected(ErrorCode.INVALID_PRODUCER_EPOCH, ledger.judgeMarker(7, (short) 3, 0, true));
        assertTrue(ledger.judgeMarker(7, (short) 5, 0, true).accepted());
        assertTrue(ledger.judgeMarker(7, (short) 4, 0, false).accepted());
        assertRejected(ErrorCode.INVALID_PRODUCER_EPOCH, ledger.judgeMarker(7, (short) 3, 0, false));
    }

    @Test @DisplayName("FEATURES 37: the same marker again is accepted while nothing is open")
    void acceptsTheSameVersion2MarkerAgain() {
        ledger.fold(batch().epoch(4).sequence(0).transactional().at(0));
        ledger.fold(batch().epoch(5).marker(true, 0, 1));

        assertTrue(ledger.judgeMarker(7, (short) 5, 0, true).accepted());
        assertRejected(ErrorCode.INVALID_PRODUCER_EPOCH, ledger.judgeMarker(7, (short) 4, 0, true));
    }

    @Test @DisplayName("KAFKA-20090: at the last epoch an equal marker closes even an open transaction")
    void acceptsAMarkerAtTheLastEpoch() {
        ledger.fold(batch().epoch(Short.MAX_VALUE).sequence(0).transactional().at(0));

        assertTrue(ledger.judgeMarker(7, Short.MAX_VALUE, 0, true).accepted());
    }

    @Test
    @DisplayName("FEATURES 25, 36: after a version 2 marker the next batch is of its epoch and begins at 0")
    void goesOnInTheMarkersEpoch() {
        ledger.fold(batch().epoch(4).sequence(0).transactional().at(0));
        ledger.fold(batch().epoch(5).marker(true, 0, 1));

        long guard = ledger.judge(batch().epoch(5).sequence(0).transactional().make(), 0, true).guard();
        assertTrue(ledger.judge(batch().epoch(5).sequence(0).transactional().make(), guard, true).accepted());
        assertRejected(ErrorCode.INVALID_PRODUCER_EPOCH,
                ledger.judge(batch().epoch(4).sequence(1).transactional().make(), 0, true));
    }

    @Test @DisplayName("1.4: a marker closes the transaction; the sequence goes on in the same epoch")
    void goesOnAfterAVersion1Marker() {
        ledger.fold(batch().sequence(0).transactional().at(0));
        ledger.fold(batch().marker(false, 3, 1));

        assertEquals(List.of(), ledger.open());
        assertEquals(new ProducerEntry(7, (short) 0, 0, 0, 500, 3, -1), ledger.describe().get(0));
        long guard = judge(batch().sequence(1).transactional()).guard();
        assertTrue(ledger.judge(batch().sequence(1).transactional().make(), guard, false).accepted());
    }

    @Test
    @DisplayName("53: control batches that compaction has emptied, and other control records, mean nothing")
    void ignoresWhatIsNoMarker() {
        ledger.fold(batch().sequence(0).transactional().at(0));
        long digest = ledger.digest();
        ledger.fold(batch().epoch(4).emptiedMarker(1));
        ledger.fold(batch().epoch(4).control(2, 0, 2));

        assertEquals(digest, ledger.digest());
        assertEquals(1, ledger.open().size());
    }

    @Test @DisplayName("FEATURES 46: offsets in a transaction need no guard once it is open")
    void judgesOffsets() {
        long guard = ledger.guardFor(7, (short) 0);
        assertNotEquals(0, guard);
        assertEquals(guard, ledger.judgeOffsets(7, (short) 0, 0).guard());
        assertEquals(ErrorCode.INVALID_TXN_STATE, ledger.judgeOffsets(7, (short) 0, 0).error());
        assertTrue(ledger.judgeOffsets(7, (short) 0, guard).accepted());

        ledger.fold(batch().sequence(-1).records(2).transactional().at(0));
        assertEquals(0, ledger.guardFor(7, (short) 0));
        assertTrue(ledger.judgeOffsets(7, (short) 0, 0).accepted());

        ledger.fold(batch().epoch(1).marker(true, 0, 2));
        assertRejected(ErrorCode.INVALID_PRODUCER_EPOCH,
                ledger.judgeOffsets(7, (short) 0, ledger.guardFor(7, (short) 0)));
        assertRejected(ErrorCode.INVALID_TXN_STATE, ledger.judgeOffsets(7, (short) 1, guard));
    }

    @Test
    @DisplayName("46 beside 29: a version 2 guard of offsets outlives the repeated marker before it")
    void keepsAVersion2GuardForOffsets() {
        long guard = ledger.guardFor(7, (short) 4, true);
        long guardV1 = ledger.guardFor(8, (short) 4, false);
        ledger.fold(batch().pid(7).epoch(4).marker(true, 0, 0));
        ledger.fold(batch().pid(8).epoch(4).marker(true, 0, 1));

        assertTrue(ledger.judgeOffsets(7, (short) 4, guard).accepted());
        assertRejected(ErrorCode.INVALID_TXN_STATE, ledger.judgeOffsets(8, (short) 4, guardV1));
    }

    @Test @DisplayName("1.1: guards that nobody came back for are swept away")
    void sweepsGuards() {
        judge(batch().sequence(0).transactional());

        ledger.expire(1_000, 100);
        assertEquals(1, ledger.guards());
        ledger.expire(1_099, 100);
        assertEquals(1, ledger.guards());
        ledger.expire(1_100, 100);
        assertEquals(0, ledger.guards());
    }

    @Test
    void changesNothingByJudging() {
        ledger.fold(batch().sequence(0).transactional().at(0));
        long digest = ledger.digest();
        judge(batch().sequence(0).transactional());
        judge(batch().pid(8).sequence(0).transactional());
        judge(batch().pid(9).sequence(9));
        judge(batch().epoch(5).sequence(0));

        assertEquals(digest, ledger.digest());
        assertEquals(1, ledger.size());
    }

    @Test
    @DisplayName("I3: a lower epoch in the log changes no epoch, its transaction is tracked all the same")
    void neverLowersAnEpoch() {
        ledger.fold(batch().epoch(5).sequence(0).at(0));
        ledger.fold(batch().epoch(4).sequence(9).transactional().at(1));

        assertEquals(new ProducerEntry(7, (short) 5, 0, 0, 500, -1, 1), ledger.describe().get(0));
    }

    @Test
    void listsOpenTransactionsByFirstOffset() {
        ledger.fold(batch().pid(9).sequence(0).transactional().at(3));
        ledger.fold(batch().pid(2).epoch(6).sequence(0).transactional().at(4));
        ledger.fold(batch().pid(9).sequence(1).transactional().at(5));

        assertEquals(List.of(new OpenTransaction(9, (short) 0, 3), new OpenTransaction(2, (short) 6, 4)),
                ledger.open());
    }

    @Test
    void allocatesNothingForAcceptingAndRejecting() {
        ledger.fold(batch().sequence(0).at(0));

        assertSame(judge(batch().sequence(1)), judge(batch().pid(8).sequence(1)));
        assertSame(judge(batch().sequence(5)), judge(batch().sequence(6)));
    }

    @Test @DisplayName("saboteur SKIP_SEQUENCE_CHECK lets a gap through")
    void canBeSabotagedInSequences() {
        ProducerLedger sabotaged = new ProducerLedger(true, false);
        sabotaged.fold(batch().sequence(0).at(0));

        assertTrue(sabotaged.judge(batch().sequence(7).make(), 0, false).accepted());
    }

    @Test @DisplayName("saboteur NO_FENCING lets an old epoch through")
    void canBeSabotagedInEpochs() {
        ProducerLedger sabotaged = new ProducerLedger(false, true);
        sabotaged.fold(batch().epoch(3).sequence(0).at(0));

        assertTrue(sabotaged.judge(batch().epoch(2).sequence(0).make(), 0, false).accepted());
        assertTrue(sabotaged.judgeMarker(7, (short) 2, 0, true).accepted());
    }

    private Verdict judge(Batches batch) {
        return ledger.judge(batch.make(), 0, false);
    }

    private static void assertRejected(ErrorCode error, Verdict verdict) {
        assertEquals("REJECT " + error, verdict.toString());
    }
}
