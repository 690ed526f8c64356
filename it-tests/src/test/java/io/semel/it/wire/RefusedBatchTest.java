package io.semel.it.wire;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.semel.compression.CompressionType;
import io.semel.it.client.EngineUnderTest;
import io.semel.wire.batch.BatchHeader;
import io.semel.wire.batch.Marker;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.apache.kafka.common.message.MetadataRequestData;
import org.apache.kafka.common.message.ProduceRequestData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Batches that must not reach a log, and what their sender is told (FEATURES rows 13 to 15, P5, P6). */
@Tag("against-kafka")
class RefusedBatchTest {
    /** Where Apache Kafka 4.3.1 gives another answer, or takes what nobody should have sent. */
    private static final Map<String, Errors> KAFKA_SAYS = Map.of(
            "shorter than it is", Errors.CORRUPT_MESSAGE,
            "of the largest length", Errors.UNKNOWN_SERVER_ERROR,
            "a codec that is not assigned", Errors.UNKNOWN_SERVER_ERROR,
            "the time of a log", Errors.NONE,
            "a negative time", Errors.NONE,
            "a negative epoch", Errors.NONE);

    private static EngineUnderTest engine;
    private static int topics;

    private Verbs verbs;
    private String topic;

    @BeforeAll
    static void startEngine() {
        engine = EngineUnderTest.inProcess();
    }

    @AfterAll
    static void stopEngine() {
        engine.close();
    }

    @BeforeEach
    void oneRecordOnANewTopic() {
        verbs = new Verbs(engine.bootstrap());
        topic = "refusing-" + topics++;
        verbs.createTopic(topic);
        verbs.accepted(verbs.produce(topic, Pid.NONE.batch(0, 1)));
    }

    @AfterEach
    void hangUp() {
        verbs.close();
    }

    static Stream<Arguments> lyingHeaders() {
        return Stream.concat(lyingAboutTheFrame(), lyingAboutTheRecords());
    }

    private static Stream<Arguments> lyingAboutTheFrame() {
        return Stream.of(
                lie("a bit of a record is flipped", Errors.CORRUPT_MESSAGE, false,
                        batch -> batch.put(batch.limit() - 3, (byte) (batch.get(batch.limit() - 3) ^ 4))),
                lie("the CRC is another", Errors.CORRUPT_MESSAGE, false,
                        batch -> add(batch, BatchHeader.CRC, 1)),
                lie("format 0", Errors.INVALID_RECORD, false,
                        batch -> batch.put(BatchHeader.MAGIC, (byte) 0)),
                lie("format 1", Errors.INVALID_RECORD, false,
                        batch -> batch.put(BatchHeader.MAGIC, (byte) 1)),
                lie("format 3", Errors.CORRUPT_MESSAGE, false,
                        batch -> batch.put(BatchHeader.MAGIC, (byte) 3)),
                lie("longer than it is", Errors.INVALID_RECORD, false,
                        batch -> add(batch, BatchHeader.LENGTH, 1)),
                lie("shorter than it is", Errors.INVALID_RECORD, false,
                        batch -> add(batch, BatchHeader.LENGTH, -1)),
                lie("of negative length", Errors.CORRUPT_MESSAGE, false,
                        batch -> batch.putInt(BatchHeader.LENGTH, -100)),
                lie("of the largest length", Errors.INVALID_RECORD, false,
                        batch -> batch.putInt(BatchHeader.LENGTH, Integer.MAX_VALUE)),
                lie("of length 0", Errors.CORRUPT_MESSAGE, false,
                        batch -> batch.putInt(BatchHeader.LENGTH, 0)));
    }

