package io.semel.streams.step;

import io.semel.streams.Store;
import io.semel.streams.Within;
import io.semel.streams.topology.KeyedState;
import io.semel.streams.topology.Out;
import io.semel.streams.topology.Rec;
import io.semel.streams.topology.Step;

/**
 * Passes on a record unless one of the same key was passed on that lies near it in time; a record so late
 * that this is no longer known is skipped. Immutable.
 */
public final class Distinct<K> implements Step {
    private final Rows<K> rows;
    private final Within within;
    private final long bucketMs;

    public Distinct(Store<K, ?> declared, Within within) {
        this.rows = new Rows<>(declared);
        this.within = within;
        this.bucketMs = within.retentionMs() / 2 + 1;
    }

    public Rows<K> rows() {
        return rows;
    }

    @Override
    public void on(Rec rec, Out out) {
        if (!rec.hasKey()) {
            out.skip();
            return;
        }
        KeyedState<byte[], Object> state = out.store(rows.store());
        long before = Rows.clock(state);
        long time = rec.timestampMs();
        if (time < before - within.graceMs()) {
            out.skip();
            return;
        }
        byte[] key = rows.write(rec.key());
        if (!isKnown(state, key, time)) {
            state.put(Rows.byBucket(Rows.DATA, time / bucketMs, key, time, 0), Mark.MARK, time);
            out.forward(rec);
        }
        if (time > before) {
            Rows.advance(state, time);
            Rows.forgetBuckets(state, bucketMs, before - within.retentionMs(), time - within.retentionMs());
        }
    }

    private boolean isKnown(KeyedState<byte[], Object> state, byte[] key, long time) {
        long from = Math.max(0, time - within.beforeMs());
        long to = time + within.afterMs();
        boolean[] known = {false};
        for (long bucket = from / bucketMs; bucket <= to / bucketMs && !known[0]; bucket++) {
            byte[] prefix = Rows.prefix(Rows.DATA, bucket, key);
            state.scan(prefix, Rows.behind(prefix), (row, stored) -> {
                known[0] = Rows.firstOf(row) >= from && Rows.firstOf(row) <= to;
                return !known[0];
            });
        }
        return known[0];
    }
}
