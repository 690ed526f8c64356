package io.semel.committed;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.apache.kafka.storage.internals.log.AbortedTxn;
import org.apache.kafka.storage.internals.log.TransactionIndex;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Our aborted ranges beside Apache Kafka's transaction index: the same bytes, the same answers. */
class KafkaFormatTest {
    @TempDir
    private Path directory;

    @Test
    void isReadByKafkaWithTheSameAnswers() throws IOException {
        long seed = 20_261_121;
        Random random = new Random(seed);
        List<AbortedRange> ranges = new ArrayList<>();
        AbortedIndex ours = new AbortedIndex(ranges::add);
        long end = 0;
        for (int n = 0; n < 2_000; n++) {
            Batches batch = Batches.batch().pid(random.nextInt(12));
            ours.fold(random.nextInt(3) > 0 ? batch.transactional().at(end)
                    : batch.marker(random.nextInt(4) == 0, 0, end));
            end++;
        }
        Path file = directory.resolve("00000000000000000000.txnindex");
        ByteBuffer bytes = ByteBuffer.allocate(ranges.size() * AbortedRange.SIZE);
        for (AbortedRange range : ranges) range.encode(bytes);
        Files.write(file, bytes.array());

        try (TransactionIndex kafkas = new TransactionIndex(0, file.toFile())) {
            kafkas.sanityCheck();
            assertEquals(ranges, kafkas.allAbortedTxns().stream().map(KafkaFormatTest::ours).toList());
            for (int n = 0; n < 2_000; n++) {
                long from = random.nextInt((int) end);
                long bound = from + 1 + random.nextInt(60);
                List<AbortedRange> answer = kafkas.collectAbortedTxns(from, bound).abortedTransactions()
                        .stream().map(KafkaFormatTest::ours).toList();
                assertEquals(answer, ours.overlapping(from, bound), "seed " + seed
                        + ", from " + from + " to " + bound);
            }
        }
    }

    @Test
    void readsWhatKafkaWrote() throws IOException {
        Path file = directory.resolve("00000000000000000000.txnindex");
        try (TransactionIndex kafkas = new TransactionIndex(0, file.toFile())) {
            kafkas.append(new AbortedTxn(3, 1, 9, 10));
            kafkas.append(new AbortedTxn(Long.MAX_VALUE, 11, 12, 13));
        }

        ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file));

        assertEquals(new AbortedRange(3, 1, 9, 10), AbortedRange.decode(bytes));
        assertEquals(new AbortedRange(Long.MAX_VALUE, 11, 12, 13), AbortedRange.decode(bytes));
        assertEquals(0, bytes.remaining());
    }

    private static AbortedRange ours(AbortedTxn kafkas) {
        return new AbortedRange(kafkas.producerId(), kafkas.firstOffset(), kafkas.lastOffset(),
                kafkas.lastStableOffset());
    }
}
