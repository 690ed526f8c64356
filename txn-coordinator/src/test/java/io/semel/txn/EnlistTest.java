package io.semel.txn;

import static io.semel.txn.Coordinator.ID;
import static io.semel.txn.Coordinator.IN_0;
import static io.semel.txn.Coordinator.OUT_0;
import static io.semel.txn.Coordinator.OUT_1;
import static io.semel.txn.Coordinator.end;
import static io.semel.txn.Coordinator.enlist;
import static io.semel.txn.Coordinator.init;
import static io.semel.txn.Coordinator.verify;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.semel.txn.Coordinator.Asked;
import io.semel.txn.TxnReply.Enlisted;
import io.semel.txn.TxnReply.Rejected;
import io.semel.txn.TxnReply.Verified;
import io.semel.wire.error.ErrorCode;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Rows 16, 27 and 28 of the checklist: partitions join a transaction, and old clients' writes are verified.
 */
class EnlistTest {
    private final Coordinator room = new Coordinator();

    private static TxnReply rejected(ErrorCode error) {
        return new Rejected(error);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void beginsTheTransactionWithTheFirstPartition(boolean version2) {
        room.tell(init(ID));
        room.at(2_000);
        room.tell(enlist(100, 0, version2, OUT_1, IN_0));
        room.at(3_000);
        room.tell(enlist(100, 0, version2, OUT_0));

        Txn txn = room.txn(ID);

        assertEquals(TxnPhase.ONGOING, txn.phase());
        assertEquals(List.of(IN_0, OUT_0, OUT_1), txn.partitions());
        assertEquals(2_000, txn.startMs());
        assertEquals(3_000, txn.updatedMs());
        assertEquals(version2 ? 2 : 0, txn.clientVersion());
    }

    @Test
    void writesNothingForPartitionsThatBelongAlready() {
        room.tell(init(ID));
        room.tell(enlist(100, 0, false, IN_0, OUT_0));
        long end = room.journal.endOffset();

        assertEquals(new Enlisted(), room.tell(enlist(100, 0, false, OUT_0)));
        assertEquals(end, room.journal.endOffset());
    }

    @Test
    void answersARepeatOnlyOnceTheOriginalIsDurable() {
        room.tell(init(ID));
        room.forcing = false;
        room.ask(enlist(100, 0, false, IN_0));
        long enlisted = room.journal.endOffset();
        room.ask(init("other"));

        Asked again = room.ask(enlist(100, 0, false, IN_0));

        assertTrue(again.waiting());
        room.forceTo(enlisted);
        assertEquals(new Enlisted(), again.reply());
    }

    /** A crash may have taken all that came later here, and not what it wrote on the partition. */
    @Test
    void isEndedOnItsPartitionsUnlessALaterTransactionIsOpenThere() {
        room.tell(init(ID));
        room.tell(enlist(100, 0, true, IN_0));

        assertTrue(room.txn(ID).ends(IN_0, 100, (short) 0));
        assertFalse(room.txn(ID).ends(OUT_0, 100, (short) 0));
        assertFalse(room.txn(ID).ends(IN_0, 99, (short) 0));
        assertFalse(room.txn(ID).ends(IN_0, 100, (short) 1));
        room.ask(end(100, 0, true, true));
        assertEquals(TxnPhase.PREPARE_COMMIT, room.txn(ID).phase());
        assertTrue(room.txn(ID).ends(IN_0, 100, (short) 0));
        assertFalse(room.txn(ID).ends(IN_0, 100, (short) 1));
    }

    @Test
    void refusesStrangers() {
        assertEquals(rejected(ErrorCode.INVALID_PRODUCER_ID_MAPPING), room.tell(enlist(100, 0, true, IN_0)));
        room.tell(init(ID));
        room.tell(init(ID));

        assertEquals(rejected(ErrorCode.INVALID_PRODUCER_ID_MAPPING), room.tell(enlist(99, 1, true, IN_0)));
        assertEquals(rejected(ErrorCode.PRODUCER_FENCED), room.tell(enlist(100, 0, true, IN_0)));
        assertEquals(rejected(ErrorCode.PRODUCER_FENCED), room.tell(enlist(100, 2, true, IN_0)));
        assertEquals(rejected(ErrorCode.INVALID_REQUEST),
            room.tell(new TxnCommand.Enlist("", 100, (short) 1, List.of(IN_0), true)));
    }

    @Test
    void verifiesOnlyWhatWasEnlisted() {
        assertEquals(rejected(ErrorCode.INVALID_PRODUCER_ID_MAPPING), room.tell(verify(100, 0, IN_0)));
        room.tell(init(ID));
        assertEquals(rejected(ErrorCode.TRANSACTION_ABORTABLE), room.tell(verify(100, 0, IN_0)));
        room.tell(enlist(100, 0, false, IN_0));

        assertEquals(new Verified(), room.tell(verify(100, 0, IN_0)));
        assertEquals(rejected(ErrorCode.TRANSACTION_ABORTABLE), room.tell(verify(100, 0, OUT_0)));
        assertEquals(rejected(ErrorCode.PRODUCER_FENCED), room.tell(verify(100, 1, IN_0)));
        assertEquals(rejected(ErrorCode.INVALID_PRODUCER_ID_MAPPING), room.tell(verify(99, 0, IN_0)));
        assertEquals(rejected(ErrorCode.INVALID_REQUEST), room.tell(new TxnCommand.Verify("", 100, (short) 0,
            IN_0)));
    }

    @Test
    void doesNotVerifyALateWriteOfADecidedTransaction() {
        room.tell(init(ID));
        room.tell(enlist(100, 0, false, IN_0));
        room.ask(end(100, 0, true, false));

        assertEquals(rejected(ErrorCode.CONCURRENT_TRANSACTIONS), room.tell(verify(100, 0, IN_0)));
        room.writeMarkers();
        assertEquals(rejected(ErrorCode.TRANSACTION_ABORTABLE), room.tell(verify(100, 0, IN_0)));
    }

    @Test
    void verifiesWithoutWaitingForWhatOthersWrite() {
        room.tell(init(ID));
        room.tell(enlist(100, 0, false, IN_0));
        room.forcing = false;
        room.ask(init("other"));

        assertEquals(new Verified(), room.ask(verify(100, 0, IN_0)).reply());
    }
}
