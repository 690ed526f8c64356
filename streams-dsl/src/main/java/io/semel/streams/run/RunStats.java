package io.semel.streams.run;

import java.util.concurrent.atomic.LongAccumulator;
import java.util.concurrent.atomic.LongAdder;

/** Counters of one running instance since its start. Written by its threads, read by any. */
public final class RunStats {
    final LongAdder recordsIn = new LongAdder();
    final LongAdder recordsOut = new LongAdder();
    final LongAdder skipped = new LongAdder();
    final LongAdder deadLetters = new LongAdder();
    final LongAdder commits = new LongAdder();
    final LongAdder healed = new LongAdder();
    final LongAdder restored = new LongAdder();
    private final LongAdder commitNs = new LongAdder();
    private final LongAccumulator commitNsMost = new LongAccumulator(Math::max, 0);

    RunStats() {
    }

    /** Input records of committed transactions. */
    public long recordsIn() {
        return recordsIn.sum();
    }

    /** Output records of committed transactions, changelogs not counted. */
    public long recordsOut() {
        return recordsOut.sum();
    }

    /** Records that could not take part in a step (no key, or no value where one is needed). */
    public long skipped() {
        return skipped.sum();
    }

    /** Records that a step refused and recovered from, in committed transactions. */
    public long deadLetters() {
        return deadLetters.sum();
    }

    /** Transactions whose commit was acknowledged. */
    public long commits() {
        return commits.sum();
    }

    /** The mean time from sending a commit to its acknowledgement, in microseconds; 0 before the first. */
    public long commitMeanUs() {
        long count = commits.sum();
        return count == 0 ? 0 : commitNs.sum() / count / 1_000;
    }

    /** The longest time from sending a commit to its acknowledgement, in microseconds. */
    public long commitMostUs() {
        return commitNsMost.get() / 1_000;
    }

    void committed(long tookNs) {
        commits.increment();
        commitNs.add(tookNs);
        commitNsMost.accumulate(tookNs);
    }

    /** How often something was dropped and folded again. */
    public long healed() {
        return healed.sum();
    }

    /** Changelog and table records replayed into stores. */
    public long restored() {
        return restored.sum();
    }

    @Override
    public String toString() {
        return "in " + recordsIn() + ", out " + recordsOut() + ", skipped " + skipped() + ", dead letters "
                + deadLetters() + ", commits "
                + commits()
                + ", healed " + healed() + ", restored " + restored();
    }
}
