package io.semel.txn;

import static io.semel.txn.Coordinator.ID;
import static io.semel.txn.Coordinator.IN_0;
import static io.semel.txn.Coordinator.end;
import static io.semel.txn.Coordinator.enlist;
import static io.semel.txn.Coordinator.init;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.semel.txn.Coordinator.Asked;
import io.semel.txn.TxnCommand.InitProducerId;
import io.semel.txn.TxnReply.Initialised;
import io.semel.txn.TxnReply.NeedsProducerId;
import io.semel.txn.TxnReply.Rejected;
import io.semel.wire.error.ErrorCode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Rows 11, 16, 17, 19, 33 and 66 of the checklist: InitProducerId. */
class InitTest {
    private final Coordinator room = new Coordinator();

    private static TxnReply initialised(long producerId, int epoch) {
        return new Initialised(producerId, (short) epoch);
    }

    private static TxnReply rejected(ErrorCode error) {
        return new Rejected(error);
    }

    @Test
    void asksForAProducerIdWhenNoneIsAtHandAndChangesNothing() {
        TxnShard shard = new TxnShard(0, TxnLimits.DEFAULTS);

        assertEquals(new NeedsProducerId(), shard.decide(init(ID), 0).reply());
        assertEquals(0, shard.decide(init(ID), 0).events().size());
    }

    @Test
    void handsAnIdempotentProducerAFreshIdAndRemembersNothing() {
        assertEquals(initialised(100, 0), room.tell(init(null)));
        assertEquals(initialised(101, 0), room.tell(init(null)));
        assertEquals(0, room.journal.endOffset());
    }

    @Test
    void bumpsTheEpochOfAKnownId() {
        assertEquals(initialised(100, 0), room.tell(init(ID)));
        assertEquals(initialised(100, 1), room.tell(init(ID)));
        assertEquals(initialised(101, 0), room.tell(init("other")));
    }

    @ParameterizedTest
    @CsvSource({"0", "-1", "900001", "-2147483648", "2147483647"})
    void refusesATimeoutOutOfBounds(int timeoutMs) {
        TxnReply reply = room.tell(new InitProducerId(ID, timeoutMs, -1, (short) -1, -1, false, false));

        assertEquals(rejected(ErrorCode.INVALID_TRANSACTION_TIMEOUT), reply);
        assertEquals(0, room.journal.endOffset());
    }

    @ParameterizedTest
    @CsvSource({"1", "900000"})
    void acceptsATimeoutAtItsBounds(int timeoutMs) {
        assertEquals(initialised(100, 0), room.tell(new InitProducerId(ID, timeoutMs, -1, (short) -1, -1,
            false, false)));
        assertEquals(timeoutMs, room.txn(ID).timeoutMs());
    }

    @Test
    void refusesWhatItDoesNotOffer() {
        assertEquals(rejected(ErrorCode.INVALID_REQUEST), room.tell(init("")));
        assertEquals(rejected(ErrorCode.INVALID_REQUEST), room.tell(init(ID, -1, 3)));
        assertEquals(rejected(ErrorCode.INVALID_REQUEST), room.tell(init(ID, 100, -1)));
        assertEquals(rejected(ErrorCode.TRANSACTIONAL_ID_AUTHORIZATION_FAILED),
            room.tell(new InitProducerId(ID, 60_000, -1, (short) -1, -1, true, false)));
        assertEquals(rejected(ErrorCode.UNSUPPORTED_VERSION),
            room.tell(new InitProducerId(ID, 60_000, -1, (short) -1, -1, false, true)));
        assertEquals(0, room.journal.endOffset());
    }

    @Test
    void givesTheNextEpochToItsOwnerAndTheSameAgainWhenTheAnswerWasLost() {
        room.tell(init(ID));

        assertEquals(initialised(100, 1), room.tell(init(ID, 100, 0)));
        long end = room.journal.endOffset();
        assertEquals(initialised(100, 1), room.tell(init(ID, 100, 0)));
        assertEquals(end, room.journal.endOffset());
        assertEquals(initialised(100, 2), room.tell(init(ID, 100, 1)));
        assertEquals(rejected(ErrorCode.PRODUCER_FENCED), room.tell(init(ID, 100, 0)));
        assertEquals(rejected(ErrorCode.PRODUCER_FENCED), room.tell(init(ID, 99, 2)));
        assertEquals(rejected(ErrorCode.PRODUCER_FENCED), room.tell(init(ID, 100, 3)));
    }

