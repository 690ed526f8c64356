package io.semel.txn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.semel.txn.TxnEvent.TxnChanged;
import io.semel.txn.TxnEvent.TxnRemoved;
import io.semel.wire.topic.TopicPartition;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.kafka.common.protocol.ByteBufferAccessor;
import org.apache.kafka.common.protocol.MessageUtil;
import org.apache.kafka.coordinator.transaction.generated.TransactionLogKey;
import org.apache.kafka.coordinator.transaction.generated.TransactionLogValue;
import org.junit.jupiter.api.Test;

/**
 * Row 34 of the checklist: {@code __transaction_state} in Kafka's format, checked against Kafka's own reader
 * and writer.
 */
class TxnEventCodecTest {
    private static final String[] TOPICS = {"a", "in", "out", "__consumer_offsets", "thème-été",
        "x".repeat(249)};
    private final TxnEventCodec codec = new TxnEventCodec();

    private static Txn random(Random random) {
        TxnPhase phase = TxnPhase.values()[random.nextInt(6)];
        TreeSet<TopicPartition> partitions = new TreeSet<>();
        if (phase != TxnPhase.EMPTY) {
            for (int count = random.nextInt(random.nextInt(20) == 0 ? 400 : 6); count > 0; count--) {
                partitions.add(new TopicPartition(TOPICS[random.nextInt(TOPICS.length)],
                    random.nextInt(200)));
            }
        }
        String id = random.nextInt(10) == 0 ? "ключ" : "app-" + random.nextInt();
        return new Txn(id, random.nextLong() >>> 1,
            (short) random.nextInt(32768),
            (short) -1, random.nextBoolean() ? -1 : random.nextLong() >>> 1, random.nextBoolean() ? -1
            : random.nextLong() >>> 1,
            random.nextInt(), phase, List.copyOf(partitions), random.nextBoolean() ? -1 : random.nextLong(),
            random.nextLong(),
            (short) (random.nextInt(3)));
    }

    private static TransactionLogValue kafkas(Txn txn) {
        TransactionLogValue value = new TransactionLogValue().setProducerId(txn.producerId())
            .setProducerEpoch(txn.producerEpoch())
            .setTransactionTimeoutMs(txn.timeoutMs()).setTransactionStatus(txn.phase().code())
            .setTransactionLastUpdateTimestampMs(txn.updatedMs())
            .setTransactionStartTimestampMs(txn.startMs())
            .setPreviousProducerId(txn.previousProducerId()).setNextProducerId(txn.nextProducerId())
            .setClientTransactionVersion(txn.clientVersion());
        if (txn.phase() == TxnPhase.EMPTY) return value.setTransactionPartitions(null);
        TreeMap<String, List<Integer>> byTopic = new TreeMap<>();
        for (TopicPartition each : txn.partitions()) byTopic.computeIfAbsent(each.topic(),
            key -> new ArrayList<>()).add(each.partition());
        List<TransactionLogValue.PartitionsSchema> partitions = new ArrayList<>();
        byTopic.forEach((topic, ids) -> partitions.add(new TransactionLogValue.PartitionsSchema()
            .setTopic(topic).setPartitionIds(ids)));
        return value.setTransactionPartitions(partitions);
    }

    private static ByteBuffer kafkasKey(String id) {
        return MessageUtil.toVersionPrefixedByteBuffer((short) 0,
            new TransactionLogKey().setTransactionalId(id));
    }

    @Test
    void writesByteForByteWhatKafkaWritesAndReadsItBack() {
        int cases = 2_000 * Integer.getInteger("semel.scale", 1);
        for (long seed = 0; seed < cases; seed++) {
            Txn txn = random(new Random(seed));
            TxnEvent event = new TxnChanged(txn);

            assertEquals(kafkasKey(txn.transactionalId()), codec.key(event), "key, seed " + seed);
            assertEquals(MessageUtil.toVersionPrefixedByteBuffer((short) 1, kafkas(txn)), codec.value(event),
                "value, seed " + seed);
            assertEquals(event, codec.decode(null, codec.key(event), codec.value(event)), "seed " + seed);
        }
    }

