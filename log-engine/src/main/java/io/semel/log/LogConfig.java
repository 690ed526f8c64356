package io.semel.log;

/**
 * How one log is kept. Sizes in bytes, times in milliseconds. Immutable; any thread.
 *
 * @param segmentBytes a segment is ended before it grows beyond this
 * @param segmentMs a segment is ended when a batch comes that is this much younger than its first
 * @param indexIntervalBytes an index entry for every so many bytes of the log
 * @param segmentIndexBytes each index of a segment grows no larger
 * @param compacted offsets may have gaps, since compaction removes records; in other logs a gap is damage
 */
public record LogConfig(int segmentBytes, long segmentMs, int indexIntervalBytes, int segmentIndexBytes,
        boolean compacted) {
    public static final int SEGMENT_BYTES = 1 << 30;
    public static final long SEGMENT_MS = 7L * 24 * 60 * 60 * 1000;
    public static final int INDEX_INTERVAL_BYTES = 4096;
    public static final int SEGMENT_INDEX_BYTES = 10 << 20;

    public LogConfig {
        if (segmentBytes < 1 || segmentMs < 1 || indexIntervalBytes < 0 || segmentIndexBytes < 64) {
            throw new IllegalArgumentException("segment of " + segmentBytes + " bytes, " + segmentMs
                    + " ms, index every "
                    + indexIntervalBytes + " bytes up to " + segmentIndexBytes);
        }
    }

    /** Kafka's defaults. */
    public static LogConfig defaults() {
        return new LogConfig(SEGMENT_BYTES, SEGMENT_MS, INDEX_INTERVAL_BYTES, SEGMENT_INDEX_BYTES, false);
    }

    public LogConfig withSegmentBytes(int bytes) {
        return new LogConfig(bytes, segmentMs, indexIntervalBytes, segmentIndexBytes, compacted);
    }

    public LogConfig withSegmentMs(long ms) {
        return new LogConfig(segmentBytes, ms, indexIntervalBytes, segmentIndexBytes, compacted);
    }

    public LogConfig withIndexIntervalBytes(int bytes) {
        return new LogConfig(segmentBytes, segmentMs, bytes, segmentIndexBytes, compacted);
    }

    public LogConfig withSegmentIndexBytes(int bytes) {
        return new LogConfig(segmentBytes, segmentMs, indexIntervalBytes, bytes, compacted);
    }

    public LogConfig withCompacted(boolean compacts) {
        return new LogConfig(segmentBytes, segmentMs, indexIntervalBytes, segmentIndexBytes, compacts);
    }

    /**
     * Room that an index with entries of {@code entryBytes} can ever need: a full segment's entries and one
     * at its end.
     */
    int indexCapacity(int entryBytes) {
        long entries = (long) segmentBytes / Math.max(1, indexIntervalBytes) + 2;
        return (int) Math.min(entries * entryBytes, segmentIndexBytes / entryBytes * entryBytes);
    }
}
