package io.semel.log;

/**
 * When and how a compacted log is cleaned. Times in milliseconds. Immutable; any thread.
 *
 * @param lagMs records younger than this are not cleaned, {@code min.compaction.lag.ms}
 * @param lagMsMost records older than this are cleaned whatever the ratio, {@code max.compaction.lag.ms}
 * @param dirtyRatio cleaned when more than this part of it is dirty, {@code min.cleanable.dirty.ratio}
 * @param deleteRetentionMs tombstones and markers stay for so long after the cleaning that found them
 *     removable, {@code delete.retention.ms} (KIP-534)
 */
public record Compaction(long lagMs, long lagMsMost, double dirtyRatio, long deleteRetentionMs) {
    /** Kafka's defaults. */
    public static Compaction defaults() {
        return new Compaction(0, Long.MAX_VALUE, 0.5, 86_400_000);
    }

    /**
     * What of a log can be cleaned, found without touching a file.
     *
     * @param firstDirty everything below was cleaned before
     * @param end whole segments below it can be cleaned
     * @param overdue something dirty is older than {@link Compaction#lagMsMost}
     * @param undated not null when more can be told once it was run and taken
     */
    public record Cleanable(long firstDirty, long end, long cleanBytes, long dirtyBytes, boolean overdue,
            SegmentDating undated) {
        /** The dirty part of all that would be read. */
        public double ratio() {
            return dirtyBytes == 0 ? 0 : (double) dirtyBytes / (cleanBytes + dirtyBytes);
        }
    }

    /** Whether it is to be done now. */
    public boolean isDue(Cleanable found) {
        return found.dirtyBytes() > 0 && (found.overdue() || found.ratio() > dirtyRatio);
    }

    Cleanable cleanable(SegmentList segments, long firstDirty, long bound, long nowMs) {
        long dirtyFrom = startOfDirt(segments, firstDirty);
        long end = dirtyFrom;
        long cleanBytes = 0;
        long dirtyBytes = 0;
        boolean overdue = false;
        for (int index = 0; index < segments.count(); index++) {
            Segment segment = segments.get(index);
            if (segment.active() || segment.endOffset() > bound || !segment.settled()) break;
            if (segment.endOffset() <= dirtyFrom) {
                cleanBytes += segment.size();
                continue;
            }
            boolean datesMatter = lagMs > 0 || lagMsMost < Long.MAX_VALUE && !overdue;
            if (datesMatter && segment.size() > 0) {
                SegmentDates dates = segment.dates();
                boolean told = dates.complete() && (lagMsMost == Long.MAX_VALUE || dates.firstKnown());
                if (!told) {
                    return new Cleanable(dirtyFrom, end, cleanBytes, dirtyBytes, overdue, segment.dating());
                }
                if (lagMs > 0 && dates.latestMs() > nowMs - lagMs) break;
                long firstMs = dates.firstMs();
                overdue |= firstMs >= 0 && nowMs - firstMs > lagMsMost;
            }
            dirtyBytes += segment.size();
            end = segment.endOffset();
        }
        return new Cleanable(dirtyFrom, end, cleanBytes, dirtyBytes, overdue, null);
    }

    /** What was told may be from before records were removed, or from another log of that name. */
    private static long startOfDirt(SegmentList segments, long firstDirty) {
        if (segments.isEmpty()) return firstDirty;
        long firstBase = segments.get(0).base();
        boolean possible = firstDirty >= firstBase && firstDirty <= segments.last().base();
        return possible ? firstDirty : firstBase;
    }
}
