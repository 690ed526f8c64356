package io.semel.bench.micro;

import io.semel.compression.CompressionType;
import io.semel.wire.batch.BatchCheck;
import io.semel.wire.batch.BatchHeader;
import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;
import java.util.zip.CRC32C;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** The check of a produced batch, beside the CRC-32C of its bytes. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class BatchBench {
    @Param({"1000", "16000"})
    public int batchBytes;

    private final BatchCheck check = new BatchCheck();
    private final BatchHeader header = new BatchHeader();
    private final CRC32C crc = new CRC32C();
    private ByteBuffer batch;

    @Setup
    public void prepare() {
        batch = Sample.batch(batchBytes, 100, CompressionType.LZ4);
        if (check() != BatchCheck.Problem.NONE) throw new IllegalStateException("a batch that is no good");
    }

    @Benchmark
    public BatchCheck.Problem check() {
        header.wrap(batch, 0);
        return check.client(header, batch.remaining());
    }

    @Benchmark
    public long crcOfTheSameBytes() {
        crc.reset();
        crc.update(batch.slice(BatchHeader.CRC_COVERS_FROM, batch.remaining() - BatchHeader.CRC_COVERS_FROM));
        return crc.getValue();
    }
}
