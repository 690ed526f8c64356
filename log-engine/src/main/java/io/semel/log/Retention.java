package io.semel.log;

/**
 * How long a log keeps what it was given. Immutable; any thread.
 *
 * @param ms a segment whose latest record is older may go, {@code retention.ms}; negative for never
 * @param bytes the oldest segments may go as long as so many bytes stay, {@code retention.bytes}; negative
 *     for no bound
 */
public record Retention(long ms, long bytes) {
    /**
     * What is to be done, found without touching a file.
     *
     * @param newStart where the log may start
     * @param rollFirst the active segment is to be ended first: nothing of it is kept
     * @param undated not null when more can be told once it was run and taken
     */
    public record Expiry(long newStart, boolean rollFirst, SegmentDating undated) {
    }

    /** From the oldest segment to the first that stays; one that ends above {@code bound} does. */
    Expiry expiry(PartitionLog log, SegmentList segments, long bound, long nowMs) {
        long newStart = log.startOffset();
        long excess = bytes < 0 ? -1 : segments.sizeInBytes() - bytes;
        for (int index = 0; index < segments.count(); index++) {
            Segment segment = segments.get(index);
            if (segment.size() == 0 || segment.endOffset() > bound) break;
            boolean goneAlready = segment.endOffset() <= newStart && !segment.active();
            if (!goneAlready && (bytes < 0 || excess < segment.size())) {
                if (ms < 0) break;
                if (!segment.dates().complete()) return new Expiry(newStart, false, segment.dating());
                long latestMs = segment.dates().latestMs();
                if (latestMs < 0 || nowMs - latestMs <= ms) break;
            }
            newStart = Math.max(newStart, segment.endOffset());
            excess -= segment.size();
            if (segment.active()) return new Expiry(newStart, true, null);
        }
        return new Expiry(newStart, false, null);
    }
}