    private static Stream<Arguments> lyingAboutTheRecords() {
        return Stream.of(
                lie("more records than offsets", Errors.INVALID_RECORD, true,
                        batch -> add(batch, BatchHeader.RECORD_COUNT, 1)),
                lie("fewer records than offsets", Errors.INVALID_RECORD, true,
                        batch -> add(batch, BatchHeader.RECORD_COUNT, -1)),
                lie("more offsets and records than it holds", Errors.INVALID_RECORD, true, batch -> {
                    add(batch, BatchHeader.RECORD_COUNT, 1);
                    add(batch, BatchHeader.LAST_OFFSET_DELTA, 1);
                }),
                lie("no records", Errors.INVALID_RECORD, true,
                        batch -> batch.putInt(BatchHeader.RECORD_COUNT, 0)
                                .putInt(BatchHeader.LAST_OFFSET_DELTA, -1)),
                lie("a negative number of records", Errors.INVALID_RECORD, true,
                        batch -> batch.putInt(BatchHeader.RECORD_COUNT, -5)),
                lie("the largest number of records", Errors.INVALID_RECORD, true,
                        batch -> batch.putInt(BatchHeader.RECORD_COUNT, Integer.MAX_VALUE)
                                .putInt(BatchHeader.LAST_OFFSET_DELTA, Integer.MAX_VALUE - 1)),
                lie("a base offset of its own", Errors.INVALID_RECORD, true,
                        batch -> batch.putLong(BatchHeader.BASE_OFFSET, 7)),
                lie("a codec that is not assigned", Errors.UNSUPPORTED_COMPRESSION_TYPE, true,
                        batch -> add(batch, BatchHeader.ATTRIBUTES + 1, (byte) 5)),
                lie("the time of a log", Errors.INVALID_TIMESTAMP, true,
                        batch -> add(batch, BatchHeader.ATTRIBUTES + 1, (byte) 0x08)),
                lie("a negative time", Errors.INVALID_TIMESTAMP, true,
                        batch -> batch.putLong(BatchHeader.MAX_TIMESTAMP, -2)),
                lie("the control bit", Errors.INVALID_RECORD, true,
                        batch -> add(batch, BatchHeader.ATTRIBUTES + 1, (byte) 0x20)),
                lie("a negative sequence", Errors.INVALID_RECORD, true,
                        batch -> batch.putInt(BatchHeader.BASE_SEQUENCE, -1)),
                lie("a negative epoch", Errors.INVALID_RECORD, true,
                        batch -> batch.putShort(BatchHeader.PRODUCER_EPOCH, (short) -1)));
    }

    private static Arguments lie(String name, Errors expected, boolean sealed, Consumer<ByteBuffer> change) {
        return Arguments.of(name, expected, sealed, change);
    }

    private static void add(ByteBuffer batch, int at, int delta) {
        batch.putInt(at, batch.getInt(at) + delta);
    }

    private static void add(ByteBuffer batch, int at, byte bits) {
        batch.put(at, (byte) (batch.get(at) | bits));
    }

    /** @param sealed the CRC is right for what the batch says */
    @ParameterizedTest(name = "{0}")
    @MethodSource("lyingHeaders")
    void aBatchThatLiesIsRefused(String name, Errors expected, boolean sealed, Consumer<ByteBuffer> change) {
        Pid producer = verbs.newProducer();
        ByteBuffer batch = producer.batch(0, 3);
        change.accept(batch);
        if (sealed) Stored.sealed(batch);

        Errors error = verbs.errorOfProduce(topic, batch);

        if (EngineUnderTest.isKafka() && KAFKA_SAYS.containsKey(name)) {
            assertEquals(KAFKA_SAYS.get(name), error);
            return;
        }
        assertEquals(expected, error);
        assertEquals(1, verbs.end(topic));
        assertEquals(1, verbs.accepted(verbs.produce(topic, producer.batch(0, 3))), "the true one is taken");
    }

    @Test
    void oneFlippedBitIsEnough() {
        ByteBuffer batch = Pid.NONE.batch(0, 3);
        batch.put(batch.limit() - 3, (byte) (batch.get(batch.limit() - 3) ^ 4));

        assertEquals(Errors.CORRUPT_MESSAGE, verbs.errorOfProduce(topic, batch));
        assertEquals(1, verbs.end(topic));
    }

