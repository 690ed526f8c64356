package io.semel.streams.rival;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;

/** What the steps of random programs do: the same functions on both sides. Stateless. */
final class Functions {
    private Functions() {
    }

    static String windowedKey(byte[] bytes, int behind) {
        String key = OurSide.text(Arrays.copyOf(bytes, bytes.length - behind));
        ByteBuffer times = ByteBuffer.wrap(bytes, bytes.length - behind, behind);
        return key + "@" + times.getLong() + (behind == 16 ? ".." + times.getLong() : "");
    }

    static int hash(String key, String value) {
        return Math.floorMod((key + value).hashCode() * 31, 1000);
    }

    /**
     * None for the zero of an aggregate: Kafka Streams says that a new aggregate takes the place of its zero
     * and takes that out of the next aggregate, into which it was never put; we do not.
     */
    static String newKey(String value) {
        int hash = value == null ? 0 : Math.floorMod(value.hashCode(), 5);
        return value == null || hash == 4 || value.indexOf('v') < 0 ? null : "k" + hash;
    }

    static List<String> several(String value) {
        return value == null ? List.of() : hash("", value) % 2 == 0 ? List.of(value + "1", value + "2")
                : List.of(value);
    }

    /** Tells order and every value, in bounded length. */
    static String fold(String all, String value) {
        String longer = all + "," + value;
        return longer.length() < 40 ? longer
                : Integer.toHexString(longer.hashCode()) + longer.substring(longer.length() - 8);
    }

    static String unfold(String all, String value) {
        return fold(all, "-" + value);
    }

    static String both(String a, String b) {
        return fold("(" + a, b + ")");
    }
}
