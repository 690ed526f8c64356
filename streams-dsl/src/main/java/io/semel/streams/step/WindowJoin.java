package io.semel.streams.step;

import io.semel.streams.Store;
import io.semel.streams.Within;
import io.semel.streams.topology.KeyedState;
import io.semel.streams.topology.Out;
import io.semel.streams.topology.Rec;
import io.semel.streams.topology.Step;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.function.BiFunction;

/**
 * Joins two streams by key and nearness in time: each record is kept for as long as another may meet it. In a
 * left or outer join a record that has met none is told with null when nothing that is not late can meet it
 * any more. Immutable; as Kafka Streams does it (KIP-633, KIP-962 for records without key). Both sides share
 * the left store's clock; a side forgets by the records it has seen itself, whose time is its second clock.
 */
public final class WindowJoin<K, L, R, O> {
    /** Records that have met none, by time. */
    private static final byte ALONE = Rows.INDEX;
    private static final byte[] OWN_CLOCK = {Rows.CLOCK, 1};

    private final Side left;
    private final Side right;
    private final BiFunction<? super L, ? super R, ? extends O> join;
    private final boolean anyOuter;

    /** What to do with records that have met none. */
    public enum Kind { INNER, LEFT, OUTER }

    public WindowJoin(Kind kind, Within within, Store<K, L> leftStore, Store<K, R> rightStore,
                      BiFunction<? super L, ? super R, ? extends O> join) {
        this.left = new Side(true, new Rows<>(leftStore), within, kind != Kind.INNER);
        this.right = new Side(false, new Rows<>(rightStore), within.turned(), kind == Kind.OUTER);
        this.join = join;
        this.anyOuter = kind != Kind.INNER;
    }

    public Step left() {
        return left;
    }

    public Step right() {
        return right;
    }

    public Rows<K> leftRows() {
        return left.rows;
    }

    public Rows<K> rightRows() {
        return right.rows;
    }

    @SuppressWarnings("unchecked")
    private O joined(boolean valueIsLeft, Object value, Object other) {
        return valueIsLeft ? join.apply((L) value, (R) other) : join.apply((L) other, (R) value);
    }

    /** One side: what comes in there, what is kept of it, what it looks for on the other. */
    private final class Side implements Step {
        private final boolean isLeft;
        private final Rows<K> rows;
        private final Within within;
        private final boolean outer;
        private final long bucketMs;

        Side(boolean isLeft, Rows<K> rows, Within within, boolean outer) {
            this.isLeft = isLeft;
            this.rows = rows;
            this.within = within;
            this.outer = outer;
            this.bucketMs = within.retentionMs() / 2 + 1;
        }

        private Side other() {
            return isLeft ? right : left;
        }

        @Override
        public void on(Rec rec, Out out) {
            KeyedState<byte[], Object> shared = out.store(left.rows.store());
            long before = Rows.clock(shared);
            long now = Math.max(before, rec.timestampMs());
            if (now > before) {
                Rows.advance(shared, now);
            }
            if (outer && !rec.hasKey() && rec.hasValue()) {
                out.forward(rec.withValue(joined(isLeft, rec.value(), null)));
                return;
            }
            if (!rec.hasKey() || !rec.hasValue()) {
                out.skip();
                return;
            }
            if (anyOuter && rec.timestampMs() == now) {
                tellTheAlone(now, rec, out);
            }
            byte[] key = rows.write(rec.key());
            boolean met = meet(key, rec, out);
            if (!met && outer) {
                if (rec.timestampMs() + within.afterMs() < now) {
                    out.forward(rec.withValue(joined(isLeft, rec.value(), null)));
                } else {
                    keepAlone(key, rec, out);
                }
            }
            keep(key, rec, out.store(rows.store()));
        }