    @Test
    void aMarkerFromAClientIsRefused() {
        Pid producer = verbs.newProducer();

        Errors error = verbs.errorOfProduce(topic,
                Marker.build(producer.id(), (short) 0, true, 0, Pid.TIME_MS));

        // there it is refused a check earlier: what is transactional needs a transactional id
        assertEquals(EngineUnderTest.isKafka() ? Errors.TRANSACTIONAL_ID_AUTHORIZATION_FAILED
                : Errors.INVALID_RECORD, error);
        assertEquals(1, verbs.end(topic));
    }

    @Test
    void aMarkerFromAClientIsRefusedInItsTransaction() {
        Transacting transacting = new Transacting(verbs, "id of " + topic);
        Pid producer = transacting.init(5);
        assertEquals(Errors.NONE, transacting.produce(12, topic, producer.transactional(0, 1)));

        ByteBuffer marker = Marker.build(producer.id(), producer.epoch(), true, 0, Pid.TIME_MS);
        Stored.sealed(marker.putInt(BatchHeader.BASE_SEQUENCE, 1));

        assertEquals(Errors.INVALID_RECORD, transacting.produce(12, topic, marker),
                "nothing else is wrong with it");
        assertEquals(2, verbs.end(topic));
        assertEquals(1, verbs.stableEnd(topic));
    }

    @Test
    void aRequestCarriesOneBatchForAPartition() {
        Pid producer = verbs.newProducer();
        ByteBuffer first = producer.batch(0, 1);
        ByteBuffer second = producer.batch(1, 1);
        ByteBuffer both =
                ByteBuffer.allocate(first.remaining() + second.remaining()).put(first).put(second).flip();

        assertEquals(Errors.INVALID_RECORD, verbs.errorOfProduce(topic, both));
        assertEquals(1, verbs.end(topic));
        // it leaves some of the following unanswered
        if (EngineUnderTest.isKafka()) return;
        assertEquals(Errors.INVALID_RECORD, verbs.errorOfProduce(topic, ByteBuffer.allocate(0)));
        assertEquals(Errors.INVALID_RECORD, verbs.errorOfProduce(topic, null));
        assertEquals(Errors.INVALID_RECORD, verbs.errorOfProduce(topic, ByteBuffer.allocate(11)));
        assertEquals(1, verbs.end(topic));
    }

    @Test
    void zstdNeedsVersionSeven() {
        ByteBuffer batch = Pid.NONE.builder(0, 3).compression(CompressionType.ZSTD).build();

        assertEquals(Errors.UNSUPPORTED_COMPRESSION_TYPE, verbs.errorOfProduce(6, null, topic, batch));
        assertEquals(1, verbs.end(topic));
        assertEquals(Errors.NONE, verbs.errorOfProduce(7, null, topic, batch));
    }

    @Test
    void everyVersionThatCanBeReadIsServed() {
        for (int version = 3; version <= 12; version++) {
            assertEquals(version - 2,
                    verbs.accepted(verbs.produce(version, null, topic, 0, Pid.NONE.batch(0, 1))));
        }
    }

    @Test
    void aBatchAboveTheLimitIsTooLarge() {
        String small = topic + "-small";
        verbs.createTopic(small, 1, Map.of("max.message.bytes", "1000"));
        ByteBuffer fits = ofSize(1000);
        ByteBuffer exceeds = ofSize(1001);

        assertEquals(Errors.NONE, verbs.errorOfProduce(small, fits));
        assertEquals(Errors.MESSAGE_TOO_LARGE, verbs.errorOfProduce(small, exceeds));
        assertEquals(Errors.NONE, verbs.errorOfProduce(topic, ofSize(1_048_588)));
        assertEquals(Errors.MESSAGE_TOO_LARGE, verbs.errorOfProduce(topic, ofSize(1_048_589)));
        assertEquals(1, verbs.end(small));
        assertEquals(2, verbs.end(topic));
    }

    /** A batch of one record, of exactly so many bytes. */
    private static ByteBuffer ofSize(int size) {
        int valueSize = size;
        while (true) {
            ByteBuffer batch = Pid.NONE.builder(0, 0).add(Pid.TIME_MS, null, new byte[valueSize]).build();
            if (batch.remaining() == size) return batch;
            valueSize -= batch.remaining() - size;
        }
    }

