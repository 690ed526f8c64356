package io.semel.it.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import io.semel.broker.Engine;
import io.semel.broker.config.BrokerConfig;
import io.semel.broker.config.EngineConfig;
import io.semel.it.client.EngineUnderTest;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.FetchResponseData;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Fetch sessions (KIP-227, FEATURES row P2): only what is news is answered, and only what changes is asked.
 */
@Tag("against-kafka")
class FetchSessionsTest {
    private static EngineUnderTest engine;
    private static int topics;

    private Verbs verbs;
    private String topic;
    private Uuid topicId;

    @BeforeAll
    static void startEngine() {
        engine = EngineUnderTest.inProcess();
    }

    @AfterAll
    static void stopEngine() {
        engine.close();
    }

    @BeforeEach
    void oneTopic() {
        verbs = new Verbs(engine.bootstrap());
        topic = "session-" + topics++;
        topicId = verbs.createTopic(topic, 3, Map.of());
    }

    @AfterEach
    void hangUp() {
        verbs.close();
    }

    private void produce(int partition) {
        ByteBuffer batch = Pid.NONE.builder(0, 0).add(Pid.TIME_MS, null, new byte[100]).build();
        verbs.accepted(verbs.produce(9, null, topic, partition, batch));
    }

    private int opened() {
        FetchResponseData whole = verbs.fetching().inSession(0, 0).from(topic, 0, 0).from(topic, 1, 0)
                .from(topic, 2, 0).all();
        assertEquals(List.of(0, 1, 2), partitions(whole));
        assertNotEquals(0, whole.sessionId());
        return whole.sessionId();
    }

    private static List<Integer> partitions(FetchResponseData answer) {
        List<Integer> partitions = new ArrayList<>();
        answer.responses().forEach(one -> one.partitions().forEach(partition ->
                partitions.add(partition.partitionIndex())));
        return partitions;
    }

    private Errors errorOf(FetchResponseData answer) {
        assertEquals(List.of(), partitions(answer));
        return Errors.forCode(answer.errorCode());
    }

    @Test
    void answersWhatIsNewsAndNothingElse() {
        int id = opened();
        assertEquals(List.of(), partitions(verbs.fetching().inSession(id, 1).all()));
        produce(1);

        FetchResponseData news = verbs.fetching().inSession(id, 2).all();

        assertEquals(id, news.sessionId());
        assertEquals(List.of(1), partitions(news));
        assertEquals(1, Fetching.batches(Fetching.one(news)).size());
        // the client has not moved on, so that the record is sent again
        assertEquals(List.of(1), partitions(verbs.fetching().inSession(id, 3).all()));
        assertEquals(List.of(), partitions(verbs.fetching().inSession(id, 4).from(topic, 1, 1).all()));
    }

    @Test
    void thoseServedStandBehindTheOthers() {
        int id = opened();
        for (int partition = 0; partition < 3; partition++) produce(partition);

        assertEquals(List.of(0, 1, 2), partitions(verbs.fetching().bytesMax(1, 1).inSession(id, 1).all()));
        FetchResponseData second = verbs.fetching().bytesMax(1, 1).inSession(id, 2).all();

        assertEquals(List.of(1), partitions(second));
        assertEquals(1, Fetching.batches(Fetching.one(second)).size());
    }

    @Test
    void waitsForNewsOfAnyOfItsPartitions() {
        int id = opened();
        Fetching waiting = verbs.fetching().waiting(15_000, 1).inSession(id, 1).post();
        try (Verbs another = new Verbs(engine.bootstrap())) {
            another.accepted(another.produce(9, null, topic, 2,
                    Pid.NONE.builder(0, 0).add(Pid.TIME_MS, null, new byte[10]).build()));
        }

        long beganNanos = System.nanoTime();
        assertEquals(List.of(2), partitions(waiting.receive()));
        assertTrue(System.nanoTime() - beganNanos < 10_000_000_000L);
    }

    @Test
    void forgetsAndAddsAndEndsWhenNothingIsLeft() {
        int id = opened();
        for (int partition = 0; partition < 3; partition++) produce(partition);

        assertEquals(List.of(1, 2), partitions(verbs.fetching().inSession(id, 1).forgetting(topic, 0).all()));
        assertEquals(List.of(1, 2, 0), partitions(verbs.fetching().inSession(id, 2).from(topic, 0, 0).all()));
        assertEquals(List.of(), partitions(verbs.fetching().inSession(id, 3).forgetting(topic, 0, 1,
                2).all()));
        assertEquals(Errors.FETCH_SESSION_ID_NOT_FOUND, errorOf(verbs.fetching().inSession(id, 4).all()));
    }

