package io.semel.bench.micro;

import io.semel.idempotence.ProducerLedger;
import io.semel.idempotence.Verdict;
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

/** Judging and folding a batch of one of so many producers. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class LedgerBench {
    @Param({"10", "100000"})
    public int producers;

    private final BatchHeader header = new BatchHeader();
    private ProducerLedger ledger;
    private ByteBuffer batch;
    private int[] sequences;
    private int turn;
    private long offset;

    @Setup
    public void prepare() {
        ledger = new ProducerLedger();
        sequences = new int[producers];
        batch = Sample.record(0, 0, (short) 0, 0);
        for (int producer = 0; producer < producers; producer++) fold(producer);
    }

    private void fold(int producer) {
        batch.putLong(BatchHeader.BASE_OFFSET, offset++).putLong(BatchHeader.PRODUCER_ID, producer)
                .putInt(BatchHeader.BASE_SEQUENCE, sequences[producer]++);
        ledger.fold(header.wrap(batch, 0));
    }

    @Benchmark
    public Verdict judgeAndFold() {
        turn = (turn + 1) % producers;
        batch.putLong(BatchHeader.BASE_OFFSET, offset).putLong(BatchHeader.PRODUCER_ID, turn)
                .putInt(BatchHeader.BASE_SEQUENCE, sequences[turn]);
        Verdict verdict = ledger.judge(header.wrap(batch, 0), 0, true);
        if (!verdict.accepted()) throw new IllegalStateException(verdict.toString());
        fold(turn);
        return verdict;
    }
}
