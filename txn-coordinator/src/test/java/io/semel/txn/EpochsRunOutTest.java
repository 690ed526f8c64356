package io.semel.txn;

import static io.semel.txn.Coordinator.ID;
import static io.semel.txn.Coordinator.IN_0;
import static io.semel.txn.Coordinator.end;
import static io.semel.txn.Coordinator.enlist;
import static io.semel.txn.Coordinator.init;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.semel.txn.Coordinator.Asked;
import io.semel.txn.TxnReply.Ended;
import io.semel.txn.TxnReply.Enlisted;
import io.semel.txn.TxnReply.Initialised;
import io.semel.txn.TxnReply.NeedsProducerId;
import io.semel.txn.TxnReply.Rejected;
import io.semel.wire.error.ErrorCode;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Row 12 of the checklist: epoch 32766 is the last that a producer is given, 32767 the one that fences it.
 */
class EpochsRunOutTest {
    private static final int LAST = 32_766;
    private final Coordinator room = new Coordinator();

    @BeforeEach
    void useUpTheEpochsOfProducer100() {
        room.freshProducerId = 200;
        Txn last = new Txn(ID, 100, (short) LAST, (short) -1, 100, -1, 60_000, TxnPhase.EMPTY, List.of(),
            -1, 1_000, (short) 2);
        room.imported(last);
    }

    private static TxnReply initialised(long producerId, int epoch) {
        return new Initialised(producerId, (short) epoch);
    }

    @Test
    void givesAnotherProducerId() {
        assertEquals(initialised(200, 0), room.tell(init(ID)));
        assertEquals(initialised(200, 1), room.tell(init(ID)));
    }

    @Test
    void givesTheOwnerAnotherProducerIdAndTheSameWhenTheAnswerWasLost() {
        assertEquals(initialised(200, 0), room.tell(init(ID, 100, LAST)));
        assertEquals(initialised(200, 0), room.tell(init(ID, 100, LAST)));
        assertEquals(new Rejected(ErrorCode.PRODUCER_FENCED), room.tell(init(ID, 100, LAST - 1)));
        assertEquals(initialised(200, 1), room.tell(init(ID, 200, 0)));
        assertEquals(new Rejected(ErrorCode.PRODUCER_FENCED), room.tell(init(ID, 100, LAST)));
    }

    @Test
    void endsVersion2WithAnotherProducerIdAndRecognisesTheRepeat() {
        room.tell(enlist(100, LAST, true, IN_0));
        Asked commit = room.ask(end(100, LAST, true, true));
        Asked again = room.ask(end(100, LAST, true, true));

        MarkerDuty duty = room.writeMarkers();

        assertEquals(100, duty.producerId());
        assertEquals(Short.MAX_VALUE, duty.producerEpoch());
        assertEquals(new Ended(200, (short) 0), commit.reply());
        assertEquals(new Ended(200, (short) 0), again.reply());
        assertEquals(new Ended(200, (short) 0), room.tell(end(100, LAST, true, true)));
        assertEquals(new Rejected(ErrorCode.INVALID_TXN_STATE), room.tell(end(100, LAST, false, true)));
        assertEquals(new Rejected(ErrorCode.INVALID_PRODUCER_ID_MAPPING),
            room.tell(end(100, LAST - 1, true, true)));
        assertEquals(new Enlisted(), room.tell(enlist(200, 0, true, IN_0)));
    }

    @Test
    void givesTheProducerIdOfTheEndToItsOwnerHoweverOftenItAsks() {
        room.tell(enlist(100, LAST, true, IN_0));
        room.ask(end(100, LAST, true, true));
        room.writeMarkers();

        assertEquals(initialised(200, 0), room.tell(init(ID, 100, LAST)));
        assertEquals(initialised(200, 0), room.tell(init(ID, 100, LAST)));
        assertEquals(initialised(200, 1), room.tell(init(ID)));
        assertEquals(new Rejected(ErrorCode.PRODUCER_FENCED), room.tell(init(ID, 100, LAST)));
    }

    @Test
    void doesNotTakeThePredecessorForTheOwnerBecauseBothAreAtTheLastEpoch() {
        room.imported(new Txn(ID, 200, (short) LAST, (short) -1, 100, -1, 60_000, TxnPhase.EMPTY, List.of(),
            -1, 1_000, (short) 2));

        assertEquals(new Rejected(ErrorCode.PRODUCER_FENCED), room.tell(init(ID, 100, LAST)));
    }

    @Test
    void fencesThePredecessorThatEndsWhenNothingWasEnded() {
        room.tell(init(ID));

        assertEquals(new Rejected(ErrorCode.PRODUCER_FENCED), room.tell(end(100, LAST, false, true)));
        assertEquals(new Rejected(ErrorCode.PRODUCER_FENCED), room.tell(end(100, LAST, true, true)));
    }

