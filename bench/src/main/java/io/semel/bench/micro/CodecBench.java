package io.semel.bench.micro;

import io.semel.compression.CompressionType;
import io.semel.compression.Decoded;
import java.nio.ByteBuffer;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** 16 KiB of text through each codec and back. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class CodecBench {
    private static final int BYTES = 16 << 10;

    @Param({"GZIP", "SNAPPY", "LZ4", "ZSTD"})
    public CompressionType codec;

    private byte[] plain;
    private ByteBuffer compressed;

    @Setup
    public void prepare() {
        plain = Sample.words(new Random(1), BYTES);
        compressed = ByteBuffer.wrap(codec.codec().compress(plain));
        if (!(decode() instanceof Decoded.Bytes)) throw new IllegalStateException("cannot be decoded");
    }

    @Benchmark
    public byte[] compress() {
        return codec.codec().compress(plain);
    }

    @Benchmark
    public Decoded decode() {
        return codec.codec().decode(compressed.duplicate(), BYTES);
    }
}
