package io.semel.txn;

import static io.semel.txn.Coordinator.IN_0;
import static io.semel.txn.Coordinator.ID;
import static io.semel.txn.Coordinator.OUT_0;
import static io.semel.txn.Coordinator.end;
import static io.semel.txn.Coordinator.enlist;
import static io.semel.txn.Coordinator.init;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.semel.txn.Coordinator.Asked;
import io.semel.txn.TxnReply.Ended;
import io.semel.txn.TxnReply.Enlisted;
import io.semel.txn.TxnReply.Initialised;
import io.semel.txn.TxnReply.Rejected;
import io.semel.wire.error.ErrorCode;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Rows 17, 18, 20, 24, 31 of the checklist: who waits for markers, for how long, and what is said then. */
class ParkingTest {
    private static final TxnReply CONCURRENT = new Rejected(ErrorCode.CONCURRENT_TRANSACTIONS);
    private final Coordinator room = new Coordinator();

    private void ongoing(boolean version2) {
        assertEquals(new Initialised(100, (short) 0), room.tell(init(ID)));
        assertEquals(new Enlisted(), room.tell(enlist(100, 0, version2, IN_0)));
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void answersACommitWhenTheMarkersAreWrittenAndNotBefore(boolean version2) {
        ongoing(version2);

        Asked commit = room.ask(end(100, 0, true, version2));

        assertTrue(commit.waiting());
        assertEquals(List.of(IN_0), room.carried.get(0).duty().partitions());
        room.writeMarkers();
        assertEquals(new Ended(100, (short) (version2 ? 1 : 0)), commit.reply());
    }

    @Test
    void carriesNoMarkerBeforeThePrepareIsDurable() {
        ongoing(true);
        room.forcing = false;

        room.ask(end(100, 0, true, true));

        assertEquals(1, room.duties().size());
        assertEquals(0, room.carried.size());
        room.force();
        assertEquals(1, room.carried.size());
    }

    @Test
    void answersACommitBeforeItsCompleteIsDurable() {
        ongoing(true);
        room.forcing = false;
        Asked commit = room.ask(end(100, 0, true, true));
        room.force();

        room.writeMarkers();

        assertEquals(TxnPhase.COMPLETE_COMMIT, room.txn(ID).phase());
        assertTrue(room.journal.durableOffset() < room.journal.endOffset());
        assertEquals(new Ended(100, (short) 1), commit.reply());
    }

    @Test
    void answersTheNextEnlistmentOnlyWhenItIsDurable() {
        ongoing(true);
        room.forcing = false;
        room.ask(end(100, 0, true, true));
        room.force();
        room.writeMarkers();

        Asked next = room.ask(enlist(100, 1, true, IN_0));

        assertTrue(next.waiting());
        room.force();
        assertEquals(new Enlisted(), next.reply());
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void joinsARepeatedEndToTheSameWait(boolean version2) {
        ongoing(version2);
        Asked first = room.ask(end(100, 0, false, version2));
        Asked again = room.ask(end(100, 0, false, version2));
        assertTrue(again.waiting());

        room.writeMarkers();

        assertEquals(first.reply(), again.reply());
        assertEquals(4, room.journal.endOffset());
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void saysConcurrentTransactionsAfterFiveSecondsAndGoesOnWaitingWhenAskedAgain(boolean version2) {
        ongoing(version2);
        Asked commit = room.ask(end(100, 0, true, version2));

        room.at(5_999);
        assertTrue(commit.waiting());
        room.at(6_000);
        Asked again = room.ask(end(100, 0, true, version2));

        assertEquals(CONCURRENT, commit.reply());
        assertTrue(again.waiting());
        room.writeMarkers();
        assertEquals(new Ended(100, (short) (version2 ? 1 : 0)), again.reply());
    }

    @Test
    void holdsAnEnlistmentUntilTheMarkersAreWritten() {
        ongoing(false);
        room.ask(end(100, 0, true, false));

        Asked next = room.ask(enlist(100, 0, false, OUT_0));

        assertTrue(next.waiting());
        room.writeMarkers();
        assertEquals(new Enlisted(), next.reply());
        assertEquals(List.of(OUT_0), room.txn(ID).partitions());
    }

    @Test
    void letsInitialisationAbortWhatIsOngoingAndGivesTheNextEpochButOne() {
        ongoing(true);

        Asked successor = room.ask(init(ID));

        assertTrue(successor.waiting());
        assertEquals(TxnPhase.PREPARE_ABORT, room.txn(ID).phase());
        MarkerDuty duty = room.writeMarkers();
        assertEquals(1, duty.producerEpoch());
        assertEquals(new Initialised(100, (short) 2), successor.reply());
    }

    @Test
    void givesEachOfTwoConcurrentInitialisationsItsOwnEpoch() {
        ongoing(true);
        Asked first = room.ask(init(ID));
        Asked second = room.ask(init(ID));

        room.writeMarkers();

        assertEquals(new Initialised(100, (short) 2), first.reply());
        assertEquals(new Initialised(100, (short) 3), second.reply());
        assertEquals(new Rejected(ErrorCode.PRODUCER_FENCED), room.tell(enlist(100, 2, true, IN_0)));
        assertEquals(new Enlisted(), room.tell(enlist(100, 3, true, IN_0)));
    }

    @Test
    void retriesMarkersThatFailed() {
        ongoing(true);
        Asked commit = room.ask(end(100, 0, true, true));

        room.failMarkers();
        assertEquals(0, room.carried.size());
        room.at(room.nowMs + 50);
        room.writeMarkers();

        assertEquals(new Ended(100, (short) 1), commit.reply());
    }

    @Test
    void owesTheMarkersAfterACrashAndLetsTheClientAskAgain() {
        ongoing(true);
        Asked commit = room.ask(end(100, 0, true, true));

        room.crash();
        assertEquals(TxnRules.UNAVAILABLE, commit.reply());
        Asked again = room.ask(end(100, 0, true, true));
        MarkerDuty duty = room.writeMarkers();

        assertEquals(1, duty.coordinatorEpoch());
        assertEquals(new Ended(100, (short) 1), again.reply());
    }

    @Test
    void letsAnAnsweredClientGoOnWhenACrashTookTheComplete() {
        ongoing(true);
        room.forcing = false;
        Asked commit = room.ask(end(100, 0, true, true));
        room.force();
        room.writeMarkers();
        assertEquals(new Ended(100, (short) 1), commit.reply());

        room.crash();
        Asked next = room.ask(enlist(100, 1, true, OUT_0));
        Asked emptyAbort = room.ask(end(100, 1, false, true));
        assertTrue(next.waiting());
        assertTrue(emptyAbort.waiting());
        room.writeMarkers();
        room.force();

        assertEquals(new Enlisted(), next.reply());
        room.writeMarkers();
        assertEquals(new Ended(100, (short) 2), emptyAbort.reply());
    }

    @Test
    void restsTheAnswerToAnEndOnItsPrepareAndOtherAnswersOnTheStateTheyTell() {
        TxnShard shard = new TxnShard(0, TxnLimits.DEFAULTS);
        Txn ongoing = Txn.born(ID, 100, 60_000, 0).enlisted(List.of(IN_0), true, 1);
        Txn prepared = ongoing.preparedWithNextEpoch(true, -1, 2);
        shard.evolve(new TxnEvent.TxnChanged(ongoing), 40);
        shard.evolve(new TxnEvent.TxnChanged(prepared), 41);
        shard.evolve(new TxnEvent.TxnChanged(prepared.completed(3)), 45);

        assertEquals(42, shard.decide(end(100, 0, true, true), 4).restsOn());
        assertEquals(46, shard.decide(end(100, 0, false, true), 4).restsOn());
        assertEquals(46, shard.decide(new TxnCommand.Describe(ID), 4).restsOn());
    }

    @Test
    void completesOnlyByTheOutcomeOfThePrepareThatStands() {
        ongoing(true);
        room.ask(end(100, 0, true, true));
        long end = room.journal.endOffset();

        room.ask(new TxnCommand.MarkersWritten(ID, end - 2));
        room.ask(new TxnCommand.MarkersWritten("nobody", end - 1));
        assertEquals(TxnPhase.PREPARE_COMMIT, room.txn(ID).phase());
        room.writeMarkers();
        room.ask(new TxnCommand.MarkersWritten(ID, end - 1));

        assertEquals(end + 1, room.journal.endOffset());
    }

    @Test
    void tellsEverybodyWhoWaitsWhenTheJournalFails() {
        ongoing(true);
        Asked commit = room.ask(end(100, 0, true, true));
        Asked successor = room.ask(init(ID));
        room.journal.failing = true;

        room.writeMarkers();

        assertEquals(TxnRules.UNAVAILABLE, commit.reply());
        assertEquals(TxnRules.UNAVAILABLE, successor.reply());
        assertEquals(TxnRules.UNAVAILABLE, room.tell(init("other")));
    }
}