    @Test
    void refusesWhatIsNotItsNextRequestAndGoesOn() {
        int id = opened();

        assertEquals(Errors.INVALID_FETCH_SESSION_EPOCH, errorOf(verbs.fetching().inSession(id, 2).all()));
        assertEquals(Errors.FETCH_SESSION_ID_NOT_FOUND, errorOf(verbs.fetching().inSession(id ^ 1, 1).all()));
        assertEquals(Errors.FETCH_SESSION_TOPIC_ID_ERROR, errorOf(verbs.fetching().version(13)
                .inSession(id, 1).fromId(topicId, 0, 0).all()));
        assertEquals(id, verbs.fetching().inSession(id, 1).all().sessionId());
        assertEquals(Errors.INVALID_FETCH_SESSION_EPOCH, errorOf(verbs.fetching().inSession(id, 1).all()));
    }

    @Test
    void endsAtTheClientsWordAndGivesWayToTheNext() {
        int id = opened();
        FetchResponseData last = verbs.fetching().inSession(id, -1).from(topic, 0, 0).all();
        assertEquals(0, last.sessionId());
        assertEquals(List.of(0), partitions(last));
        assertEquals(Errors.FETCH_SESSION_ID_NOT_FOUND, errorOf(verbs.fetching().inSession(id, 1).all()));

        int first = opened();
        int second = opened();
        // Apache Kafka keeps the first one until its memory is wanted
        if (!EngineUnderTest.isKafka()) assertEquals(Errors.FETCH_SESSION_ID_NOT_FOUND,
                errorOf(verbs.fetching().inSession(first, 1).all()));
        assertEquals(second, verbs.fetching().inSession(second, 1).all().sessionId());
    }

    @Test
    void namesTopicsByIdToo() {
        FetchResponseData whole = verbs.fetching().version(18).inSession(0, 0).fromId(topicId, 0, 0)
                .fromId(topicId, 1, 0).all();
        produce(1);
        FetchResponseData news = verbs.fetching().version(18).inSession(whole.sessionId(), 1).all();

        assertEquals(topicId, news.responses().get(0).topicId());
        assertEquals(List.of(1), partitions(news));

        verbs.deleteTopic(topic);
        FetchResponseData gone = verbs.fetching().version(18).inSession(whole.sessionId(), 2).all();
        assertEquals(List.of(1, 0), partitions(gone).stream().sorted((a, b) -> b - a).toList());
        // Apache Kafka remembers the name that stood for the id
        assertEquals(EngineUnderTest.isKafka() ? Errors.UNKNOWN_TOPIC_OR_PARTITION : Errors.UNKNOWN_TOPIC_ID,
                Errors.forCode(Fetching.one(gone).errorCode()));
    }

    @Test
    void areBoundedAndGivenBackWhenTheClientIsGone(@TempDir Path directory) {
        assumeFalse(EngineUnderTest.isKafka(), "Apache Kafka keeps them when the client is gone");
        BrokerConfig one = BrokerConfig.defaults("127.0.0.1", 0)
                .with(Map.of("max.incremental.fetch.session.cache.slots", "1"));
        EngineConfig alone = new EngineConfig(directory, "127.0.0.1", 0, one.durability(), 1, 2);
        try (Engine small = Engine.start(alone, one);
                Verbs first = new Verbs(small.bootstrap());
                Verbs second = new Verbs(small.bootstrap())) {
            first.createTopic("t");
            int id = first.fetching().inSession(0, 0).from("t", 0, 0).all().sessionId();

            assertNotEquals(0, id);
            FetchResponseData without = second.fetching().inSession(0, 0).from("t", 0, 0).all();
            assertEquals(0, without.sessionId());
            assertEquals(List.of(0), partitions(without));

            first.raw.hangUp();
            org.awaitility.Awaitility.await().until(() ->
                    second.fetching().inSession(0, 0).from("t", 0, 0).all().sessionId() != 0);
        }
    }
}
