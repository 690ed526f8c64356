package io.semel.it.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.record.TimestampType;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Offsets by time of records that carry their producer's time, which need not rise (row P3). */
@Tag("against-kafka")
class TimesStoryTest {
    private static final TopicPartition PARTITION = new TopicPartition("t", 0);
    private static final TopicPartition EMPTY = new TopicPartition("t", 1);
    private static final long BASE_MS = System.currentTimeMillis() - 3_600_000;
    /** After {@link #BASE_MS}, by offset: neither sorted nor all different. */
    private static final List<Long> TIMES = List.of(10L, 40L, 20L, 90L, 30L, 90L, 60L);

    private EngineUnderTest engine;
    private Clients clients;

    @BeforeEach
    void sevenRecordsEachInABatchOfItsOwn() throws Exception {
        engine = EngineUnderTest.inProcess();
        clients = new Clients(engine.bootstrap());
        clients.createTopic("t", 2);
        try (KafkaProducer<String, String> producer = clients.producer(Map.of())) {
            for (long time : TIMES) {
                producer.send(new ProducerRecord<>("t", 0, BASE_MS + time, "k", "at " + time)).get();
            }
        }
    }

    @AfterEach
    void stop() {
        engine.close();
    }

    @Test
    void theFirstRecordThatIsNotOlderIsFoundAlsoAfterARestart() throws Exception {
        findsTheFirstThatIsNotOlder();
        engine.restart();
        clients = new Clients(engine.bootstrap());
        findsTheFirstThatIsNotOlder();
    }

    private void findsTheFirstThatIsNotOlder() throws Exception {
        try (Admin admin = clients.admin()) {
            for (long asked = 0; asked <= 100; asked += 5) {
                int expected = firstNotBefore(asked);
                long expectedMs = expected < 0 ? -1 : BASE_MS + TIMES.get(expected);
                ListOffsetsResultInfo found = find(admin, PARTITION,
                        OffsetSpec.forTimestamp(BASE_MS + asked));
                assertEquals(expected, found.offset(), "at " + asked);
                assertEquals(expectedMs, found.timestamp(), "at " + asked);
            }
        }
    }

    private static int firstNotBefore(long time) {
        for (int offset = 0; offset < TIMES.size(); offset++) {
            if (TIMES.get(offset) >= time) return offset;
        }
        return -1;
    }

    @Test
    void theYoungestIsTheFirstOfThoseWithTheLargestTime() throws Exception {
        try (Admin admin = clients.admin()) {
            ListOffsetsResultInfo found = find(admin, PARTITION, OffsetSpec.maxTimestamp());

            assertEquals(TIMES.indexOf(90L), found.offset());
            assertEquals(BASE_MS + 90, found.timestamp());
            assertEquals(-1, find(admin, EMPTY, OffsetSpec.maxTimestamp()).offset());
        }
    }

    @Test
    void theEarliestThatIsLocalIsTheEarliest() throws Exception {
        try (Admin admin = clients.admin()) {
            admin.deleteRecords(Map.of(PARTITION, RecordsToDelete.beforeOffset(2))).all().get();

            assertEquals(2, find(admin, PARTITION, OffsetSpec.earliest()).offset());
            assertEquals(2, find(admin, PARTITION, OffsetSpec.earliestLocal()).offset());
            assertEquals(TIMES.size(), find(admin, PARTITION, OffsetSpec.latest()).offset());
            assertEquals(0, find(admin, EMPTY, OffsetSpec.earliestLocal()).offset());
        }
    }

    @Test
    void consumersFindThemAndReadFromThere() {
        try (KafkaConsumer<String, String> consumer = clients.consumer(Map.of())) {
            Map<TopicPartition, OffsetAndTimestamp> found = consumer.offsetsForTimes(Map.of(PARTITION,
                    BASE_MS + 50, EMPTY, BASE_MS));

            assertEquals(3, found.get(PARTITION).offset());
            assertEquals(BASE_MS + 90, found.get(PARTITION).timestamp());
            assertNull(found.get(EMPTY));
            assertNull(consumer.offsetsForTimes(Map.of(PARTITION, BASE_MS + 91)).get(PARTITION));
        }
        List<Long> read = clients.records("t", List.of(0), "read_committed").stream()
                .peek(record -> assertEquals(TimestampType.CREATE_TIME, record.timestampType()))
                .map(record -> record.timestamp() - BASE_MS).toList();
        assertEquals(TIMES, read);
    }

    private static ListOffsetsResultInfo find(Admin admin, TopicPartition partition, OffsetSpec spec)
            throws Exception {
        return admin.listOffsets(Map.of(partition, spec)).partitionResult(partition).get();
    }
}
