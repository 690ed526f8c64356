package io.semel.it.sim;

/** What a client knows of something it wrote. */
enum Fate {
    /** Answered as done: must be seen. */
    COMMITTED,
    /** Never asked to be committed, or asked and refused: must never be seen by read_committed. */
    ABORTED,
    /** Asked for, and the answer was lost for good: seen whole or not at all. */
    UNKNOWN
}
