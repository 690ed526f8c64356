package io.semel.it.wire;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.semel.it.client.EngineUnderTest;
import io.semel.wire.batch.BatchHeader;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.common.message.ApiVersionsRequestData;
import org.apache.kafka.common.message.ApiVersionsResponseData;
import org.apache.kafka.common.message.MetadataRequestData;
import org.apache.kafka.common.message.MetadataResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What no client should send (FEATURES row P1, FAULTS C.6): it is answered with an error or hung up on, and
 * after each of them a neighbour that was there before is still served, one that comes now is too, and
 * nothing stored is lost.
 */
class BadInputTest {
    private static final String TOPIC = "untouched";

    private static EngineUnderTest engine;
    private static Verbs neighbour;
    private static final List<ByteBuffer> SENT = new ArrayList<>();

    @BeforeAll
    static void startEngine() {
        engine = EngineUnderTest.inProcess();
        neighbour = new Verbs(engine.bootstrap());
        neighbour.createTopic(TOPIC);
    }

    @AfterAll
    static void stopEngine() {
        engine.restart();
        try (Verbs later = new Verbs(engine.bootstrap())) {
            assertHoldsWhatWasSent(later);
        } finally {
            neighbour.close();
            engine.close();
        }
    }

    @AfterEach
    void othersAreServedAndNothingIsLost() {
        ByteBuffer batch = Pid.NONE.batch(SENT.size(), 1);
        assertEquals(SENT.size(), neighbour.accepted(neighbour.produce(TOPIC, batch)));
        SENT.add(batch);
        try (Verbs newcomer = new Verbs(engine.bootstrap())) {
            assertHoldsWhatWasSent(newcomer);
        }
    }

    private static void assertHoldsWhatWasSent(Verbs reader) {
        List<BatchHeader> stored = Fetching.batches(reader.fetching().from(TOPIC, 0, 0).one());
        assertEquals(SENT.size(), stored.size());
        for (int index = 0; index < SENT.size(); index++) {
            assertArrayEquals(RawClient.bytesOf(SENT.get(index)),
                    Stored.asSent(stored.get(index), SENT.get(index)));
        }
    }

    private static RawClient connect() {
        return RawClient.to(engine.bootstrap());
    }

    static IntStream impossibleSizes() {
        return IntStream.of(-1, 0, 1, 2, 3, Integer.MIN_VALUE, Integer.MAX_VALUE, (100 << 20) + 1);
    }

    @ParameterizedTest
    @MethodSource("impossibleSizes")
    void aFrameOfImpossibleSizeEndsTheConnection(int size) {
        try (RawClient client = connect()) {
            client.send(ByteBuffer.allocate(Integer.BYTES).putInt(size).flip());

            assertTrue(client.isHungUpOn());
        }
    }

    static Stream<Arguments> framesThatAreNoRequests() {
        return Stream.of(
                Arguments.of("4 bytes", frame().putInt(0)),
                Arguments.of("7 bytes", frame().putInt(0).putShort((short) 0).put((byte) 0)),
                Arguments.of("an API that does not exist", header(9999, 0)),
                Arguments.of("a negative API", header(-1, 0)),
                Arguments.of("a brokers' API that has no desk", header(ApiKeys.VOTE.id, 0)),
                Arguments.of("a version of Metadata that is too new", header(ApiKeys.METADATA.id, 99)),
                Arguments.of("a negative version of Fetch", header(ApiKeys.FETCH.id, -1)),
                Arguments.of("a version of Fetch that is too old", header(ApiKeys.FETCH.id, 3)),
                Arguments.of("a version of Produce that nobody can read", header(ApiKeys.PRODUCE.id, 2)),
                Arguments.of("no body", header(ApiKeys.METADATA.id, 9)),
                Arguments.of("a client id longer than the frame",
                        frame().putShort(ApiKeys.METADATA.id).putShort((short) 1).putInt(1)
                                .putShort(Short.MAX_VALUE)),
                Arguments.of("an array of 2^31-1 topics",
                        header(ApiKeys.METADATA.id, 1).putInt(Integer.MAX_VALUE)),
                Arguments.of("an array of -2 topics", header(ApiKeys.METADATA.id, 0).putInt(-2)),
                Arguments.of("a topic's name longer than the frame",
                        header(ApiKeys.METADATA.id, 1).putInt(1).putShort((short) 30_000).put((byte) 'x')),
                Arguments.of("a topic's name that is null",
                        header(ApiKeys.METADATA.id, 1).putInt(1).putShort((short) -1)),
                Arguments.of("a compact array of 2^31-2 topics",
                        flexible(ApiKeys.METADATA.id, 9).put(varint(5, 0x07)).put(new byte[4])),
                Arguments.of("a varint without an end",
                        flexible(ApiKeys.METADATA.id, 9).put(varint(12, 0xff))),
                Arguments.of("2^28 tagged fields",
                        header(ApiKeys.METADATA.id, 9).put(varint(5, 0x00))),
                Arguments.of("a tagged field longer than the frame",
                        header(ApiKeys.METADATA.id, 9).put((byte) 1).put((byte) 0).put(varint(5, 0x07))),
                Arguments.of("records longer than the frame", produceWithRecordsOf(Integer.MAX_VALUE)),
                Arguments.of("records of negative length", produceWithRecordsOf(-2)),
                Arguments.of("bytes behind the request's end",
                        header(ApiKeys.METADATA.id, 1).putInt(0).putLong(0)));
    }

