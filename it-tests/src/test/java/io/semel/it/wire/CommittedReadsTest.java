package io.semel.it.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.semel.it.client.EngineUnderTest;
import io.semel.wire.batch.BatchHeader;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.message.FetchResponseData.AbortedTransaction;
import org.apache.kafka.common.message.FetchResponseData.PartitionData;
import org.apache.kafka.common.message.ListOffsetsResponseData.ListOffsetsPartitionResponse;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledIfSystemProperty;

/**
 * What readers of committed records are told: the stable offset, the aborted ranges, the end (FEATURES rows
 * 38 to 45; I7, I9). Each story begins with the same log of one partition:
 * <pre>
 * 0-1 plain | 2-3 A | 4 B | 5-6 A | 7 abort of A | 8 plain | 9 abort of B | 10 A | 11 commit of A
 * 12 B | 13 plain
 * </pre>
 * B's second transaction, from 12 on, is open.
 */
@Tag("against-kafka")
class CommittedReadsTest {
    private static final int LONG_WAIT_MS = 15_000;

    private static EngineUnderTest engine;
    private static int topics;

    private Verbs verbs;
    private String topic;
    private Transacting ofA;
    private Transacting ofB;
    private Pid a;
    private Pid b;
    private Pid nextB;

    @BeforeAll
    static void startEngine() {
        engine = EngineUnderTest.inProcess();
    }

    @AfterAll
    static void stopEngine() {
        engine.close();
    }

    @BeforeEach
    void writeTheLog() {
        verbs = new Verbs(engine.bootstrap());
        topic = "committed-" + topics++;
        verbs.createTopic(topic);
        ofA = new Transacting(verbs, "A of " + topic);
        ofB = new Transacting(verbs, "B of " + topic);
        a = ofA.init(5);
        b = ofB.init(5);
        verbs.accepted(verbs.produce(topic, Pid.NONE.batch(0, 2)));
        assertEquals(Errors.NONE, ofA.produce(12, topic, a.transactional(0, 2)));
        assertEquals(Errors.NONE, ofB.produce(12, topic, b.transactional(0, 1)));
        assertEquals(Errors.NONE, ofA.produce(12, topic, a.transactional(2, 2)));
        Pid nextA = ofA.ended(a, false);
        verbs.accepted(verbs.produce(topic, Pid.NONE.batch(0, 1)));
        nextB = ofB.ended(b, false);
        assertEquals(Errors.NONE, ofA.produce(12, topic, nextA.transactional(0, 1)));
        ofA.ended(nextA, true);
        assertEquals(Errors.NONE, ofB.produce(12, topic, nextB.transactional(0, 1)));
        verbs.accepted(verbs.produce(topic, Pid.NONE.batch(0, 1)));
    }

    @AfterEach
    void hangUp() {
        verbs.close();
    }

    private List<String> abortedFrom(long offset) {
        PartitionData found = verbs.fetching().committed().from(topic, 0, offset).one();
        assertEquals(Errors.NONE, Errors.forCode(found.errorCode()));
        return found.abortedTransactions().stream().map(this::name).toList();
    }

    private String name(AbortedTransaction range) {
        return (range.producerId() == a.id() ? "A" : "B") + " from " + range.firstOffset();
    }

    @Test
    void theStableOffsetIsToldUnderBothIsolations() {
        PartitionData uncommitted = verbs.fetching().from(topic, 0, 0).one();
        PartitionData committed = verbs.fetching().committed().from(topic, 0, 0).one();

        for (PartitionData found : List.of(uncommitted, committed)) {
            assertEquals(14, found.highWatermark());
            assertEquals(12, found.lastStableOffset());
            assertEquals(0, found.logStartOffset());
        }
    }

