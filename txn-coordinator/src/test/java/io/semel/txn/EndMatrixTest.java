package io.semel.txn;

import static io.semel.txn.Coordinator.ID;
import static io.semel.txn.Coordinator.IN_0;
import static io.semel.txn.Coordinator.end;
import static io.semel.txn.Coordinator.enlist;
import static io.semel.txn.Coordinator.init;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.semel.txn.Coordinator.Asked;
import io.semel.txn.TxnReply.Ended;
import io.semel.txn.TxnReply.Rejected;
import io.semel.wire.error.ErrorCode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Rows 22 to 26 of the checklist: the tables of EndTxn, whole. DECIDES and WAITS stand where Kafka answers
 * before the markers.
 */
class EndMatrixTest {
    private static final long PID = 100;
    private final Coordinator room = new Coordinator();

    /**
     * Producer 100 in this phase under epoch 1 where the phase allows it to choose: EMPTY and ONGOING; else
     * ended from epoch 0.
     */
    private void reach(TxnPhase phase, boolean version2) {
        room.tell(init(ID));
        switch (phase) {
            case EMPTY -> room.tell(init(ID));
            case ONGOING -> {
                room.tell(init(ID));
                room.tell(enlist(PID, 1, version2, IN_0));
            }
            case PREPARE_COMMIT, PREPARE_ABORT, COMPLETE_COMMIT, COMPLETE_ABORT -> {
                int epoch = version2 ? 0 : 1;
                if (!version2) room.tell(init(ID));
                room.tell(enlist(PID, epoch, version2, IN_0));
                room.ask(end(PID, epoch, phase.endsWith(true), version2));
                if (phase.complete()) room.writeMarkers();
            }
        }
        assertEquals(phase, room.txn(ID).phase());
        assertEquals(1, room.txn(ID).producerEpoch());
    }

    private String outcome(TxnCommand.End command) {
        long before = room.journal.endOffset();
        Asked asked = room.ask(command);
        boolean wrote = room.journal.endOffset() > before;
        if (asked.waiting()) return wrote ? "DECIDES" : "WAITS";
        assertEquals(false, wrote, "an answer at once changes nothing");
        if (asked.reply() instanceof Rejected rejected) return rejected.error().name();
        Ended ended = (Ended) asked.reply();
        return "NONE " + ended.producerId() + "/" + ended.epoch();
    }

    /** A commit that finds an abort is told of the fence, as Kafka means to (KAFKA-20785). */
    @ParameterizedTest
    @CsvSource({
        // phase,         asked,  epoch 0 (repeat),  epoch 1 (current), epoch 2 (unknown)
        "EMPTY,           ABORT,  PRODUCER_FENCED,   DECIDES,           PRODUCER_FENCED",
        "EMPTY,           COMMIT, PRODUCER_FENCED,   INVALID_TXN_STATE, PRODUCER_FENCED",
        "ONGOING,         ABORT,  PRODUCER_FENCED,   DECIDES,           PRODUCER_FENCED",
        "ONGOING,         COMMIT, PRODUCER_FENCED,   DECIDES,           PRODUCER_FENCED",
        "PREPARE_COMMIT,  ABORT,  INVALID_TXN_STATE, WAITS,             PRODUCER_FENCED",
        "PREPARE_COMMIT,  COMMIT, WAITS,             WAITS,             PRODUCER_FENCED",
        "PREPARE_ABORT,   ABORT,  WAITS,             WAITS,             PRODUCER_FENCED",
        "PREPARE_ABORT,   COMMIT, PRODUCER_FENCED,   WAITS,             PRODUCER_FENCED",
        "COMPLETE_COMMIT, ABORT,  INVALID_TXN_STATE, DECIDES,           PRODUCER_FENCED",
        "COMPLETE_COMMIT, COMMIT, NONE 100/1,        INVALID_TXN_STATE, PRODUCER_FENCED",
        "COMPLETE_ABORT,  ABORT,  NONE 100/1,        DECIDES,           PRODUCER_FENCED",
        "COMPLETE_ABORT,  COMMIT, PRODUCER_FENCED,   INVALID_TXN_STATE, PRODUCER_FENCED",
    })
    void answersVersion2ByTheTable(TxnPhase phase, String asked, String repeat, String current,
    String unknown) {
        String[] expected = {repeat, current, unknown};
        for (int epoch = 0; epoch <= 2; epoch++) {
            EndMatrixTest fresh = new EndMatrixTest();
            fresh.reach(phase, true);

            assertEquals(expected[epoch], fresh.outcome(end(PID, epoch, asked.equals("COMMIT"), true)), phase
                + " at epoch " + epoch);
        }
    }