        /** Joins the record with all that the other side still has of its key and time. */
        private boolean meet(byte[] key, Rec rec, Out out) {
            Side other = other();
            KeyedState<byte[], Object> state = out.store(other.rows.store());
            long forgotten = clock(state) - within.retentionMs();
            long from = Math.max(Math.max(0, rec.timestampMs() - within.beforeMs()), forgotten + 1);
            long to = rec.timestampMs() + within.afterMs();
            List<Rows.Row> found = other.between(state, key, from, to);
            for (Rows.Row row : found) {
                long time = Rows.firstOf(row.key());
                if (other.outer) {
                    other.forgetAlone(state, key, time);
                }
                out.forward(rec.withValue(joined(isLeft, rec.value(), row.value()))
                        .at(Math.max(rec.timestampMs(), time)));
            }
            return !found.isEmpty();
        }

        private List<Rows.Row> between(KeyedState<byte[], Object> state, byte[] key, long from, long to) {
            List<Rows.Row> found = new ArrayList<>();
            long last = Math.min(to, clock(state)) / bucketMs;
            for (long bucket = from / bucketMs; from <= to && bucket <= last; bucket++) {
                byte[] prefix = Rows.prefix(Rows.DATA, bucket, key);
                state.scan(prefix, Rows.behind(prefix), (row, stored) -> {
                    if (Rows.firstOf(row) >= from && Rows.firstOf(row) <= to) {
                        found.add(new Rows.Row(row, stored.value(), stored.timestampMs()));
                    }
                    return true;
                });
            }
            return found;
        }

        /** A row of its own for each record, also of the same key and time. */
        private void keep(byte[] key, Rec rec, KeyedState<byte[], Object> state) {
            long time = rec.timestampMs();
            long before = clock(state);
            long number = between(state, key, time, time).size();
            state.put(Rows.byBucket(Rows.DATA, time / bucketMs, key, time, number), rec.value(), time);
            if (time > before) {
                state.put(OWN_CLOCK, Mark.MARK, time);
                Rows.forgetBuckets(state, bucketMs, before - within.retentionMs(),
                        time - within.retentionMs());
            }
        }

        private long clock(KeyedState<byte[], Object> state) {
            var clock = state.find(OWN_CLOCK);
            return clock == null ? -1 : clock.timestampMs();
        }

        private byte[] alone(byte[] key, long time, long number) {
            return ByteBuffer.allocate(21 + key.length).put(ALONE).putLong(time).putInt(key.length).put(key)
                    .putLong(number).array();
        }

        private void keepAlone(byte[] key, Rec rec, Out out) {
            KeyedState<byte[], Object> state = out.store(rows.store());
            byte[] first = alone(key, rec.timestampMs(), 0);
            long number = Rows.list(state, first, alone(key, rec.timestampMs(), Long.MAX_VALUE)).size();
            state.put(alone(key, rec.timestampMs(), number), rec.value(), rec.timestampMs());
        }

        private void forgetAlone(KeyedState<byte[], Object> state, byte[] key, long time) {
            Rows.forget(state, alone(key, time, 0), alone(key, time, Long.MAX_VALUE), row -> { });
        }

        /** Takes out those that nothing can meet any more. */
        private List<Told> over(Out out, long now) {
            List<Told> told = new ArrayList<>();
            long timeTo = now - within.afterMs() - within.graceMs();
            if (outer && timeTo > 0) {
                KeyedState<byte[], Object> state = out.store(rows.store());
                Rows.forget(state, Rows.bound(ALONE, 0), Rows.bound(ALONE, timeTo), row -> {
                    byte[] key = Arrays.copyOfRange(row.key(), 13, row.key().length - 8);
                    told.add(new Told(row.timestampMs(), rows.read(key), joined(isLeft, row.value(), null)));
                });
            }
            return told;
        }
    }

    private record Told(long timestampMs, Object key, Object value) {
    }

    private void tellTheAlone(long now, Rec rec, Out out) {
        List<Told> told = right.over(out, now);
        told.addAll(left.over(out, now));
        told.sort(Comparator.comparingLong(Told::timestampMs));
        told.forEach(one -> out.emit(rec.with(one.key(), one.value()).at(one.timestampMs())));
    }
}
