package io.semel.txn;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/**
 * A partition as the coordinator's promises see it: who wrote under which epoch, and which marker came after.
 */
final class MarkedPartition {
    private record Entry(boolean marker, boolean commit, long producerId, short epoch, String label) {
    }

    private final List<Entry> entries = new ArrayList<>();
    private final TreeMap<Long, Short> epochs = new TreeMap<>();

    /** False when the producer is fenced here. */
    boolean write(long producerId, short epoch, String label) {
        if (epochs.getOrDefault(producerId, (short) -1) > epoch) return false;
        epochs.put(producerId, epoch);
        entries.add(new Entry(false, false, producerId, epoch, label));
        return true;
    }

    void mark(MarkerDuty duty) {
        short known = epochs.getOrDefault(duty.producerId(), (short) -1);
        TxnWorld.check(duty.producerEpoch() >= known, "I3 marker ", duty, " below epoch ", known);
        if (duty.version2() && open(duty.producerId())) {
            TxnWorld.check(duty.producerEpoch() > known, "KIP-1228 marker ", duty, " does not raise epoch ",
                known);
        }
        epochs.put(duty.producerId(), duty.producerEpoch());
        entries.add(new Entry(true, duty.commit(), duty.producerId(), duty.producerEpoch(), null));
    }

    boolean marked(long producerId, short epoch, boolean commit) {
        return entries.contains(new Entry(true, commit, producerId, epoch, null));
    }

    private boolean open(long producerId) {
        for (int index = entries.size() - 1; index >= 0; index--) {
            if (entries.get(index).producerId == producerId) return !entries.get(index).marker;
        }
        return false;
    }

    /** Adds, per label written here, what the first marker after each of its writes said. */
    void outcomes(TreeMap<String, List<Boolean>> byLabel) {
        for (int index = 0; index < entries.size(); index++) {
            Entry written = entries.get(index);
            if (written.marker) continue;
            Boolean outcome = null;
            for (int later = index + 1; later < entries.size() && outcome == null; later++) {
                Entry entry = entries.get(later);
                if (entry.marker && entry.producerId == written.producerId) outcome = entry.commit;
            }
            TxnWorld.check(outcome != null, "hanging: nothing ended ", written);
            byLabel.computeIfAbsent(written.label, label -> new ArrayList<>()).add(outcome);
        }
    }
}
