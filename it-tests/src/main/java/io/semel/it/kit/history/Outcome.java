package io.semel.it.kit.history;

import java.util.Locale;

/**
 * How an operation ended, as its client knows it. {@code UNKNOWN} is the honest answer after a time-out or a
 * lost connection: it may have taken effect, or may yet. Immutable.
 */
public enum Outcome {
    /** It took effect. */
    OK,
    /** It did not take effect and never will. */
    FAILED,
    UNKNOWN;

    /** As files say it. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
