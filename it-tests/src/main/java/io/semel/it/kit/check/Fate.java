package io.semel.it.kit.check;

/** What is promised of a write or a transaction. Immutable. */
enum Fate {
    /** Its client was told that it took effect. */
    COMMITTED,
    /** It was aborted, refused, or nobody ever asked for it to take effect. */
    ABORTED,
    /** Either way, but wholly. */
    UNKNOWN
}
