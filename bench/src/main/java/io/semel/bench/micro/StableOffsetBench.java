package io.semel.bench.micro;

import io.semel.committed.StableOffsets;
import io.semel.wire.batch.BatchHeader;
import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** A transaction of one record folded from first to last, while so many others are open. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class StableOffsetBench {
    private static final long OWN = -2;

    @Param({"0", "10", "10000"})
    public int othersOpen;

    private final BatchHeader header = new BatchHeader();
    private final ByteBuffer record = Sample.record(0, OWN & Long.MAX_VALUE, (short) 0, 0);
    private final ByteBuffer marker = Sample.marker(0, OWN & Long.MAX_VALUE, (short) 0);
    private StableOffsets stable;
    private long offset;

    @Setup
    public void prepare() {
        stable = new StableOffsets();
        offset = 0;
        for (int other = 0; other < othersOpen; other++) {
            stable.fold(header.wrap(Sample.record(offset++, other, (short) 0, 0), 0));
        }
    }

    @Benchmark
    public long transaction() {
        record.putLong(BatchHeader.BASE_OFFSET, offset++);
        stable.fold(header.wrap(record, 0));
        marker.putLong(BatchHeader.BASE_OFFSET, offset++);
        stable.fold(header.wrap(marker, 0));
        return stable.stableOffset(offset);
    }
}
