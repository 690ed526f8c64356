package io.semel.streams.run;

import io.semel.streams.topology.SubTopology;
import java.util.Collection;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.LongAccumulator;
import java.util.concurrent.atomic.LongAdder;

/** Counters of one running instance since its start. Written by its threads, read by any. */
public final class RunStats {
    private static final int BUCKETS = 8;
    private static final int BUCKET_BITS = 3;

    final LongAdder recordsIn = new LongAdder();
    final LongAdder recordsOut = new LongAdder();
    final LongAdder skipped = new LongAdder();
    final LongAdder deadLetters = new LongAdder();
    final LongAdder commits = new LongAdder();
    final LongAdder healed = new LongAdder();
    final LongAdder restored = new LongAdder();
    /** Commits by the time they took: eight buckets for each doubling of microseconds. */
    private final AtomicLongArray commitTimes = new AtomicLongArray(Long.SIZE * BUCKETS);
    private final ConcurrentSkipListMap<String, TaskMeter> meters = new ConcurrentSkipListMap<>();
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
        commitTimes.getAndIncrement(bucket(tookNs / 1_000));
    }

    /** The time within which {@code percent} of the commits were acknowledged, in microseconds. */
    public long commitPercentileUs(double percent) {
        long rank = (long) Math.ceil(commits.sum() * percent / 100);
        long seen = 0;
        for (int bucket = 0; rank > 0 && bucket < commitTimes.length(); bucket++) {
            seen += commitTimes.get(bucket);
            if (seen >= rank) {
                return Math.min(endOf(bucket), commitMostUs());
            }
        }
        return commitMostUs();
    }

    private static int bucket(long us) {
        if (us < BUCKETS) {
            return (int) us;
        }
        int doublings = Long.SIZE - 1 - BUCKET_BITS - Long.numberOfLeadingZeros(us);
        return (doublings + 1) * BUCKETS + (int) (us >> doublings) - BUCKETS;
    }

    /** The longest time in a bucket, in whole microseconds. */
    private static long endOf(int bucket) {
        if (bucket < BUCKETS) {
            return bucket;
        }
        int doublings = bucket / BUCKETS - 1;
        return ((long) (BUCKETS + bucket % BUCKETS + 1) << doublings) - 1;
    }

    /** The meter of a task, which outlives the task's stay here. */
    TaskMeter meter(String app, SubTopology sub, int partition) {
        return meters.computeIfAbsent(sub.index() + "_" + partition,
                name -> new TaskMeter(app, sub, partition));
    }

    Collection<TaskMeter> meters() {
        return meters.values();
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
