package io.semel.streams.task;

import java.util.Arrays;

/**
 * Key bytes that can be looked up by hash, and sorted as stores are. Immutable, as long as nobody changes the
 * bytes.
 */
final class RowKey implements Comparable<RowKey> {
    private final byte[] bytes;
    private final int hash;

    RowKey(byte[] bytes) {
        this.bytes = bytes;
        this.hash = Arrays.hashCode(bytes);
    }

    byte[] bytes() {
        return bytes;
    }

    @Override
    public int compareTo(RowKey other) {
        return Arrays.compareUnsigned(bytes, other.bytes);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof RowKey row && hash == row.hash && Arrays.equals(bytes, row.bytes);
    }

    @Override
    public int hashCode() {
        return hash;
    }
}
