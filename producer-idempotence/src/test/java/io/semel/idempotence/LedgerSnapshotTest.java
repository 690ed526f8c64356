package io.semel.idempotence;

import static io.semel.idempotence.Batches.batch;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import org.apache.kafka.storage.internals.log.BatchMetadata;
import org.apache.kafka.storage.internals.log.ProducerStateEntry;
import org.apache.kafka.storage.internals.log.ProducerStateManager;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LedgerSnapshotTest {
    @TempDir
    private Path directory;

    private final ProducerLedger ledger = new ProducerLedger();

    @Test @DisplayName("FEATURES 8: duplicates are recognised after a restart, all five of them")
    void keepsAllFiveBatches() {
        for (int n = 0; n < 7; n++) {
            ledger.fold(batch().sequence(2 * n).records(2).timestamp(50 + n).at(100 + 2 * n));
        }
        ProducerLedger restarted = new ProducerLedger();

        assertTrue(restarted.load(ledger.snapshot()));

        assertEquals(ledger.digest(), restarted.digest());
        for (int n = 2; n < 7; n++) {
            Verdict verdict = restarted.judge(batch().sequence(2 * n).records(2).make(), 0, false);
            assertEquals("DUPLICATE of " + (100 + 2 * n) + " to " + (101 + 2 * n) + " at " + (50 + n),
                    verdict.toString());
        }
    }

    @Test @DisplayName("I2: what a marker left is kept, beside the last batch's own timestamp")
    void keepsMarkersAndOpenTransactions() {
        ledger.fold(batch().pid(1).sequence(0).transactional().timestamp(10).at(0));
        ledger.fold(batch().pid(1).timestamp(20).marker(true, 3, 1));
        ledger.fold(batch().pid(2).epoch(4).timestamp(30).marker(true, 5, 2));
        ledger.fold(batch().pid(3).sequence(9).transactional().timestamp(40).at(3));
        ProducerLedger restarted = new ProducerLedger();

        assertTrue(restarted.load(ledger.snapshot()));

        assertEquals(ledger.describe(), restarted.describe());
        assertEquals(ledger.digest(), restarted.digest());
        assertEquals(List.of(new OpenTransaction(3, (short) 0, 3)), restarted.open());
        assertEquals(10, restarted.judge(batch().pid(1).sequence(0).transactional().make(), 0, false)
                .timestamp());
    }

    @Test
    void replacesWhatWasThere() {
        ProducerLedger other = new ProducerLedger();
        other.fold(batch().pid(99).sequence(0).at(0));
        other.judge(batch().pid(98).sequence(0).transactional().make(), 0, false);

        assertTrue(other.load(ledger.snapshot()));

        assertEquals(0, other.size());
        assertEquals(0, other.guards());
    }

    @Test
    void isTheSameWhateverTheOrderOfProducers() {
        ProducerLedger other = new ProducerLedger();
        for (long id = 0; id < 40; id++) ledger.fold(batch().pid(id * 1_000_003).sequence(0).at(id));
        for (long id = 39; id >= 0; id--) other.fold(batch().pid(id * 1_000_003).sequence(0).at(id));

        assertEquals(ledger.snapshot(), other.snapshot());
        assertEquals(ledger.digest(), other.digest());
    }

    @Test
    @DisplayName("FEATURES S4: Apache Kafka's loader reads it and keeps the last batch of each producer")
    void isReadByKafka() throws IOException {
        foldSomethingOfEverything();

        TreeMap<Long, ProducerStateEntry> kafkas = readByKafka(ledger.snapshot());

        assertEquals(ledger.describe(), kafkas.values().stream().map(LedgerSnapshotTest::ours).toList());
        assertEquals(List.of(new BatchMetadata(20, 20, 2, 6)), List.copyOf(kafkas.get(5L).batchMetadata()));
    }

    @Test @DisplayName("FEATURES S4: a snapshot that Apache Kafka wrote is loaded")
    void readsWhatKafkaWrote() throws IOException {
        foldSomethingOfEverything();
        Path file = directory.resolve("00000000000000000026.snapshot");
        ProducerStateManager.writeSnapshot(file.toFile(), readByKafka(ledger.snapshot()), false);
        ProducerLedger restarted = new ProducerLedger();

        assertTrue(restarted.load(ByteBuffer.wrap(Files.readAllBytes(file))));

        assertEquals(ledger.describe(), restarted.describe());
        assertEquals(18, restarted.judge(batch().pid(5).epoch(2).sequence(18).records(3).make(), 0, false)
                .baseOffset());
    }

    private void foldSomethingOfEverything() {
        for (int n = 0; n < 7; n++) {
            ledger.fold(batch().pid(5).epoch(2).sequence(3 * n).records(3).timestamp(n).at(3 * n));
        }
        ledger.fold(batch().pid(6).sequence(0).transactional().timestamp(77).at(21));
        ledger.fold(batch().pid(8).sequence(0).transactional().timestamp(78).at(22));
        ledger.fold(batch().pid(8).timestamp(79).marker(false, 6, 23));
        ledger.fold(batch().pid(9).epoch(1).timestamp(80).marker(true, 7, 24));
    }

    private TreeMap<Long, ProducerStateEntry> readByKafka(ByteBuffer snapshot) throws IOException {
        Path file = directory.resolve("00000000000000000025.snapshot");
        Files.write(file, bytesOf(snapshot));
        TreeMap<Long, ProducerStateEntry> entries = new TreeMap<>();
        for (ProducerStateEntry entry : ProducerStateManager.readSnapshot(file.toFile())) {
            entries.put(entry.producerId(), entry);
        }
        return entries;
    }

    private static ProducerEntry ours(ProducerStateEntry kafkas) {
        int lastSequence = kafkas.batchMetadata().stream().mapToInt(BatchMetadata::lastSeq).max().orElse(-1);
        return new ProducerEntry(kafkas.producerId(), kafkas.producerEpoch(), lastSequence,
                kafkas.lastDataOffset(), kafkas.lastTimestamp(), kafkas.coordinatorEpoch(),
                        kafkas.currentTxnFirstOffset().orElse(-1));
    }

    @Test
    void refusesEveryBytewiseDamage() {
        for (int n = 0; n < 6; n++) ledger.fold(batch().pid(n / 3).sequence(n).at(n));
        byte[] whole = bytesOf(ledger.snapshot());
        long digest = ledger.digest();

        for (int at = 0; at < whole.length; at++) {
            for (int bit = 0; bit < Byte.SIZE; bit++) {
                byte[] damaged = whole.clone();
                damaged[at] ^= (byte) (1 << bit);
                assertFalse(ledger.load(ByteBuffer.wrap(damaged)), "bit " + bit + " of byte " + at);
            }
        }
        for (int size = 0; size < whole.length; size++) {
            assertFalse(ledger.load(ByteBuffer.wrap(whole, 0, size)), "cut to " + size);
        }
        assertFalse(ledger.load(ByteBuffer.allocate(whole.length + 1).put(whole).clear()), "a byte too many");
        assertEquals(digest, ledger.digest());
        assertTrue(ledger.load(ByteBuffer.wrap(whole)));
    }

    @Test
    void refusesRandomBytes() {
        long seed = 77;
        Random random = new Random(seed);
        for (int n = 0; n < 2_000; n++) {
            byte[] bytes = new byte[random.nextInt(200)];
            random.nextBytes(bytes);
            if (bytes.length > 10 && random.nextBoolean()) {
                ByteBuffer.wrap(bytes).putShort((short) 1).putInt(6, (bytes.length - 10) / 46);
            }
            assertFalse(ledger.load(ByteBuffer.wrap(bytes)), "seed " + seed + ", try " + n);
        }
    }

    @Test
    void leavesTheBufferAsItWas() {
        ledger.fold(batch().sequence(0).at(0));
        ByteBuffer padded = ByteBuffer.allocate(200).position(3);
        padded.put(ledger.snapshot()).flip().position(3);

        assertTrue(ledger.load(padded));

        assertEquals(3, padded.position());
    }

    private static byte[] bytesOf(ByteBuffer buffer) {
        byte[] bytes = new byte[buffer.remaining()];
        buffer.duplicate().get(bytes);
        return bytes;
    }
}