    @Test
    void fencesTheOldOwnerWhenANewOneComes() {
        room.tell(init(ID));
        room.tell(init(ID, 100, 0));

        assertEquals(initialised(100, 2), room.tell(init(ID)));
        assertEquals(rejected(ErrorCode.PRODUCER_FENCED), room.tell(init(ID, 100, 1)));
    }

    @Test
    void fencesARepeatThatCrossesAReload() {
        room.tell(init(ID));
        room.tell(init(ID, 100, 0));
        room.crash();

        assertEquals(rejected(ErrorCode.PRODUCER_FENCED), room.tell(init(ID, 100, 0)));
        assertEquals(initialised(100, 2), room.tell(init(ID, 100, 1)));
    }

    @Test
    void givesAFreshProducerWhateverItSaysAboutAnIdThatIsNotKnown() {
        assertEquals(initialised(100, 0), room.tell(init(ID, 7, 3)));
    }

    @Test
    void takesTheTimeoutOfTheLatest() {
        room.tell(init(ID));
        room.tell(new InitProducerId(ID, 1234, 100, (short) 0, -1, false, false));
        assertEquals(1234, room.txn(ID).timeoutMs());

        assertEquals(initialised(100, 1), room.tell(new InitProducerId(ID, 4321, 100, (short) 0, -1, false,
            false)));
        assertEquals(4321, room.txn(ID).timeoutMs());
    }

    @Test
    void abortsTheOwnersOwnOngoingTransactionAndGivesTheEpochOfTheAbort() {
        room.tell(init(ID));
        room.tell(enlist(100, 0, true, IN_0));

        Asked asked = room.ask(init(ID, 100, 0));
        MarkerDuty duty = room.writeMarkers();

        assertEquals(false, duty.commit());
        assertEquals(1, duty.producerEpoch());
        assertEquals(initialised(100, 1), asked.reply());
        assertEquals(initialised(100, 1), room.tell(init(ID, 100, 0)));
    }

    @Test
    void doesNotLetAFencedProducerAbortItsSuccessorsTransaction() {
        room.tell(init(ID));
        room.tell(init(ID));
        room.tell(enlist(100, 1, true, IN_0));

        assertEquals(rejected(ErrorCode.PRODUCER_FENCED), room.tell(init(ID, 100, 0)));
        assertEquals(TxnPhase.ONGOING, room.txn(ID).phase());
    }

    @Test
    void repeatsTheEpochOfTheEndThatItsOwnerDidNotHearOf() {
        room.tell(init(ID));
        room.tell(enlist(100, 0, true, IN_0));
        room.ask(end(100, 0, true, true));
        room.writeMarkers();

        assertEquals(initialised(100, 1), room.tell(init(ID, 100, 0)));
        assertEquals(TxnPhase.EMPTY, room.txn(ID).phase());
    }

    @Test
    void takesARepeatForStaleOnceTheProducerHasUsedItsEpoch() {
        room.tell(init(ID));
        room.tell(init(ID, 100, 0));
        room.tell(enlist(100, 1, false, IN_0));
        room.ask(end(100, 1, true, false));
        room.writeMarkers();

        assertEquals(rejected(ErrorCode.PRODUCER_FENCED), room.tell(init(ID, 100, 0)));
        assertEquals(TxnPhase.COMPLETE_COMMIT, room.txn(ID).phase());
    }

    @Test
    void waitsForMarkersWhoeverAsks() {
        room.tell(init(ID));
        room.tell(enlist(100, 0, false, IN_0));
        room.ask(end(100, 0, true, false));

        Asked owner = room.ask(init(ID, 100, 0));
        Asked stranger = room.ask(init(ID, 99, 0));
        Asked successor = room.ask(init(ID));

        assertTrue(owner.waiting());
        assertEquals(rejected(ErrorCode.PRODUCER_FENCED), stranger.reply());
        room.writeMarkers();
        assertEquals(initialised(100, 1), owner.reply());
        assertEquals(initialised(100, 2), successor.reply());
    }

    @Test
    void fencesNobodyWhenSabotaged() {
        Coordinator sabotaged = new Coordinator(TxnLimits.DEFAULTS, new TxnFaults(true, false));
        sabotaged.tell(init(ID));

        assertEquals(initialised(100, 0), sabotaged.tell(init(ID)));
    }
}