    private static ByteBuffer frame() {
        return ByteBuffer.allocate(200);
    }

    /** The header of any version that is not flexible; of those that are, all but the tagged fields. */
    private static ByteBuffer header(int apiKey, int apiVersion) {
        return frame().putShort((short) apiKey).putShort((short) apiVersion).putInt(1).putShort((short) 3)
                .put("raw".getBytes(StandardCharsets.UTF_8));
    }

    private static ByteBuffer flexible(int apiKey, int apiVersion) {
        return header(apiKey, apiVersion).put((byte) 0);
    }

    /** A varint of full parts and a last one, which may say that it is not the last. */
    private static byte[] varint(int size, int last) {
        byte[] varint = new byte[size];
        for (int index = 0; index < size; index++) varint[index] = (byte) 0xff;
        varint[size - 1] = (byte) last;
        return varint;
    }

    private static ByteBuffer produceWithRecordsOf(int size) {
        byte[] topic = TOPIC.getBytes(StandardCharsets.UTF_8);
        return header(ApiKeys.PRODUCE.id, 7).putShort((short) -1).putShort((short) -1).putInt(1000).putInt(1)
                .putShort((short) topic.length).put(topic).putInt(1).putInt(0).putInt(size).put(new byte[61]);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("framesThatAreNoRequests")
    void aFrameThatIsNoRequestEndsTheConnection(String name, ByteBuffer frame) {
        try (RawClient client = connect()) {
            client.sendFrame(frame.duplicate().flip());

            assertTrue(client.isHungUpOn());
        }
    }

    @Test
    void anUnknownVersionOfApiVersionsIsAnsweredInTheOldestAndTheConnectionGoesOn() {
        try (RawClient client = connect()) {
            ByteBuffer request = client.request(ApiKeys.API_VERSIONS, 0, new ApiVersionsRequestData());
            client.send(request.putShort(6, (short) 99));

            ApiVersionsResponseData refused = client.receive(ApiKeys.API_VERSIONS, 0);
            ApiVersionsResponseData second = client.ask(ApiKeys.API_VERSIONS, 4, new ApiVersionsRequestData()
                    .setClientSoftwareName("raw").setClientSoftwareVersion("1"));

            assertEquals(Errors.UNSUPPORTED_VERSION, Errors.forCode(refused.errorCode()));
            assertEquals(4, refused.apiKeys().find(ApiKeys.API_VERSIONS.id).maxVersion());
            assertEquals(Errors.NONE, Errors.forCode(second.errorCode()));
            assertEquals(2, second.finalizedFeatures().find("transaction.version").maxVersionLevel());
        }
    }

    static Stream<Arguments> otherProtocols() {
        byte[] hello = new byte[120];
        System.arraycopy(new byte[] {0x16, 3, 1, 0, 115, 1, 0, 0, 111, 3, 3}, 0, hello, 0, 11);
        return Stream.of(
                Arguments.of("HTTP GET",
                        "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n".getBytes(StandardCharsets.US_ASCII)),
                Arguments.of("HTTP POST", "POST /topics HTTP/1.1\r\nContent-Length: 2\r\n\r\n{}"
                        .getBytes(StandardCharsets.US_ASCII)),
                Arguments.of("HTTP/2",
                        "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII)),
                Arguments.of("TLS", hello),
                Arguments.of("SSH", "SSH-2.0-OpenSSH_9.9\r\n".getBytes(StandardCharsets.US_ASCII)));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("otherProtocols")
    void whoSpeaksAnotherProtocolIsHungUpOn(String name, byte[] greeting) {
        try (RawClient client = connect()) {
            client.send(greeting);

            assertTrue(client.isHungUpOn());
        }
    }

    @Test
    void garbageInAFrameIsAnsweredOrHungUpOn() {
        long seed = Long.getLong("semel.seed", 20);
        Random random = new Random(seed);
        int frames = 100 * Integer.getInteger("semel.scale", 1);
        for (int count = 0; count < frames; count++) {
            byte[] garbage = new byte[random.nextInt(300)];
            random.nextBytes(garbage);
            try (RawClient client = connect()) {
                client.sendFrame(ByteBuffer.wrap(garbage));
                assertTrue(client.isReactedTo(), "frame " + count + " of seed " + seed);
            }
        }
    }

    /**
     * Real requests with a few bytes changed: any answer will do, and so does none where the request now asks
     * to wait.
     */
    @Test
    void damagedRequestsHarmNobody() {
        long seed = Long.getLong("semel.seed", 21);
        Random random = new Random(seed);
        int frames = 200 * Integer.getInteger("semel.scale", 1);
        for (int count = 0; count < frames; count++) {
            try (RawClient client = connect()) {
                ByteBuffer request = count % 2 == 0
                        ? client.request(ApiKeys.METADATA, 12, metadata("elsewhere"))
                        : client.request(ApiKeys.PRODUCE, 9, Verbs.produceRequest(null, -1, "elsewhere", 0,
                                Pid.NONE.batch(0, 2)));
                byte[] frame = RawClient.bytesOf(request);
                for (int changes = random.nextInt(4); changes >= 0; changes--) {
                    frame[4 + random.nextInt(frame.length - 4)] = (byte) random.nextInt(256);
                }
                client.send(frame);
                client.sendNoMore();
                assertTrue(client.isReactedTo(), "frame " + count + " of seed " + seed);
            }
        }
    }

    private static MetadataRequestData metadata(String missing) {
        return new MetadataRequestData().setAllowAutoTopicCreation(false).setTopics(List.of(
                new MetadataRequestData.MetadataRequestTopic().setName(TOPIC),
                new MetadataRequestData.MetadataRequestTopic().setName(missing)));
    }

    @Test
    void aFrameThatIsCutOffIsForgotten() {
        try (RawClient halfOpen = connect(); RawClient cut = connect(); RawClient reset = connect()) {
            byte[] request = RawClient.bytesOf(halfOpen.request(ApiKeys.METADATA, 12, metadata("nowhere")));
            for (RawClient client : List.of(halfOpen, cut, reset)) {
                client.send(ByteBuffer.wrap(request, 0, request.length / 2));
            }

            halfOpen.sendNoMore();
            cut.hangUp();
            reset.reset();

            assertTrue(halfOpen.isHungUpOn());
        }
    }

    @Test
    void whoLeavesBeforeTheAnswerIsForgotten() {
        for (int count = 0; count < 20; count++) {
            RawClient client = connect();
            client.post(ApiKeys.PRODUCE, 9,
                    Verbs.produceRequest(null, -1, "nowhere", 0, Pid.NONE.batch(0, 1)));
            new Fetching(client).waiting(60_000, 1).from(TOPIC, 0, SENT.size()).post();
            if (count % 2 == 0) client.reset();
            else client.hangUp();
        }
    }

    @Test
    void aSlowClientIsServedInTheEndAndNobodyWaitsForIt() {
        try (RawClient slow = connect(); RawClient silent = connect()) {
            ByteBuffer request = slow.request(ApiKeys.METADATA, 12, metadata("nowhere"));
            silent.send((byte) 0);
            for (byte one : RawClient.bytesOf(request)) {
                slow.send(one);
                neighbour.end(TOPIC);
            }

            var response = slow.<MetadataResponseData>receive(ApiKeys.METADATA, 12);

            assertEquals(Errors.NONE, Errors.forCode(response.topics().find(TOPIC).errorCode()));
            assertEquals(Errors.UNKNOWN_TOPIC_OR_PARTITION,
                    Errors.forCode(response.topics().find("nowhere").errorCode()));
        }
    }

    @Test
    void manyRequestsInOnePieceAreAnsweredInTheirOrder() {
        try (Verbs verbs = new Verbs(engine.bootstrap())) {
            List<ByteBuffer> requests = new ArrayList<>();
            int size = 0;
            for (int count = 0; count < 300; count++) {
                requests.add(verbs.raw.request(ApiKeys.METADATA, 12, metadata("nowhere")));
                size += requests.get(count).remaining();
            }
            ByteBuffer piece = ByteBuffer.allocate(size);
            requests.forEach(piece::put);

            verbs.raw.send(piece.flip());

            for (int count = 0; count < 300; count++) verbs.raw.receive(ApiKeys.METADATA, 12);
            assertEquals(SENT.size(), verbs.end(TOPIC));
        }
    }

    @Test
    void oneWhoDoesNotReadHoldsUpNobody() {
        try (Verbs deaf = new Verbs(engine.bootstrap())) {
            deaf.createTopic("large-" + SENT.size());
            ByteBuffer large = Pid.NONE.builder(0, 1).add(Pid.TIME_MS, null, new byte[1_000_000]).build();
            for (int count = 0; count < 3; count++) {
                deaf.accepted(deaf.produce("large-" + SENT.size(), large));
            }

            for (int count = 0; count < 100; count++) {
                deaf.fetching().from("large-" + SENT.size(), 0, 0).post();
            }

            othersAreServedAndNothingIsLost();
            for (int count = 0; count < 100; count++) {
                assertFalse(Fetching.batches(Fetching.one(deaf.fetching().receive())).isEmpty());
            }
        }
    }
}
