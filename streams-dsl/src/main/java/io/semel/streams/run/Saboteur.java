package io.semel.streams.run;

/**
 * A rule of the commit protocol that a test can switch off to show that breaking it is noticed. Never in
 * force outside tests.
 */
public enum Saboteur {
    /** Base stores take a batch when its commit is sent, not when it is acknowledged. */
    APPLY_BEFORE_COMMITTED,
    /** A commit whose answer was lost is taken for done. */
    GUESS_UNKNOWN_OUTCOME,
    /** What an aborted batch changed stays in the stores. */
    KEEP_CHANGES_OF_ABORTED,
    /** Commit n + 1 is sent before commit n has been answered. */
    COMMIT_BEFORE_THE_LAST_ONE
}
