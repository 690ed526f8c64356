package io.semel.bench.micro;

import io.semel.kernel.law.Gate;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** Holding an answer and letting it go, many at a force. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class GateBench {
    private static final int AT_A_FORCE = 100;

    private final Gate gate = new Gate(0);
    private long offset;
    private long released;

    @Benchmark
    @OperationsPerInvocation(AT_A_FORCE)
    public long holdAndRelease() {
        for (int index = 0; index < AT_A_FORCE; index++) gate.hold(++offset, () -> released++);
        gate.durable(offset);
        return released;
    }
}
