package io.semel.streams.task;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.BiPredicate;

/**
 * A leaf: some rows in key order, packed into one array, so that ten million rows are a few hundred thousand
 * objects. A row is the lengths of key and value, the timestamp, the key, the value. Immutable.
 */
final class Page implements Tree {
    static final Page EMPTY = new Page(new byte[0], 0);
    /** What a page holds at most, unless a single row is larger. */
    private static final int BYTES_MAX = 2048;
    private static final int HEAD = 16;

    private final ByteBuffer bytes;
    private final int[] rowAt;
    private final byte[] firstKey;

    /** @param bytes rows in key order, as {@link #bytes()} gave them */
    Page(byte[] bytes, int count) {
        this.bytes = ByteBuffer.wrap(bytes);
        this.rowAt = new int[count + 1];
        for (int row = 0, at = 0; row < count; row++) {
            at += HEAD + Math.addExact(length(at), length(at + 4));
            rowAt[row + 1] = at;
        }
        if (rowAt[count] != bytes.length) {
            throw new IllegalArgumentException("a page of " + bytes.length + " bytes has " + count
                    + " rows that end at " + rowAt[count]);
        }
        this.firstKey = count == 0 ? null : key(0);
    }

    private Page(byte[] bytes, int[] rowAt, byte[] firstKey) {
        this.bytes = ByteBuffer.wrap(bytes);
        this.rowAt = rowAt;
        this.firstKey = firstKey;
    }

    /** The packed rows, not to be changed. */
    byte[] bytes() {
        return bytes.array();
    }

    @Override
    public StampedBytes get(byte[] key) {
        int row = rowOf(key);
        return row < count() && compare(row, key) == 0 ? value(row) : null;
    }

    @Override
    public boolean scan(byte[] from, byte[] to, BiPredicate<byte[], StampedBytes> visit) {
        for (int row = from == null ? 0 : rowOf(from); row < count(); row++) {
            if (to != null && compare(row, to) >= 0) {
                return false;
            }
            if (!visit.test(key(row), value(row))) {
                return false;
            }
        }
        return true;
    }

    @Override
    public void apply(Changes changes, int first, int end, List<Tree> into) {
        int[] rows = new int[end - first];
        boolean fits = true;
        int room = bytes().length;
        for (int i = first; i < end; i++) {
            StampedBytes value = changes.values()[i];
            int row = rowOf(changes.keys()[i]);
            boolean found = row < count() && compare(row, changes.keys()[i]) == 0;
            rows[i - first] = found ? row : ~row;
            fits &= found && !value.isRemoval() && value.value().length == bytes.getInt(rowAt[row] + 4);
            room += value.isRemoval() ? 0 : HEAD + changes.keys()[i].length + value.value().length;
        }
        if (fits) {
            into.add(overwritten(changes, first, rows));
        } else {
            merged(changes, first, rows, room).split(into);
        }
    }

    /** The same rows with other values of the same lengths. */
    private Page overwritten(Changes changes, int first, int[] rows) {
        byte[] copy = bytes().clone();
        ByteBuffer writer = ByteBuffer.wrap(copy);
        for (int i = 0; i < rows.length; i++) {
            StampedBytes value = changes.values()[first + i];
            int at = rowAt[rows[i]];
            writer.putLong(at + 8, value.timestampMs());
            System.arraycopy(value.value(), 0, copy, at + HEAD + bytes.getInt(at), value.value().length);
        }
        return new Page(copy, rowAt, firstKey);
    }

    /** @param found the row of each change, or the one before which it belongs, inverted */
    private Page merged(Changes changes, int first, int[] found, int room) {
        ByteBuffer merged = ByteBuffer.allocate(room);
        int rows = 0;
        int from = 0;
        for (int i = 0; i < found.length; i++) {
            int row = found[i] < 0 ? ~found[i] : found[i];
            merged.put(bytes(), rowAt[from], rowAt[row] - rowAt[from]);
            rows += row - from;
            from = found[i] < 0 ? row : row + 1;
            if (!changes.values()[first + i].isRemoval()) {
                put(merged, changes.keys()[first + i], changes.values()[first + i]);
                rows++;
            }
        }
        merged.put(bytes(), rowAt[from], rowAt[count()] - rowAt[from]);
        rows += count() - from;
        return new Page(Arrays.copyOf(merged.array(), merged.position()), rows);
    }

    @Override
    public byte[] firstKey() {
        return firstKey;
    }

    @Override
    public long rows() {
        return count();
    }

    /** Whether {@code now}, which takes the place of {@code before}, may have become small enough to join. */
    static boolean isCrumbOf(Tree before, Tree now) {
        return now instanceof Page small && small.bytes().length <= BYTES_MAX / 2
                && small.bytes().length < ((Page) before).bytes().length;
    }

    /** Puts small neighbours together, so that removals leave no crumbs; branches stay. */
    static List<Tree> joined(List<Tree> nodes) {
        List<Tree> joined = new ArrayList<>(nodes.size());
        for (Tree node : nodes) {
            Tree last = joined.isEmpty() ? null : joined.get(joined.size() - 1);
            if (node instanceof Page right && last instanceof Page left
                    && left.bytes().length + right.bytes().length <= BYTES_MAX / 2) {
                byte[] both = Arrays.copyOf(left.bytes(), left.bytes().length + right.bytes().length);
                System.arraycopy(right.bytes(), 0, both, left.bytes().length, right.bytes().length);
                joined.set(joined.size() - 1, new Page(both, left.count() + right.count()));
            } else {
                joined.add(node);
            }
        }
        return joined;
    }

    private void split(List<Tree> into) {
        int length = bytes().length;
        if (length <= BYTES_MAX || count() == 1) {
            if (count() > 0) {
                into.add(this);
            }
            return;
        }
        int parts = (length + BYTES_MAX * 3 / 4 - 1) / (BYTES_MAX * 3 / 4);
        int from = 0;
        for (int part = 1; part <= parts && from < count(); part++) {
            long goal = (long) length * part / parts;
            int to = from + 1;
            while (to < count() && (part == parts || rowAt[to + 1] <= goal)) {
                to++;
            }
            into.add(new Page(Arrays.copyOfRange(bytes(), rowAt[from], rowAt[to]), to - from));
            from = to;
        }
    }

    int count() {
        return rowAt.length - 1;
    }

    /** The first row whose key is not below {@code key}. */
    private int rowOf(byte[] key) {
        int low = 0;
        int high = count();
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (compare(middle, key) < 0) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }

    private int compare(int row, byte[] key) {
        int at = rowAt[row];
        int begin = at + HEAD;
        return Arrays.compareUnsigned(bytes(), begin, begin + bytes.getInt(at), key, 0, key.length);
    }

    private byte[] key(int row) {
        int begin = rowAt[row] + HEAD;
        return Arrays.copyOfRange(bytes(), begin, begin + bytes.getInt(rowAt[row]));
    }

    private StampedBytes value(int row) {
        int at = rowAt[row];
        int begin = at + HEAD + bytes.getInt(at);
        return new StampedBytes(Arrays.copyOfRange(bytes(), begin, begin + bytes.getInt(at + 4)),
                bytes.getLong(at + 8));
    }

    private int length(int at) {
        int length = at + 8 <= bytes.limit() ? bytes.getInt(at) : -1;
        if (length < 0) {
            throw new IllegalArgumentException("a row of " + length + " bytes at " + at);
        }
        return length;
    }

    private static void put(ByteBuffer into, byte[] key, StampedBytes value) {
        into.putInt(key.length).putInt(value.value().length).putLong(value.timestampMs()).put(key)
                .put(value.value());
    }
}
