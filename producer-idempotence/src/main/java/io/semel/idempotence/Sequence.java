package io.semel.idempotence;

/**
 * Sequence numbers of idempotent producers (KIP-98): from 0 to 2^31 - 1, then from 0 again. Stateless; broker
 * and client share it.
 */
public final class Sequence {
    /** The sequence of batches that carry none: offset commits, markers. */
    public static final int NONE = -1;

    private static final int MASK = Integer.MAX_VALUE;

    private Sequence() {
    }

    /** The sequence {@code count} records after {@code sequence}; {@link #NONE} stays what it is. */
    public static int next(int sequence, int count) {
        return sequence < 0 ? sequence : (sequence + count) & MASK;
    }

    /** The sequence {@code count} records before {@code sequence}; {@link #NONE} stays what it is. */
    public static int previous(int sequence, int count) {
        return sequence < 0 ? sequence : (sequence - count) & MASK;
    }

    /**
     * Does a batch that begins with {@code first} follow one that ended with {@code last}? After
     * {@link #NONE} follows 0.
     */
    public static boolean follows(int last, int first) {
        return first >= 0 && first == ((last + 1) & MASK);
    }

    /**
     * Was {@code sequence} given out later than {@code other}? Of two that may lie on both sides of the wrap:
     * the shorter way counts.
     */
    public static boolean isAfter(int sequence, int other) {
        int distance = (sequence - other) & MASK;
        return distance != 0 && distance <= MASK / 2;
    }
}
