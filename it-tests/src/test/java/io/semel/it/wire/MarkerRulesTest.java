package io.semel.it.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.semel.it.client.EngineUnderTest;
import java.util.List;
import org.apache.kafka.common.message.DescribeProducersRequestData;
import org.apache.kafka.common.message.DescribeProducersResponseData;
import org.apache.kafka.common.message.WriteTxnMarkersRequestData;
import org.apache.kafka.common.message.WriteTxnMarkersRequestData.WritableTxnMarker;
import org.apache.kafka.common.message.WriteTxnMarkersRequestData.WritableTxnMarkerTopic;
import org.apache.kafka.common.message.WriteTxnMarkersResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Which markers a partition takes, asked for by WriteTxnMarkers (FEATURES rows 35 to 38, 58; KIP-1228). */
@Tag("against-kafka")
class MarkerRulesTest {
    private static EngineUnderTest engine;
    private static int stories;

    private Verbs verbs;
    private String topic;
    private Transacting transacting;
    private Pid producer;

    @BeforeAll
    static void startEngine() {
        engine = EngineUnderTest.inProcess();
    }

    @AfterAll
    static void stopEngine() {
        engine.close();
    }

    @BeforeEach
    void anOpenTransactionOfOneRecord() {
        verbs = new Verbs(engine.bootstrap());
        topic = "markers-" + stories++;
        verbs.createTopic(topic);
        transacting = new Transacting(verbs, "id of " + topic);
        producer = transacting.init(5);
        assertEquals(Errors.NONE, transacting.produce(12, topic, producer.transactional(0, 1)));
    }

    @AfterEach
    void hangUp() {
        verbs.close();
    }

    private Errors mark(int transactionVersion, Pid of, boolean commit, int coordinatorEpoch, String where) {
        WritableTxnMarker marker = new WritableTxnMarker().setProducerId(of.id()).setProducerEpoch(of.epoch())
                .setTransactionResult(commit).setCoordinatorEpoch(coordinatorEpoch)
                .setTransactionVersion((byte) transactionVersion)
                .setTopics(List.of(new WritableTxnMarkerTopic().setName(where)
                .setPartitionIndexes(List.of(0))));
        WriteTxnMarkersResponseData response = verbs.raw.ask(ApiKeys.WRITE_TXN_MARKERS, 2,
                new WriteTxnMarkersRequestData().setMarkers(List.of(marker)));
        return Errors.forCode(response.markers().get(0).topics().get(0).partitions().get(0).errorCode());
    }

    private Errors mark(int transactionVersion, Pid of, int coordinatorEpoch) {
        return mark(transactionVersion, of, false, coordinatorEpoch, topic);
    }

    /** The first offset of the producer's transaction as DescribeProducers tells it, -1 when none is open. */
    private long openSince() {
        DescribeProducersRequestData request = new DescribeProducersRequestData();
        request.topics().add(new DescribeProducersRequestData.TopicRequest().setName(topic)
                .setPartitionIndexes(List.of(0)));
        DescribeProducersResponseData answer = verbs.raw.ask(ApiKeys.DESCRIBE_PRODUCERS, 0, request);
        return answer.topics().get(0).partitions().get(0).activeProducers().get(0).currentTxnStartOffset();
    }

    @Test
    void aMarkerTakesAnOffsetAndEndsTheTransaction() {
        assertEquals(0, openSince());
        assertEquals(Errors.NONE, mark(0, producer, 0));

        assertEquals(-1, openSince());
        assertEquals(2, verbs.end(topic));
        assertEquals(2, verbs.stableEnd(topic));
        assertEquals(1, verbs.fetching().committed().from(topic, 0, 0).one().abortedTransactions().size());
        assertEquals(2, verbs.accepted(verbs.produce(topic, Pid.NONE.batch(0, 1))));
    }

    @Test
    void aMarkerOfVersionOneMayHaveTheProducersEpochButNoLowerOne() {
        Pid next = transacting.ended(producer, true);
        assertEquals(Errors.NONE, transacting.produce(12, topic, next.transactional(0, 1)));

        assertEquals(Errors.INVALID_PRODUCER_EPOCH, mark(0, producer, 0));
        assertEquals(2, verbs.stableEnd(topic));
        assertEquals(Errors.NONE, mark(0, next, 0));
        assertEquals(4, verbs.stableEnd(topic));
    }

    @Test
    void aMarkerOfVersionTwoMustBeAboveTheEpochThatIsOpen() {
        Pid above = producer.epoch(producer.epoch() + 1);

        assertEquals(Errors.INVALID_PRODUCER_EPOCH, mark(2, producer, 0));
        assertEquals(0, verbs.stableEnd(topic));
        assertEquals(Errors.NONE, mark(2, above, 0));
        assertEquals(2, verbs.stableEnd(topic));
    }

    @Test
    void theSameMarkerAgainIsTakenAgain() {
        Pid above = producer.epoch(producer.epoch() + 1);
        mark(2, above, 0);

        assertEquals(Errors.NONE, mark(2, above, 0));

        assertEquals(verbs.end(topic), verbs.stableEnd(topic));
        assertEquals(1, verbs.fetching().committed().from(topic, 0, 0).one().abortedTransactions().size());
    }

    @Test
    void aMarkerOfAnOlderCoordinatorIsFenced() {
        assertEquals(Errors.NONE, mark(0, producer, 7));

        assertEquals(Errors.TRANSACTION_COORDINATOR_FENCED, mark(0, producer, 6));
        assertEquals(Errors.NONE, mark(0, producer, 7));
        assertEquals(Errors.NONE, mark(0, producer, 8));
    }

    @Test
    void aMarkerForNobodyLeavesNoRange() {
        Pid nobody = new Pid(producer.id() + 1_000_000, (short) 0);
        assertEquals(Errors.NONE, mark(0, producer, 0));

        assertEquals(Errors.NONE, mark(0, nobody, 0));

        assertEquals(3, verbs.stableEnd(topic));
        assertEquals(1, verbs.fetching().committed().from(topic, 0, 0).one().abortedTransactions().size());
    }

    @Test
    void aMarkerForATopicThatIsNotThereIsRefused() {
        assertEquals(Errors.UNKNOWN_TOPIC_OR_PARTITION, mark(0, producer, false, 0, "nowhere"));
    }
}