    @Test
    void committedReadsEndAtTheStableOffset() {
        List<BatchHeader> committed = Fetching.batches(verbs.fetching().committed().from(topic, 0, 0).one());
        List<BatchHeader> uncommitted = Fetching.batches(verbs.fetching().from(topic, 0, 0).one());

        assertEquals(11, committed.get(committed.size() - 1).lastOffset());
        assertEquals(13, uncommitted.get(uncommitted.size() - 1).lastOffset());
        assertEquals(0, Fetching.batches(verbs.fetching().committed().from(topic, 0, 12).one()).size());
        assertEquals(Errors.NONE,
                Errors.forCode(verbs.fetching().committed().from(topic, 0, 14).one().errorCode()),
                "within the log");
        assertEquals(Errors.OFFSET_OUT_OF_RANGE,
                Errors.forCode(verbs.fetching().committed().from(topic, 0, 15).one().errorCode()));
    }

    @Test
    void theAbortedRangesAreThoseWhoseMarkerIsNotBehind() {
        assertEquals(List.of("A from 2", "B from 4"), abortedFrom(0));
        assertEquals(List.of("A from 2", "B from 4"), abortedFrom(7));
        assertEquals(List.of("B from 4"), abortedFrom(8));
        assertEquals(List.of("B from 4"), abortedFrom(9));
        assertEquals(List.of(), abortedFrom(10));
        assertEquals(List.of(), abortedFrom(12));
    }

    @Test
    void theAbortedRangesAreNullForReadersOfUncommittedRecords() {
        assertNull(verbs.fetching().from(topic, 0, 0).one().abortedTransactions());
        assertNull(verbs.fetching().version(4).from(topic, 0, 0).one().abortedTransactions());
    }

    @Test
    @DisabledIfSystemProperty(named = "semel.against", matches = "kafka",
            disabledReason = "tells of aborted transactions behind what it brings, too")
    void theAbortedRangesBehindWhatIsBroughtAreLeftOut() {
        PartitionData plainOnly = verbs.fetching().committed().bytesMax(1, 1).from(topic, 0, 0).one();
        PartitionData untilA = verbs.fetching().committed().bytesMax(1, 1).from(topic, 0, 2).one();

        assertEquals(1, Fetching.batches(plainOnly).size());
        assertEquals(List.of(), plainOnly.abortedTransactions());
        assertEquals(List.of("A from 2"), untilA.abortedTransactions().stream().map(this::name).toList());
    }

    @Test
    void theAbortedRangesComeBackAfterARestart() {
        engine.restart();

        verbs = new Verbs(engine.bootstrap());
        verbs.awaitLeader(topic, 0);
        assertEquals(List.of("A from 2", "B from 4"), abortedFrom(0));
        assertEquals(List.of("B from 4"), abortedFrom(8));
        assertEquals(12, verbs.stableEnd(topic));
    }

    @Test
    void aWaitingFetchIsWokenByTheCommit() {
        long beganNanos = System.nanoTime();
        try (Verbs reader = new Verbs(engine.bootstrap())) {
            Fetching parked =
                    reader.fetching().committed().waiting(LONG_WAIT_MS, 1).from(topic, 0, 12).post();
            verbs.accepted(verbs.produce(topic, Pid.NONE.batch(0, 1)));

            ofB.ended(nextB, true);
            PartitionData found = Fetching.one(parked.receive());

            assertEquals(16, found.lastStableOffset());
            assertEquals(List.of(12L, 13L, 14L, 15L),
                    Fetching.batches(found).stream().map(BatchHeader::baseOffset).toList());
            assertEquals(List.of(), found.abortedTransactions());
            assertTrue(System.nanoTime() - beganNanos < TimeUnit.MILLISECONDS.toNanos(LONG_WAIT_MS / 2));
        }
    }

    @Test
    void aWaitingFetchThatIsWokenByAnAbortIsToldOfIt() {
        try (Verbs reader = new Verbs(engine.bootstrap())) {
            Fetching parked =
                    reader.fetching().committed().waiting(LONG_WAIT_MS, 1).from(topic, 0, 12).post();

            ofB.ended(nextB, false);
            PartitionData found = Fetching.one(parked.receive());

            assertEquals(15, found.lastStableOffset());
            assertEquals(List.of("B from 12"), found.abortedTransactions().stream().map(this::name).toList());
        }
    }

