package io.semel.log;

import io.semel.kernel.world.Disk;
import io.semel.kernel.world.DiskFailure;
import java.util.ArrayList;
import java.util.List;

/**
 * At which offset each leader epoch began (KIP-101, KIP-279): a fold over the log, kept in {@code
 * leader-epoch-checkpoint} as Kafka does, so that start-up need not read all batches. Owned by the
 * partition's lane.
 */
final class LeaderEpochs {
    /** An epoch and the offset of its first batch. */
    record Start(int epoch, long offset) {
    }

    private final List<Start> starts = new ArrayList<>();

    /** Reads the file when there is one; without a readable one the scan of the log tells. */
    static LeaderEpochs load(Disk disk, String directory) {
        LeaderEpochs epochs = new LeaderEpochs();
        String path = directory + "/" + LogNames.EPOCHS;
        List<String> lines;
        try {
            lines = Checkpoint.parse(path, SmallFile.readText(disk, path));
        } catch (DiskFailure unreadable) {
            return epochs;
        }
        for (String line : lines) {
            String[] fields = line.split(" ");
            try {
                epochs.began(Integer.parseInt(fields[0]), Long.parseLong(fields[1]));
            } catch (RuntimeException malformed) {
                epochs.starts.clear();
                return epochs;
            }
        }
        return epochs;
    }

    /** A batch of this epoch stands at {@code offset}. @return whether that is news */
    boolean began(int epoch, long offset) {
        if (epoch <= latest()) return false;
        if (!starts.isEmpty() && starts.get(starts.size() - 1).offset >= offset) {
            starts.remove(starts.size() - 1);
            return began(epoch, offset);
        }
        starts.add(new Start(epoch, offset));
        return true;
    }

    /** The log starts here now: an epoch that began below begins here. @return whether that is news */
    boolean startAt(long startOffset) {
        boolean news = false;
        while (starts.size() > 1 && starts.get(1).offset <= startOffset) {
            starts.remove(0);
            news = true;
        }
        if (starts.isEmpty() || starts.get(0).offset >= startOffset) return news;
        starts.set(0, new Start(starts.get(0).epoch, startOffset));
        return true;
    }

    /** Forgets epochs that began at or above the end of the log. */
    void cutAt(long endOffset) {
        while (!starts.isEmpty() && starts.get(starts.size() - 1).offset >= endOffset) {
            starts.remove(starts.size() - 1);
        }
    }

    /** The latest epoch, -1 when there is none. */
    int latest() {
        return starts.isEmpty() ? -1 : starts.get(starts.size() - 1).epoch;
    }

    /** The largest epoch not above {@code epoch} and where it ended; null when there is none. */
    PartitionLog.EpochEnd endOf(int epoch, long logEndOffset) {
        for (int index = starts.size() - 1; index >= 0; index--) {
            if (starts.get(index).epoch > epoch) continue;
            long end = index + 1 < starts.size() ? starts.get(index + 1).offset : logEndOffset;
            return new PartitionLog.EpochEnd(starts.get(index).epoch, end);
        }
        return null;
    }

    String text() {
        List<String> lines = new ArrayList<>();
        for (Start start : starts) lines.add(start.epoch + " " + start.offset);
        return Checkpoint.text(lines);
    }
}
