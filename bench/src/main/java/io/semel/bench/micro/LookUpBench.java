package io.semel.bench.micro;

import io.semel.bench.log.Logs;
import io.semel.compression.CompressionType;
import io.semel.log.LogConfig;
import io.semel.log.OpenSegments;
import io.semel.log.PartitionLog;
import io.semel.log.disk.FileDisk;
import io.semel.wire.batch.BatchSlice;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** Finding the batch of any offset in 64 MiB, by the index and a walk over a few headers. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class LookUpBench {
    private static final long LOG_BYTES = 64 << 20;
    private static final long NOW_MS = 1_000;

    private final SplittableRandom random = new SplittableRandom(1);
    private Path directory;
    private PartitionLog log;

    @Setup
    public void prepare() throws IOException {
        directory = Files.createTempDirectory("semel-look-up");
        log = Logs.open(new FileDisk(directory), "log-0", LogConfig.defaults(), 0, false,
                new OpenSegments(4));
        ByteBuffer batch = Sample.batch(1_000, 100, CompressionType.NONE);
        for (long bytes = 0; bytes < LOG_BYTES; bytes += batch.remaining()) {
            log.append(batch.duplicate(), NOW_MS);
        }
    }

    @Benchmark
    public int any() {
        int found = 0;
        for (BatchSlice slice : log.read(random.nextLong(log.endOffset()), log.endOffset(), 1, true)) {
            found += slice.sizeInBytes();
            slice.release();
        }
        return found;
    }

    @TearDown
    public void remove() throws IOException {
        log.close(false);
        try (Stream<Path> files = Files.walk(directory)) {
            files.sorted(Comparator.reverseOrder()).forEach(LookUpBench::delete);
        }
    }

    private static void delete(Path file) {
        try {
            Files.delete(file);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }
}
