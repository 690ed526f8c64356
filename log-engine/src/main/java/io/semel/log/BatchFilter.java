package io.semel.log;

import io.semel.compression.CodecRoom;
import io.semel.wire.batch.BatchCheck.Problem;
import io.semel.wire.batch.BatchHeader;
import io.semel.wire.batch.BatchThinner;
import io.semel.wire.batch.RecordCursor;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * Decides what compaction leaves of a batch, as Kafka does: of each key the latest record of a committed
 * transaction; tombstones, and markers of which no data is left, until their delete horizon (KIP-534), which
 * the cleaning sets that first finds them so. A batch whose records cannot be read stays as it is. Used by
 * one thread; decompresses and compresses, but no batch of which {@link RecordFates} says that all or none
 * of its records stay.
 */
final class BatchFilter {
    /** What is left of a batch. */
    enum Left { ALL, SOME, NOTHING }

    private final OffsetMap map;
    private final long mappedBelow;
    private final long nowMs;
    private final long newHorizonMs;
    private final RecordFates fates;
    private final RecordCursor cursor;
    private final BatchThinner thinner;
    private ByteBuffer thinned;
    /** Which records of the batch at hand stay. */
    private long[] staying = new long[64];

    /**
     * @param mappedBelow records from there on are not in the map, and stay
     * @param room where batches are decompressed and compressed
     */
    BatchFilter(OffsetMap map, RecordFates fates, long mappedBelow, Cleaning.Order order, CodecRoom room) {
        this.map = map;
        this.fates = fates;
        this.mappedBelow = mappedBelow;
        this.nowMs = order.nowMs();
        this.newHorizonMs = nowMs + Math.min(order.deleteRetentionMs(), Long.MAX_VALUE - nowMs);
        this.cursor = new RecordCursor(room);
        this.thinner = new BatchThinner(room);
    }

    /**
     * @param needless aborted data, or a marker of which no data is left
     * @param keepsHeader the batch stays even without records
     */
    Left filter(BatchHeader batch, boolean needless, boolean keepsHeader) {
        if (batch.recordCount() == 0) return keepsHeader ? Left.ALL : Left.NOTHING;
        if (batch.isControl()) return control(batch, needless, keepsHeader);
        if (needless) return emptied(batch, keepsHeader);
        return switch (fates.of(batch, mappedBelow)) {
            case UNKNOWN -> data(batch, keepsHeader);
            case GONE -> emptied(batch, keepsHeader);
            case WHOLE -> Left.ALL;
            case SOME -> some(batch);
        };
    }

    private Left some(BatchHeader batch) {
        cursor.open(batch);
        thinner.begin(batch, -1);
        while (cursor.next()) if (!fates.isGone(cursor.offset())) thinner.keep(cursor);
        if (cursor.problem() != Problem.NONE) return Left.ALL;
        thinned = thinner.end();
        return Left.SOME;
    }

    /** The batch to be written, after {@link Left#SOME}. */
    ByteBuffer thinned() {
        return thinned;
    }

    private Left control(BatchHeader batch, boolean needless, boolean keepsHeader) {
        if (!needless) return Left.ALL;
        if (batch.hasDeleteHorizon()) {
            return batch.baseTimestamp() <= nowMs ? emptied(batch, keepsHeader) : Left.ALL;
        }
        cursor.open(batch);
        thinner.begin(batch, newHorizonMs);
        while (cursor.next()) thinner.keep(cursor);
        if (cursor.problem() != Problem.NONE) return Left.ALL;
        thinned = thinner.end();
        return Left.SOME;
    }

    private Left emptied(BatchHeader batch, boolean keepsHeader) {
        if (!keepsHeader) return Left.NOTHING;
        thinned = thinner.begin(batch, -1).end();
        return Left.SOME;
    }

    private Left data(BatchHeader batch, boolean keepsHeader) {
        boolean deletesExpire = batch.hasDeleteHorizon() && batch.baseTimestamp() <= nowMs;
        int kept = 0;
        boolean tombstones = false;
        cursor.open(batch);
        forgetStaying(batch.recordCount());
        for (int index = 0; cursor.next(); index++) {
            if (!stays(deletesExpire)) continue;
            staying[index >> 6] |= 1L << index;
            kept++;
            tombstones |= !cursor.hasValue();
        }
        if (cursor.problem() != Problem.NONE) return Left.ALL;
        if (kept == 0) return emptied(batch, keepsHeader);
        boolean setsHorizon = tombstones && !batch.hasDeleteHorizon() && batch.lastOffset() < mappedBelow;
        if (kept == batch.recordCount() && !setsHorizon) return Left.ALL;
        thinner.begin(batch, setsHorizon ? newHorizonMs : -1);
        cursor.rewind();
        for (int index = 0; cursor.next(); index++) {
            if ((staying[index >> 6] & 1L << index) != 0) thinner.keep(cursor);
        }
        thinned = thinner.end();
        return Left.SOME;
    }

    private void forgetStaying(int records) {
        int words = (records >> 6) + 1;
        if (staying.length < words) staying = new long[words];
        else Arrays.fill(staying, 0, words, 0);
    }

    private boolean stays(boolean deletesExpire) {
        if (cursor.offset() >= mappedBelow) return true;
        if (!cursor.hasKey()) return false;
        if (!cursor.hasValue() && deletesExpire) return false;
        return cursor.offset() >= map.get(cursor.key());
    }
}
