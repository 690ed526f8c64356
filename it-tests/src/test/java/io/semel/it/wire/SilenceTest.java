package io.semel.it.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.semel.it.client.EngineUnderTest;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.message.DescribeProducersRequestData;
import org.apache.kafka.common.message.DescribeProducersResponseData;
import org.apache.kafka.common.message.DescribeProducersResponseData.ProducerState;
import org.apache.kafka.common.message.ListTransactionsRequestData;
import org.apache.kafka.common.message.ListTransactionsResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What is forgotten of those who are silent, and what is not: a broker that forgets within seconds. */
@Tag("against-kafka")
class SilenceTest {
    private static EngineUnderTest engine;
    private static int topics;

    private Verbs verbs;
    private String topic;

    @BeforeAll
    static void startEngine() {
        engine = EngineUnderTest.with(Map.of("producer.id.expiration.ms", "1500",
                "producer.id.expiration.check.interval.ms", "200", "transactional.id.expiration.ms", "4000"),
                Map.of("transaction.remove.expired.transaction.cleanup.interval.ms", "200",
                        "transactional.id.expiration.ms", "15000"));
    }

    @AfterAll
    static void stopEngine() {
        engine.close();
    }

    @BeforeEach
    void aTopic() {
        verbs = new Verbs(engine.bootstrap());
        topic = "silent-" + topics++;
        verbs.createTopic(topic);
    }

    @AfterEach
    void hangUp() {
        verbs.close();
    }

    /** Silence is counted from the time that stands in the batch. */
    private static ByteBuffer batch(Pid producer, int sequence, boolean transactional) {
        return producer.builder(sequence, 0).transactional(transactional)
                .add(System.currentTimeMillis(), null, new byte[1]).build();
    }

    private List<ProducerState> producers() {
        DescribeProducersRequestData request = new DescribeProducersRequestData();
        request.topics().add(new DescribeProducersRequestData.TopicRequest().setName(topic)
                .setPartitionIndexes(List.of(0)));
        DescribeProducersResponseData answer = verbs.raw.ask(ApiKeys.DESCRIBE_PRODUCERS, 0, request);
        return answer.topics().get(0).partitions().get(0).activeProducers();
    }

    @Test @DisplayName("FEATURES 9: who is silent is forgotten, and any sequence of his is then taken")
    void aSilentProducerIsForgotten() {
        Pid producer = verbs.newProducer();
        assertEquals(0, verbs.accepted(verbs.produce(topic, batch(producer, 0, false))));
        assertEquals(Errors.OUT_OF_ORDER_SEQUENCE_NUMBER,
                verbs.errorOfProduce(topic, batch(producer, 41, false)));
        assertEquals(List.of(producer.id()), producers().stream().map(ProducerState::producerId).toList());

        Awaitility.await().atMost(Duration.ofSeconds(30)).until(() -> producers().isEmpty());

        assertEquals(1, verbs.accepted(verbs.produce(topic, batch(producer, 41, false))));
    }

    @Test @DisplayName("FEATURES 10: not while its transaction is open")
    void aProducerWhoseTransactionIsOpenIsRemembered() {
        Transacting transacting = new Transacting(verbs, "open on " + topic);
        Pid open = transacting.init(1);
        transacting.add(0, open, topic);
        assertEquals(Errors.NONE, transacting.produce(7, topic, batch(open, 0, true)));
        Pid silent = verbs.newProducer();
        verbs.accepted(verbs.produce(topic, batch(silent, 0, false)));

        Awaitility.await().atMost(Duration.ofSeconds(30)).until(() -> producers().size() == 1);

        ProducerState left = producers().get(0);
        assertEquals(open.id(), left.producerId());
        assertEquals(0, left.currentTxnStartOffset());
        assertEquals(Errors.OUT_OF_ORDER_SEQUENCE_NUMBER,
                transacting.produce(7, topic, batch(open, 41, true)));
        assertEquals(Errors.NONE, transacting.produce(7, topic, batch(open, 1, true)));
        assertEquals(Errors.NONE, transacting.errorOfEnd(1, open, true));
        Awaitility.await().atMost(Duration.ofSeconds(30)).until(() -> producers().isEmpty());
    }

    @Test @DisplayName("FEATURES 33: an id that is silent is forgotten, its producer a stranger")
    void aSilentTransactionalIdIsForgotten() {
        Transacting transacting = new Transacting(verbs, "silent id of " + topic);
        Pid producer = transacting.init(4);
        assertTrue(ids().contains("silent id of " + topic));

        Awaitility.await().atMost(Duration.ofSeconds(60))
                .until(() -> !ids().contains("silent id of " + topic));

        assertEquals(Errors.INVALID_PRODUCER_ID_MAPPING, transacting.errorOfEnd(3, producer, true));
        assertEquals(Map.of(topic, Errors.INVALID_PRODUCER_ID_MAPPING),
                transacting.add(3, producer, List.of(topic)));
        assertEquals(0, transacting.init(4).epoch(), "begins anew");
    }

    private List<String> ids() {
        ListTransactionsResponseData listed = verbs.raw.ask(ApiKeys.LIST_TRANSACTIONS, 0,
                new ListTransactionsRequestData());
        return listed.transactionStates().stream().map(one -> one.transactionalId()).toList();
    }
}
