package io.semel.it.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.semel.it.client.EngineUnderTest;
import java.util.List;
import org.apache.kafka.common.message.DeleteRecordsRequestData;
import org.apache.kafka.common.message.DeleteRecordsRequestData.DeleteRecordsPartition;
import org.apache.kafka.common.message.DeleteRecordsRequestData.DeleteRecordsTopic;
import org.apache.kafka.common.message.DeleteRecordsResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What a moving start of a log does to what is known of its producers. */
@Tag("against-kafka")
class StartMovesTest {
    private static final String TOPIC = "cut";

    private static long deletedBefore(Verbs verbs, long offset) {
        DeleteRecordsRequestData request = new DeleteRecordsRequestData().setTimeoutMs(RawClient.PATIENCE_MS);
        request.topics().add(new DeleteRecordsTopic().setName(TOPIC).setPartitions(List.of(
                new DeleteRecordsPartition().setPartitionIndex(0).setOffset(offset))));
        DeleteRecordsResponseData answer = verbs.raw.ask(ApiKeys.DELETE_RECORDS, 2, request);
        var partition = answer.topics().find(TOPIC).partitions().find(0);
        assertEquals(Errors.NONE, Errors.forCode(partition.errorCode()));
        return partition.lowWatermark();
    }

    @Test @DisplayName("FEATURES 54: DeleteRecords below an open transaction forgets no producer")
    void producersAreKnownBehindIt() {
        try (EngineUnderTest engine = EngineUnderTest.inProcess()) {
            Pid plain;
            Pid open;
            try (Verbs verbs = new Verbs(engine.bootstrap())) {
                verbs.createTopic(TOPIC);
                plain = verbs.newProducer();
                verbs.accepted(verbs.produce(TOPIC, plain.batch(0, 2)));
                verbs.accepted(verbs.produce(TOPIC, plain.batch(2, 2)));
                Transacting transacting = new Transacting(verbs, "open");
                open = transacting.init(5);
                assertEquals(Errors.NONE, transacting.produce(12, TOPIC, open.transactional(0, 3)));

                assertEquals(4, deletedBefore(verbs, 4));

                assertKnown(verbs, plain, open, 4);
                assertEquals(6, deletedBefore(verbs, 6));
            }
            engine.restart();
            try (Verbs verbs = new Verbs(engine.bootstrap())) {
                verbs.awaitLeader(TOPIC, 0);
                assertKnown(verbs, plain, open, 6);

                new Transacting(verbs, "open").ended(open, true);

                assertEquals(8, verbs.stableEnd(TOPIC));
                assertEquals(Errors.OFFSET_OUT_OF_RANGE,
                        Errors.forCode(verbs.fetching().from(TOPIC, 0, 3).one().errorCode()));
            }
        }
    }

    private static void assertKnown(Verbs verbs, Pid plain, Pid open, long start) {
        assertEquals(start, verbs.offsetAt(TOPIC, 0, Verbs.EARLIEST, true).offset());
        long stable = EngineUnderTest.isKafka() ? Math.min(start, 4) : start;
        assertEquals(stable, verbs.stableEnd(TOPIC), "the open transaction, or the start that lies in it");
        assertEquals(2, verbs.accepted(verbs.produce(TOPIC, plain.batch(2, 2))), "a duplicate");
        assertEquals(Errors.OUT_OF_ORDER_SEQUENCE_NUMBER, verbs.errorOfProduce(TOPIC, plain.batch(9, 1)));
        assertEquals(4, verbs.accepted(verbs.produce(12, "open", TOPIC, 0, open.transactional(0, 3))));
        assertEquals(7, verbs.end(TOPIC));
    }
}