    @ParameterizedTest
    @CsvSource({
        // phase,         asked,  epoch 1 (owner);   any other epoch is PRODUCER_FENCED
        "EMPTY,           ABORT,  INVALID_TXN_STATE",
        "EMPTY,           COMMIT, INVALID_TXN_STATE",
        "ONGOING,         ABORT,  DECIDES",
        "ONGOING,         COMMIT, DECIDES",
        "PREPARE_COMMIT,  ABORT,  INVALID_TXN_STATE",
        "PREPARE_COMMIT,  COMMIT, WAITS",
        "PREPARE_ABORT,   ABORT,  WAITS",
        "PREPARE_ABORT,   COMMIT, INVALID_TXN_STATE",
        "COMPLETE_COMMIT, ABORT,  INVALID_TXN_STATE",
        "COMPLETE_COMMIT, COMMIT, NONE 100/1",
        "COMPLETE_ABORT,  ABORT,  NONE 100/1",
        "COMPLETE_ABORT,  COMMIT, INVALID_TXN_STATE",
    })
    void answersVersion1ByTheTable(TxnPhase phase, String asked, String owner) {
        String[] expected = {"PRODUCER_FENCED", owner, "PRODUCER_FENCED"};
        for (int epoch = 0; epoch <= 2; epoch++) {
            EndMatrixTest fresh = new EndMatrixTest();
            fresh.reach(phase, false);

            assertEquals(expected[epoch], fresh.outcome(end(PID, epoch, asked.equals("COMMIT"), false)), phase
                + " at epoch " + epoch);
        }
    }

    @ParameterizedTest
    @CsvSource({"true", "false"})
    void knowsNeitherAnUnknownIdNorAnotherProducer(boolean version2) {
        assertEquals("INVALID_PRODUCER_ID_MAPPING", outcome(end(PID, 0, true, version2)));

        reach(TxnPhase.ONGOING, version2);

        assertEquals("INVALID_PRODUCER_ID_MAPPING", outcome(end(PID + 1, 1, true, version2)));
        assertEquals("INVALID_REQUEST", outcome(new TxnCommand.End("", PID, (short) 1, true, version2, -1)));
        assertEquals("INVALID_REQUEST", outcome(new TxnCommand.End(null, PID, (short) 1, true, version2,
            -1)));
    }

    @Test
    void keepsTheEpochInVersion1AndRaisesItInVersion2() {
        room.tell(init(ID));
        room.tell(enlist(PID, 0, false, IN_0));
        room.ask(end(PID, 0, true, false));
        MarkerDuty old = room.writeMarkers();
        room.tell(enlist(PID, 0, true, IN_0));
        room.ask(end(PID, 0, true, true));
        MarkerDuty modern = room.writeMarkers();

        assertEquals(0, old.producerEpoch());
        assertEquals(false, old.version2());
        assertEquals(1, modern.producerEpoch());
        assertEquals(true, modern.version2());
        assertEquals(1, room.txn(ID).producerEpoch());
    }

    @ParameterizedTest
    @CsvSource({"true", "false"})
    void doesNotTakeAFencedProducerForOneThatRepeatsItsEnd(boolean commit) {
        room.tell(init(ID));
        room.tell(init(ID));
        room.tell(enlist(PID, 1, false, IN_0));
        room.ask(end(PID, 1, commit, false));
        assertEquals("PRODUCER_FENCED", outcome(end(PID, 0, commit, true)));

        room.writeMarkers();

        assertEquals("PRODUCER_FENCED", outcome(end(PID, 0, commit, true)));
    }

    @Test
    void completesAnEmptyAbortThoughItOwesNoMarker() {
        room.tell(init(ID));
        Asked abort = room.ask(end(PID, 0, false, true));

        MarkerDuty duty = room.writeMarkers();

        assertEquals(0, duty.partitions().size());
        assertEquals(new Ended(PID, (short) 1), abort.reply());
        assertEquals(room.nowMs, room.txn(ID).startMs());
    }

    @Test
    void doesNotLetALateEndTouchTheNextTransactionOfVersion2() {
        room.tell(init(ID));
        room.tell(enlist(PID, 0, true, IN_0));
        room.ask(end(PID, 0, true, true));
        room.writeMarkers();
        room.tell(enlist(PID, 1, true, IN_0));

        assertEquals(new Rejected(ErrorCode.PRODUCER_FENCED), room.tell(end(PID, 0, true, true)));
        assertEquals(TxnPhase.ONGOING, room.txn(ID).phase());
    }
}