    @Test
    void aCompactedTopicNeedsKeys() {
        String compacted = topic + "-compacted";
        verbs.createTopic(compacted, 1, Map.of("cleanup.policy", "compact"));
        ByteBuffer plain = Pid.NONE.builder(0, 2).add(Pid.TIME_MS, null, new byte[3]).build();
        ByteBuffer packed = Pid.NONE.builder(0, 2).add(Pid.TIME_MS, null, new byte[3])
                .compression(CompressionType.LZ4).build();

        assertEquals(Errors.INVALID_RECORD, verbs.errorOfProduce(compacted, plain));
        assertEquals(Errors.INVALID_RECORD, verbs.errorOfProduce(compacted, packed));
        assertEquals(Errors.NONE, verbs.errorOfProduce(compacted, Pid.NONE.batch(0, 2)));
        assertEquals(2, verbs.end(compacted));
    }

    @Test
    void topicsThatAreNotThereAndTheBrokersOwnAreRefused() {
        ByteBuffer batch = Pid.NONE.batch(0, 1);

        assertEquals(Errors.UNKNOWN_TOPIC_OR_PARTITION, verbs.errorOfProduce("nowhere", batch));
        assertEquals(Errors.UNKNOWN_TOPIC_OR_PARTITION,
                Errors.forCode(verbs.produce(9, null, topic, 1, batch).errorCode()));
        assertEquals(Errors.UNKNOWN_TOPIC_OR_PARTITION,
                Errors.forCode(verbs.produce(9, null, topic, -1, batch).errorCode()));
        assertEquals(Errors.INVALID_TOPIC_EXCEPTION, verbs.errorOfProduce("__consumer_offsets", batch));
        assertEquals(Errors.INVALID_TOPIC_EXCEPTION, verbs.errorOfProduce("__transaction_state", batch));
    }

    @Test
    void acksAreZeroOneOrAll() {
        for (int acks : new int[] {2, 5, -2}) {
            ProduceRequestData request = Verbs.produceRequest(null, acks, topic, 0, Pid.NONE.batch(0, 1));
            Errors error = Errors.forCode(Verbs.only(verbs.raw.ask(ApiKeys.PRODUCE, 9, request)).errorCode());
            assertEquals(Errors.INVALID_REQUIRED_ACKS, error);
        }
        assertEquals(1, verbs.end(topic));

        ProduceRequestData request = Verbs.produceRequest(null, 1, topic, 0, Pid.NONE.batch(0, 1));
        assertEquals(1, verbs.accepted(Verbs.only(verbs.raw.ask(ApiKeys.PRODUCE, 9, request))));
    }

    @Test
    void withoutAcksThereIsNoReply() {
        ByteBuffer batch = Pid.NONE.batch(0, 1);
        verbs.raw.tell(ApiKeys.PRODUCE, 9, Verbs.produceRequest(null, 0, topic, 0, batch));

        verbs.raw.ask(ApiKeys.METADATA, 9, new MetadataRequestData());

        assertEquals(2, verbs.end(topic),
                "the answer after the silent one is Metadata's, and the batch is there");
        var stored = Fetching.batches(verbs.fetching().from(topic, 0, 1).one());
        assertArrayEquals(RawClient.bytesOf(batch), Stored.asSent(stored.get(0), batch));
    }

    @Test
    void withoutAcksARefusalIsToldByHangingUp() {
        ByteBuffer damaged = Pid.NONE.batch(0, 1);
        add(damaged, BatchHeader.CRC, 1);

        verbs.raw.tell(ApiKeys.PRODUCE, 9, Verbs.produceRequest(null, 0, topic, 0, damaged));

        assertTrue(verbs.raw.isHungUpOn());
        try (Verbs other = new Verbs(engine.bootstrap())) {
            assertEquals(1, other.end(topic));
        }
    }
}
