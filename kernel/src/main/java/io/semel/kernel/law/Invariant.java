package io.semel.kernel.law;

/**
 * Always-on checks of the numbered invariants (ARCHITECTURE.md). A failed one means that we are wrong, never
 * the client. Any thread.
 */
public final class Invariant {
    private Invariant() {
    }

    /**
     * @throws InvariantViolation when {@code holds} is false; {@code message} starts with the invariant's
     * number
     */
    public static void check(boolean holds, String message) {
        if (!holds) throw new InvariantViolation(message);
    }

    /** As {@link #check(boolean, String)} for the data plane: formats only when violated. */
    public static void check(boolean holds, String format, long first, long second) {
        if (!holds) throw new InvariantViolation(String.format(format, first, second));
    }

    /** Says that one of our own promises does not hold: the lane that meets it stops. */
    public static final class InvariantViolation extends IllegalStateException {
        private static final long serialVersionUID = 1L;

        InvariantViolation(String message) {
            super(message);
        }
    }
}
