package io.semel.txn;

import static io.semel.txn.Coordinator.ID;
import static io.semel.txn.Coordinator.IN_0;
import static io.semel.txn.Coordinator.end;
import static io.semel.txn.Coordinator.enlist;
import static io.semel.txn.Coordinator.init;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.semel.txn.Coordinator.Asked;
import io.semel.txn.TxnReply.Described;
import io.semel.txn.TxnReply.Ended;
import io.semel.txn.TxnReply.Initialised;
import io.semel.txn.TxnReply.Rejected;
import io.semel.wire.error.ErrorCode;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Rows 32 and 33 of the checklist: what time ends. */
class TimeTest {
    private static final long WEEK_MS = 604_800_000L;
    private final Coordinator room = new Coordinator();

    private static TxnReply rejected(ErrorCode error) {
        return new Rejected(error);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void abortsATransactionWhenItsTimeIsUpToTheMillisecond(boolean version2) {
        room.tell(init(ID));
        room.at(5_000);
        room.tell(enlist(100, 0, version2, IN_0));
        assertEquals(65_000, room.nextDeadlineMs());

        room.at(64_999);
        assertEquals(TxnPhase.ONGOING, room.txn(ID).phase());
        room.at(65_000);
        MarkerDuty duty = room.writeMarkers();

        assertEquals(false, duty.commit());
        assertEquals(1, duty.producerEpoch());
        assertEquals(TxnPhase.COMPLETE_ABORT, room.txn(ID).phase());
    }

    @Test
    void fencesTheSlowProducerAndLetsItAbortAndGoOn() {
        room.tell(init(ID));
        room.tell(enlist(100, 0, true, IN_0));
        room.at(61_000);

        assertEquals(rejected(ErrorCode.PRODUCER_FENCED), room.tell(enlist(100, 0, true, IN_0)));
        assertEquals(rejected(ErrorCode.PRODUCER_FENCED), room.tell(end(100, 0, true, true)));
        Asked abort = room.ask(end(100, 0, false, true));
        room.writeMarkers();

        assertEquals(new Ended(100, (short) 1), abort.reply());
    }

    @Test
    void letsAnOldClientTakeTheEpochOfTheAbort() {
        room.tell(init(ID));
        room.tell(enlist(100, 0, false, IN_0));
        room.at(61_000);
        room.writeMarkers();

        assertEquals(rejected(ErrorCode.PRODUCER_FENCED), room.tell(end(100, 0, false, false)));
        assertEquals(new Initialised(100, (short) 1), room.tell(init(ID, 100, 0)));
    }

    @Test
    void countsTheTimeFromTheFirstPartitionOverAReload() {
        room.tell(init(ID));
        room.tell(enlist(100, 0, true, IN_0));
        room.at(50_000);
        room.crash();

        assertEquals(61_000, room.nextDeadlineMs());
        room.at(61_000);
        assertEquals(TxnPhase.PREPARE_ABORT, room.txn(ID).phase());
    }

    @Test
    void neverTimesOutATransactionImportedWithTwoPhaseCommit() {
        Txn twoPhase = new Txn(ID, 100, (short) 0, (short) -1, 100, -1, Integer.MAX_VALUE, TxnPhase.ONGOING,
            List.of(IN_0), 1, 1, (short) 2);
        room.imported(twoPhase);

        assertEquals(Long.MAX_VALUE, room.nextDeadlineMs());
    }

    @Test
    void forgetsAnIdAfterAWeekOfSilence() {
        room.tell(init(ID));
        room.at(1_000 + WEEK_MS - 1);
        assertEquals(TxnPhase.EMPTY, ((Described) room.tell(new TxnCommand.Describe(ID))).txn().phase());

        room.at(1_000 + WEEK_MS);

        assertNull(room.txn(ID));
        assertEquals(rejected(ErrorCode.INVALID_PRODUCER_ID_MAPPING), room.tell(enlist(100, 0, true, IN_0)));
        assertEquals(rejected(ErrorCode.TRANSACTIONAL_ID_NOT_FOUND), room.tell(new TxnCommand.Describe(ID)));
        assertEquals(Long.MAX_VALUE, room.nextDeadlineMs());
        room.crash();
        assertEquals(new Initialised(101, (short) 0), room.tell(init(ID)));
    }

    @Test
    void remembersAnIdAsLongAsMarkersAreOwed() {
        room.tell(init(ID));
        room.tell(enlist(100, 0, true, IN_0));
        room.ask(end(100, 0, true, true));

        room.at(1_000 + 3 * WEEK_MS);

        assertEquals(TxnPhase.PREPARE_COMMIT, room.txn(ID).phase());
    }

    @Test
    void countsSilenceFromTheLastChange() {
        room.tell(init(ID));
        room.at(10_000);
        room.tell(enlist(100, 0, true, IN_0));
        room.ask(end(100, 0, true, true));
        room.at(20_000);
        room.writeMarkers();

        assertEquals(20_000 + WEEK_MS, room.nextDeadlineMs());
    }

    @Test
    void changesABoundedNumberOfIdsAtOnce() {
        for (int id = 0; id < 1_000; id++) room.ask(init("app-" + id));
        TxnShard shard = room.journal.fold(new TxnShard(0, TxnLimits.DEFAULTS));

        int events = shard.decide(new TxnCommand.Tick(), Long.MAX_VALUE - 1).events().size();

        assertEquals(256, events);
        room.at(1_000 + WEEK_MS);
        assertEquals(2_000, room.journal.endOffset());
        assertEquals(0, room.digest());
    }
}
