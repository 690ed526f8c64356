package io.semel.streams.run;

import java.util.List;

/**
 * What one instance has done since its start and where it stands, read at once: by step, task and store. All
 * counts are of committed transactions of this instance. An immutable value; see {@link Running#metrics}.
 *
 * @param lags what is left to read, if it was counted; see {@link Running#lags}
 */
public record Metrics(String application, String instance, RunState state, List<StepMetrics> steps,
                      List<TaskMetrics> tasks, CommitMetrics commits, List<Lag> lags) {
    /**
     * One step over all tasks that have run here.
     *
     * @param id its number in the graph
     * @param recordsIn records it took; one that was tried again counts again
     * @param recordsOut records it gave to each step below, or to a topic
     * @param deadLetters records it refused and recovered from
     */
    public record StepMetrics(int id, String name, long recordsIn, long recordsOut, long deadLetters) {
    }

    /**
     * One task that this instance owns.
     *
     * @param name number of the sub-topology and of the partition
     * @param processing false while its state is restored
     * @param commits transactions in which it took part
     */
    public record TaskMetrics(String name, boolean processing, long recordsIn, long recordsOut, long skipped,
                              long deadLetters, long commits, List<StoreMetrics> stores) {
        public TaskMetrics {
            stores = List.copyOf(stores);
        }
    }

    /**
     * One store of a task.
     *
     * @param rows rows of the committed state, removals not counted
     * @param position offset of its log up to which it is folded
     * @param target offset up to which it is to be restored; the position itself once it is
     * @param replayed records that restores have read from its log
     */
    public record StoreMetrics(String name, long rows, long position, long target, long replayed) {
        /** Between 0 and 1; 1 once it is restored. */
        public double restored() {
            return target == 0 ? 1 : (double) position / target;
        }
    }

    /**
     * Times from sending a commit to its acknowledgement, in microseconds, since the start; a percentile is
     * the upper end of its bucket, at most an eighth too long.
     */
    public record CommitMetrics(long count, long p50Us, long p99Us, long mostUs) {
    }

    /**
     * What is left of an input partition.
     *
     * @param records committed data records behind the last committed input; neither markers nor records of
     * aborted transactions
     * @param exact false if there were too many to count in time: then {@code records} is the part that was
     * counted, extrapolated to the end by offsets
     * @param heldBack offsets behind the stable end: of transactions that are still open, and behind them
     */
    public record Lag(String topic, int partition, long records, boolean exact, long heldBack) {
    }

    public Metrics {
        steps = List.copyOf(steps);
        tasks = List.copyOf(tasks);
        lags = List.copyOf(lags);
    }
}
