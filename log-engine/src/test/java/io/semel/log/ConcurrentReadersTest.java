package io.semel.log;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.semel.kernel.world.DiskFile;
import io.semel.log.disk.FileDisk;
import io.semel.wire.batch.BatchCheck;
import io.semel.wire.batch.BatchHeader;
import io.semel.wire.batch.BatchSlice;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The lane appends, rolls, reads and closes; other threads send the slices it hands out. */
class ConcurrentReadersTest {
    private static final int BATCHES = 4_000;
    private static final List<BatchSlice> STOP = List.of();

    @TempDir
    Path root;

    @Test
    void seeWholeUntouchedBatchesWhileTheLogGrowsRollsAndCloses() throws InterruptedException {
        LogConfig config = LogConfig.defaults().withSegmentBytes(50_000);
        PartitionLog log = PartitionLog.open(new FileDisk(root), "t-0", config, Tests.opening(0, false));
        BlockingQueue<List<BatchSlice>> handedOut = new LinkedBlockingQueue<>(64);
        AtomicReference<Throwable> failure = new AtomicReference<>();
        AtomicLong checked = new AtomicLong();
        List<Thread> readers = new ArrayList<>();
        for (int count = 0; count < 2; count++) readers.add(new Thread(() -> check(handedOut, checked,
                failure)));
        readers.forEach(Thread::start);
        long seed = System.nanoTime();
        Random random = new Random(seed);

        for (int count = 0; count < BATCHES && failure.get() == null; count++) {
            log.append(Tests.batch(1 + random.nextInt(3), random.nextInt(300), count, random), count);
            long from = random.nextInt(4) == 0 ? random.nextInt((int) log.endOffset())
                    : Math.max(0, log.endOffset() - 20);
            handedOut.put(log.read(from, log.endOffset(), 20_000, true));
            if (count % 500 == 499) log.beginForce().run();
        }
        log.close(true);
        for (Thread reader : readers) handedOut.put(STOP);
        for (Thread reader : readers) reader.join();

        assertNull(failure.get(), () -> "seed " + seed + ": " + failure.get());
        assertTrue(checked.get() > BATCHES, checked::toString);
        assertTrue(log.segmentBases().size() > 5);
    }

    private static void check(BlockingQueue<List<BatchSlice>> queue, AtomicLong checked,
            AtomicReference<Throwable> failure) {
        BatchCheck check = new BatchCheck();
        try {
            for (List<BatchSlice> slices = queue.take(); slices != STOP; slices = queue.take()) {
                long expected = -1;
                for (BatchSlice slice : slices) expected = check(slice, expected, check, checked);
            }
        } catch (Throwable thrown) {
            failure.compareAndSet(null, thrown);
            queue.clear();
        }
    }

    private static long check(BatchSlice slice, long expected, BatchCheck check, AtomicLong checked) {
        ByteBuffer bytes = ByteBuffer.allocate(slice.sizeInBytes());
        DiskFile file = slice.file();
        assertEquals(bytes.capacity(), file.read(bytes, slice.position()));
        slice.release();
        BatchHeader header = new BatchHeader();
        long next = expected;
        for (int start : Tests.starts(bytes.array())) {
            header.wrap(bytes, start);
            assertEquals(BatchCheck.Problem.NONE, check.stored(header, bytes.capacity() - start));
            assertTrue(next < 0 || next == header.baseOffset(), "offsets have a hole");
            next = header.nextOffset();
            checked.incrementAndGet();
        }
        return next;
    }
}