    @Test
    void whatCommitsLaterIsNotSeenBeforeWhatBeganEarlier() {
        Transacting late = new Transacting(verbs, "late of " + topic);
        Pid d = late.init(5);
        assertEquals(Errors.NONE, late.produce(12, topic, d.transactional(0, 1)));
        late.ended(d, true);
        assertEquals(12, verbs.stableEnd(topic), "B's transaction from 12 on is open");
        assertEquals(16, verbs.end(topic));
        assertEquals(List.of(), Fetching.batches(verbs.fetching().committed().from(topic, 0, 12).one()));

        ofB.ended(nextB, false);

        assertEquals(17, verbs.stableEnd(topic));
    }

    @Test
    void aWaitingFetchOfATopicThatIsDeletedIsAnswered() {
        try (Verbs reader = new Verbs(engine.bootstrap())) {
            long beganNanos = System.nanoTime();
            Fetching parked = reader.fetching().waiting(LONG_WAIT_MS, 1).from(topic, 0, 14).post();
            verbs.deleteTopic(topic);

            PartitionData found = Fetching.one(parked.receive());

            assertEquals(Errors.UNKNOWN_TOPIC_OR_PARTITION, Errors.forCode(found.errorCode()));
            assertTrue(System.nanoTime() - beganNanos < TimeUnit.MILLISECONDS.toNanos(LONG_WAIT_MS / 2));
        }
    }

    private String offsetAt(long timestamp, boolean committed) {
        ListOffsetsPartitionResponse found = verbs.offsetAt(topic, 0, timestamp, committed);
        assertEquals(Errors.NONE, Errors.forCode(found.errorCode()));
        return found.offset() + " at "
                + (found.timestamp() < 0 ? "no time" : found.timestamp() - Pid.TIME_MS);
    }

    @Test
    void theEndIsTheStableOffsetForReadersOfCommittedRecords() {
        assertEquals("14 at no time", offsetAt(Verbs.LATEST, false));
        assertEquals("12 at no time", offsetAt(Verbs.LATEST, true));
        assertEquals("0 at no time", offsetAt(Verbs.EARLIEST, false));
        assertEquals("0 at no time", offsetAt(Verbs.EARLIEST, true));

        ofB.ended(nextB, true);

        assertEquals("15 at no time", offsetAt(Verbs.LATEST, true));
    }

    @Test
    void timesAreLookedUpBelowTheBoundOfTheIsolation() {
        String late = topic + "-late";
        verbs.createTopic(late);
        verbs.accepted(verbs.produce(late, Pid.NONE.builder(0, 3).build()));
        Transacting writer = new Transacting(verbs, "C of " + topic);
        Pid c = writer.init(5);
        assertEquals(Errors.NONE, writer.produce(12, late,
                c.builder(0, 0).transactional(true).add(Pid.TIME_MS + 500, null, new byte[1]).build()));

        assertEquals(0, verbs.offsetAt(late, 0, 0, true).offset());
        assertEquals(1, verbs.offsetAt(late, 0, Pid.TIME_MS + 1, true).offset());
        assertEquals(Pid.TIME_MS + 1, verbs.offsetAt(late, 0, Pid.TIME_MS + 1, true).timestamp());
        assertEquals(3, verbs.offsetAt(late, 0, Pid.TIME_MS + 3, false).offset());
        assertEquals(-1, verbs.offsetAt(late, 0, Pid.TIME_MS + 3, true).offset(), "above the stable offset");
        assertEquals(-1, verbs.offsetAt(late, 0, Pid.TIME_MS + 501, false).offset());
        assertEquals(3, verbs.offsetAt(late, 0, Verbs.MAX_TIMESTAMP, false).offset());
    }

    @Test
    void offsetsOfWhatIsNotThereAreUnknown() {
        assertEquals(Errors.UNKNOWN_TOPIC_OR_PARTITION,
                Errors.forCode(verbs.offsetAt("nowhere", 0, -1, true).errorCode()));
        assertEquals(Errors.UNKNOWN_TOPIC_OR_PARTITION,
                Errors.forCode(verbs.offsetAt(topic, 7, -1, true).errorCode()));
        assertEquals(Errors.UNKNOWN_TOPIC_OR_PARTITION,
                Errors.forCode(verbs.offsetAt(topic, -1, -1, true).errorCode()));
    }
}
