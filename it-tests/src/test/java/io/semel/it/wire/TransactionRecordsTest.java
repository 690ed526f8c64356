package io.semel.it.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.semel.it.client.EngineUnderTest;
import io.semel.txn.Txn;
import io.semel.txn.TxnEvent;
import io.semel.txn.TxnEventCodec;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.protocol.ByteBufferAccessor;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.protocol.MessageUtil;
import org.apache.kafka.common.serialization.ByteBufferDeserializer;
import org.apache.kafka.coordinator.transaction.generated.TransactionLogKey;
import org.apache.kafka.coordinator.transaction.generated.TransactionLogValue;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * What a consumer finds in {@code __transaction_state}: our reader and Kafka's find the same in it, and our
 * writer and Kafka's write it byte for byte, whosever broker it stands on.
 */
@Tag("against-kafka")
class TransactionRecordsTest {
    private static final String ID = "written down";

    @Test @DisplayName("FEATURES 34: records of transactions are Kafka's, read and written by both")
    void areReadAndWrittenTheSameByOursAndKafkas() {
        try (EngineUnderTest engine = EngineUnderTest.inProcess();
                Verbs verbs = new Verbs(engine.bootstrap())) {
            verbs.createTopic("written");
            Transacting transacting = new Transacting(verbs, ID);
            Pid producer = transacting.init(5);
            assertEquals(Errors.NONE, transacting.produce(12, "written", producer.transactional(0, 1)));
            Pid next = transacting.ended(producer, true);
            assertEquals(Errors.NONE, transacting.produce(12, "written", next.transactional(0, 1)));
            transacting.ended(next, false);

            transacting.describe();

            List<String> phases = new ArrayList<>();
            for (TransactionLogValue value : valuesReadTheSame(engine)) {
                phases.add(value.transactionStatus() + " epoch " + (value.producerEpoch() - producer.epoch())
                        + (value.transactionPartitions() == null ? "" : " of "
                        + value.transactionPartitions().size()));
                assertEquals(producer.id(), value.producerId());
            }

            assertEquals(List.of("0 epoch 0", "1 epoch 0 of 1", "2 epoch 1 of 1", "4 epoch 1 of 0",
                    "1 epoch 1 of 1", "3 epoch 2 of 1", "5 epoch 2 of 0"), phases);
        }
    }

    /** Of our transactional id, in the order of its partition. */
    private static List<TransactionLogValue> valuesReadTheSame(EngineUnderTest engine) {
        List<TransactionLogValue> values = new ArrayList<>();
        try (KafkaConsumer<ByteBuffer, ByteBuffer> consumer = new KafkaConsumer<>(Map.of("bootstrap.servers",
                engine.bootstrap(), "auto.offset.reset", "earliest"), new ByteBufferDeserializer(),
                new ByteBufferDeserializer())) {
            List<TopicPartition> all = consumer.partitionsFor("__transaction_state").stream()
                    .map(one -> new TopicPartition(one.topic(), one.partition())).toList();
            consumer.assign(all);
            Map<TopicPartition, Long> ends = consumer.endOffsets(all);
            while (all.stream().anyMatch(one -> consumer.position(one) < ends.get(one))) {
                consumer.poll(Duration.ofMillis(200)).forEach(record -> {
                    TransactionLogValue value = readTheSame(record.key(), record.value());
                    if (value != null) values.add(value);
                });
            }
        }
        return values;
    }

    private static TransactionLogValue readTheSame(ByteBuffer key, ByteBuffer bytes) {
        ByteBuffer keys = key.duplicate();
        TransactionLogKey kafkasKey = new TransactionLogKey(new ByteBufferAccessor(keys), keys.getShort());
        if (!kafkasKey.transactionalId().equals(ID)) return null;
        TxnEventCodec codec = new TxnEventCodec();
        TxnEvent event = codec.decode(null, key, bytes);
        assertEquals(ID, event.transactionalId());
        assertEquals(key, codec.key(event));
        assertEquals(bytes, codec.value(event), "written byte for byte");
        ByteBuffer values = bytes.duplicate();
        short version = values.getShort();
        TransactionLogValue kafkas = new TransactionLogValue(new ByteBufferAccessor(values), version);
        assertEquals(bytes, MessageUtil.toVersionPrefixedByteBuffer(version, kafkas));
        Txn ours = ((TxnEvent.TxnChanged) event).txn();
        assertEquals(kafkas.producerEpoch(), ours.producerEpoch());
        assertEquals(kafkas.transactionStatus(), ours.phase().code());
        assertEquals(kafkas.transactionStartTimestampMs(), ours.startMs());
        assertEquals(kafkas.transactionTimeoutMs(), ours.timeoutMs());
        return kafkas;
    }
}
