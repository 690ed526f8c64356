package io.semel.it.sim;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What was found once everything had healed and come to rest. */
final class Outcome {
    /** What was aborted may be gone. */
    final boolean compacted;
    final View committed = new View();
    final View uncommitted = new View();
    /** The group's offset by producer name; absent for none. */
    final Map<String, Long> offsets = new TreeMap<>();
    /** Where partitions start; what lies below may be gone. Empty when nothing is ever taken. */
    long[] starts = {};
    /** Readers may have left damaged batches out. */
    boolean decays;

    Outcome(boolean compacted) {
        this.compacted = compacted;
    }

    boolean trimmed() {
        return starts.length > 0;
    }

    long start(int partition) {
        return partition < starts.length ? starts[partition] : 0;
    }

    /** Whether a record of a batch may be gone with the beginning of its partition. */
    boolean mayBeGone(Batch batch, int index) {
        long start = start(batch.partition);
        return batch.offset == Batch.UNTOLD ? start > 0 : batch.offset + index < start;
    }

    /** What readers saw on the way, by isolation. */
    final List<View> committedOnTheWay = new ArrayList<>();
    final List<View> uncommittedOnTheWay = new ArrayList<>();
}