    @Test
    void recognisesTheRepeatOverCrashes() {
        room.tell(enlist(100, LAST, true, IN_0));
        room.ask(end(100, LAST, true, true));
        room.crash();
        Asked again = room.ask(end(100, LAST, true, true));
        room.writeMarkers();
        assertEquals(new Ended(200, (short) 0), again.reply());
        room.crash();

        assertEquals(new Ended(200, (short) 0), room.tell(end(100, LAST, true, true)));
    }

    @Test
    void letsTheAnsweredClientGoOnWhenACrashTookTheComplete() {
        room.tell(enlist(100, LAST, true, IN_0));
        room.forcing = false;
        Asked commit = room.ask(end(100, LAST, true, true));
        room.force();
        room.writeMarkers();
        assertEquals(new Ended(200, (short) 0), commit.reply());
        room.crash();
        room.forcing = true;

        Asked next = room.ask(enlist(200, 0, true, IN_0));
        Asked emptyAbort = room.ask(end(200, 0, false, true));
        Asked owner = room.ask(init(ID, 200, 0));
        room.writeMarkers();

        assertEquals(new Enlisted(), next.reply());
        room.writeMarkers();
        assertEquals(new Ended(200, (short) 1), emptyAbort.reply());
        assertEquals(initialised(200, 1), owner.reply());
    }

    @Test
    void endsVersion1UnderTheLastEpoch() {
        room.tell(enlist(100, LAST, false, IN_0));
        Asked commit = room.ask(end(100, LAST, true, false));

        room.writeMarkers();

        assertEquals(new Ended(100, (short) LAST), commit.reply());
    }

    @Test
    void fencesUnderTheReservedEpochWhenTimeIsUpAndGivesTheClientAnotherProducerId() {
        room.tell(enlist(100, LAST, true, IN_0));
        room.at(61_000);
        MarkerDuty fence = room.writeMarkers();
        assertEquals(Short.MAX_VALUE, fence.producerEpoch());
        assertEquals(new Rejected(ErrorCode.PRODUCER_FENCED), room.tell(enlist(100, LAST, true, IN_0)));

        Asked abort = room.ask(end(100, LAST, false, true));
        assertEquals(0, room.writeMarkers().partitions().size());

        assertEquals(new Ended(200, (short) 0), abort.reply());
        assertEquals(new Ended(200, (short) 0), room.tell(end(100, LAST, false, true)));
        assertEquals(initialised(200, 0), room.tell(init(ID, 100, LAST)));
        assertEquals(new Enlisted(), room.tell(enlist(200, 0, true, IN_0)));
    }

    @Test
    void neverGivesAProducerTheReservedEpoch() {
        room.tell(enlist(100, LAST, true, IN_0));
        room.at(61_000);
        room.writeMarkers();

        assertEquals(initialised(200, 0), room.tell(init(ID, 100, LAST)));
        assertEquals(initialised(200, 0), room.tell(init(ID, 100, LAST)));
    }

    @Test
    void interruptsAnOngoingTransactionUnderTheReservedEpoch() {
        room.tell(enlist(100, LAST, true, IN_0));
        Asked successor = room.ask(init(ID));

        MarkerDuty duty = room.writeMarkers();

        assertEquals(Short.MAX_VALUE, duty.producerEpoch());
        assertEquals(initialised(200, 0), successor.reply());
    }

    @Test
    void asksForAProducerIdOnlyWhenItIsNeeded() {
        TxnShard shard = room.journal.fold(new TxnShard(0, TxnLimits.DEFAULTS));

        assertEquals(new NeedsProducerId(), shard.decide(init(ID), 0).reply());
        assertEquals(new NeedsProducerId(), shard.decide(end(100, LAST, false, true), 0).reply());
        assertEquals(new Rejected(ErrorCode.INVALID_TXN_STATE),
            shard.decide(end(100, LAST, true, true), 0).reply());
    }

    @Test
    void abortsAnEmptyTransactionOfAnImportedReservedEpoch() {
        Txn broken = new Txn(ID, 100, Short.MAX_VALUE, (short) -1, 100, -1, 60_000, TxnPhase.ONGOING,
            List.of(IN_0), 1_000, 1_000, (short) 2);
        room.imported(broken);

        Asked abort = room.ask(end(100, Short.MAX_VALUE, false, true));
        MarkerDuty duty = room.writeMarkers();

        assertEquals(Short.MAX_VALUE, duty.producerEpoch());
        assertEquals(TxnPhase.COMPLETE_ABORT, room.txn(ID).phase());
        assertEquals(200, room.txn(ID).producerId());
        assertEquals(new Rejected(ErrorCode.INVALID_PRODUCER_ID_MAPPING), abort.reply());
        assertEquals(initialised(200, 1), room.tell(init(ID)));
    }
}