    @Test
    void isReadByKafka() {
        Txn txn = random(new Random(7));
        ByteBuffer bytes = codec.value(new TxnChanged(txn));

        assertEquals(1, bytes.getShort());
        assertEquals(kafkas(txn), new TransactionLogValue(new ByteBufferAccessor(bytes), (short) 1));
        assertEquals(0, bytes.remaining());
    }

    @Test
    void readsValuesOfVersion0() {
        for (long seed = 0; seed < 200; seed++) {
            Txn txn = random(new Random(seed));
            TransactionLogValue old = kafkas(txn).setPreviousProducerId(-1).setNextProducerId(-1)
                .setClientTransactionVersion((short) 0);
            ByteBuffer bytes = MessageUtil.toVersionPrefixedByteBuffer((short) 0, old);

            TxnChanged event = (TxnChanged) codec.decode(null, kafkasKey(txn.transactionalId()), bytes);

            Txn expected = new Txn(txn.transactionalId(), txn.producerId(), txn.producerEpoch(), (short) -1,
                -1, -1, txn.timeoutMs(),
                txn.phase(), txn.partitions(), txn.startMs(), txn.updatedMs(), (short) 0);
            assertEquals(expected, event.txn(), "seed " + seed);
        }
    }

    @Test
    void readsPartitionsInAnyOrderAndUnknownTags() {
        Txn txn = new Txn("app", 1, (short) 0, (short) -1, -1, -1, 5, TxnPhase.ONGOING,
            List.of(new TopicPartition("a", 1), new TopicPartition("b", 0), new TopicPartition("b", 2)), 3, 4,
            (short) 2);
        TransactionLogValue value = kafkas(txn).setNextProducerEpoch((short) 9);
        Collections.reverse(value.transactionPartitions());
        value.transactionPartitions().get(0).setPartitionIds(List.of(2, 0));

        TxnEvent event = codec.decode(null, kafkasKey("app"),
            MessageUtil.toVersionPrefixedByteBuffer((short) 1, value));

        assertEquals(new TxnChanged(txn), event);
    }

    @Test
    void writesARemovalAsATombstone() {
        TxnEvent removed = new TxnRemoved("app");

        assertNull(codec.value(removed));
        assertEquals(removed, codec.decode(null, codec.key(removed), null));
    }

    @Test
    void skipsKindsOfRecordsItDoesNotKeep() {
        ByteBuffer key = codec.key(new TxnRemoved("app"));

        assertNull(codec.decode(null, ByteBuffer.allocate(4).putShort((short) 1).putShort((short) 0).flip(),
            null));
        assertNull(codec.decode(null, key, ByteBuffer.allocate(2).putShort((short) 2).flip()));
        assertEquals(0, key.position());
    }

    @Test
    void refusesBytesThatContradictThemselves() {
        int refused = 0;
        for (long seed = 0; seed < 2_000; seed++) {
            Random random = new Random(seed);
            Txn txn = random(random);
            ByteBuffer value = codec.value(new TxnChanged(txn));
            ByteBuffer cut = value.duplicate().limit(2 + random.nextInt(value.limit() - 2));
            ByteBuffer key = codec.key(new TxnChanged(txn));
            try {
                codec.decode(null, key, cut);
                throw new AssertionError("half a value was read, seed " + seed);
            } catch (BufferUnderflowException | IllegalArgumentException expected) {
                refused++;
            }
        }
        assertEquals(2_000, refused);
        ByteBuffer dead = codec.value(new TxnChanged(random(new Random(1)))).put(16, (byte) 6);
        assertThrows(IllegalArgumentException.class, () -> codec.decode(null,
            codec.key(new TxnRemoved("app")), dead));
    }
}
