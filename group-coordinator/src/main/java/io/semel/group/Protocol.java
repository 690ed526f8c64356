package io.semel.group;

import java.util.Arrays;

/**
 * A way of assigning that a member offers, with what it tells the leader under it. Equal by content.
 * Immutable.
 */
public record Protocol(String name, byte[] metadata) {
    @Override
    public boolean equals(Object other) {
        return other instanceof Protocol that && name.equals(that.name)
                && Arrays.equals(metadata, that.metadata);
    }

    @Override
    public int hashCode() {
        return 31 * name.hashCode() + Arrays.hashCode(metadata);
    }

    @Override
    public String toString() {
        return name + "[" + metadata.length + "]";
    }
}
