package io.semel.log;

import io.semel.wire.batch.BatchHeader;

/**
 * When the records of a segment were made, in milliseconds, as far as that was counted. Owned by the
 * partition's lane.
 */
final class SegmentDates {
    private static final long UNKNOWN = Long.MIN_VALUE;
    private long firstMs = UNKNOWN;
    private long latestMs = -1;
    private long latestOffset = -1;
    private boolean complete;

    /** Whether {@link #latestMs} is that of all of it. */
    boolean complete() {
        return complete;
    }

    void complete(boolean now) {
        complete = now;
    }

    /** The highest timestamp so far, -1 when there is none. */
    long latestMs() {
        return latestMs;
    }

    boolean firstKnown() {
        return firstMs != UNKNOWN;
    }

    /** The timestamp of its first batch, negative when there is none; only when {@link #firstKnown}. */
    long firstMs() {
        return firstMs;
    }

    /** What a dating has found. */
    void found(long first, long latest) {
        if (!firstKnown()) firstMs = first;
        if (complete) return;
        latestMs = latest;
        complete = true;
    }

    void clear() {
        latestMs = -1;
        latestOffset = -1;
    }

    /** Goes on from what an index tells. */
    void resume(TimeIndex times) {
        latestMs = times.lastTimestamp();
        latestOffset = times.count() == 0 ? -1 : times.lastOffset(times.count() - 1);
    }

    void begin(BatchHeader first) {
        firstMs = first.maxTimestamp();
    }

    void take(BatchHeader batch) {
        if (BatchWalk.timestampOf(batch) <= latestMs) return;
        latestMs = BatchWalk.timestampOf(batch);
        latestOffset = batch.lastOffset();
    }

    /** What was counted last becomes an entry, if it is later than the entries there are. */
    void enter(TimeIndex times) {
        times.add(latestMs, latestOffset);
    }

    /** How much later than the first batch this one was made; by the wall clock if one has no time. */
    long spanMs(BatchHeader batch, long createdMs, long nowMs) {
        return firstMs >= 0 && batch.maxTimestamp() >= 0 ? batch.maxTimestamp() - firstMs : nowMs - createdMs;
    }
}
