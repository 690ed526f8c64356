package io.semel.it.wire;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.semel.compression.CompressionType;
import io.semel.it.client.EngineUnderTest;
import io.semel.wire.batch.BatchHeader;
import io.semel.wire.batch.RecordHeader;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.message.FetchResponseData.PartitionData;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * I10: a batch is stored and served byte for byte as it came, but for base offset and leader epoch (FEATURES
 * row P4).
 */
@Tag("against-kafka")
class PassThroughTest {
    private static final int RECORDS = 20;

    private static ByteBuffer batch(CompressionType compression, Pid producer) {
        var builder = producer.builder(0, RECORDS - 3).compression(compression);
        builder.add(Pid.TIME_MS + 90_000, (byte[]) null,
                "no key".repeat(50).getBytes(StandardCharsets.UTF_8));
        builder.add(Pid.TIME_MS - 5, "no value".getBytes(StandardCharsets.UTF_8), null);
        builder.add(Pid.TIME_MS, null, null, List.of(new RecordHeader("name", ByteBuffer.wrap(new byte[100])),
                new RecordHeader("name", null)));
        return builder.build();
    }

    @Test
    void everyCodecComesBackAsItWasSentAlsoAfterARestart() {
        try (EngineUnderTest engine = EngineUnderTest.inProcess()) {
            List<ByteBuffer> sent = new ArrayList<>();
            try (Verbs verbs = new Verbs(engine.bootstrap())) {
                verbs.createTopic("bytes");
                for (CompressionType compression : CompressionType.values()) {
                    sent.add(batch(compression, Pid.NONE));
                    sent.add(batch(compression, verbs.newProducer()));
                }
                for (ByteBuffer batch : sent) verbs.accepted(verbs.produce("bytes", batch));
                assertComesBack(sent, verbs);
            }

            engine.restart();

            try (Verbs verbs = new Verbs(engine.bootstrap())) {
                verbs.awaitLeader("bytes", 0);
                assertComesBack(sent, verbs);
            }
        }
    }

    private static void assertComesBack(List<ByteBuffer> sent, Verbs verbs) {
        PartitionData found = verbs.fetching().from("bytes", 0, 0).one();
        assertEquals(Errors.NONE, Errors.forCode(found.errorCode()));
        List<BatchHeader> stored = Fetching.batches(found);
        assertEquals(sent.size(), stored.size());
        for (int index = 0; index < sent.size(); index++) {
            BatchHeader one = stored.get(index);
            assertEquals((long) index * RECORDS, one.baseOffset());
            assertEquals(0, one.leaderEpoch());
            assertArrayEquals(RawClient.bytesOf(sent.get(index)), Stored.asSent(one, sent.get(index)),
                    "batch " + index);
        }
    }

    @Test
    void aFetchFromTheMiddleOfABatchBringsAllOfIt() {
        try (EngineUnderTest engine = EngineUnderTest.inProcess();
                Verbs verbs = new Verbs(engine.bootstrap())) {
            verbs.createTopic("middle");
            for (CompressionType compression : CompressionType.values()) {
                verbs.accepted(verbs.produce("middle", batch(compression, Pid.NONE)));
            }

            for (int offset = 0; offset < RECORDS * CompressionType.values().length; offset++) {
                List<BatchHeader> found =
                        Fetching.batches(verbs.fetching().bytesMax(1, 1).from("middle", 0, offset).one());

                assertEquals(1, found.size(), "at offset " + offset);
                assertEquals(offset / RECORDS * RECORDS, found.get(0).baseOffset(), "at offset " + offset);
            }
        }
    }
}
