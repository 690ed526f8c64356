package io.semel.kernel.world;

/** Bugs with a name: the simulator plants one and must notice it. Never set outside tests. */
public enum Saboteur {
    /** Replies leave before the journal is durable (I1). */
    REPLY_EARLY,
    /** Markers are sent before the PREPARE they rest on is durable (I1, I5). */
    DUTY_EARLY,
    /** Readers see records above the durable offset (I1, I7). */
    READ_ABOVE_DURABLE,
    /** A new producer does not fence the old one (I3). */
    NO_FENCING,
    /** The coordinator forgets the markers it owes when it is loaded (I6). */
    FORGET_DUTIES_ON_RELOAD,
    /** A gap in a producer's sequence numbers is let through (I4). */
    SKIP_SEQUENCE_CHECK,
    /** The stable offset ignores a marker that is not durable yet (I7). */
    STABLE_OFFSET_IGNORES_UNDECIDED,
    /** A ledger's snapshot is said to reach one batch further than it does (I2). */
    SNAPSHOT_ONE_BATCH_LATE,
    /** A coordinator's snapshot is said to reach one batch further than it does (I2). */
    STATE_ONE_BATCH_LATE,
    /** Compaction does not know what was aborted (I9, I11). */
    CLEANING_FORGETS_ABORTED,
    /** A failed force counts as a success (I13). */
    FORCE_ERROR_SWALLOWED,
    /** Recovery takes what the page cache shows for written, though a force failed before it (I13). */
    RECOVERY_TRUSTS_CACHE,
    /** A reader is not told of an aborted range (I9). */
    ABORTED_RANGE_FORGOTTEN,
    /** A batch overtakes one of the same producer that waits for enlistment (I4). */
    OVERTAKE_ENLISTMENT,
    /** A duplicate is answered before the original is durable (I1, I4). */
    DUPLICATE_EARLY,
    /** A version 1 request that was held up on an older connection is served (KAFKA-17754, I8). */
    STALE_CONNECTION_SERVED,
    /** A group takes the offsets of a member that it has replaced (I11, KIP-447). */
    NO_MEMBER_FENCING,
    /** A group takes the offsets of a member whose generation or epoch is over (I11, KIP-447, KIP-848). */
    STALE_GENERATION_TAKEN,
    /** A group takes the offsets of who had a static member's name before it (KIP-345). */
    NO_STATIC_FENCING,
    /** A streams group takes the offset of a task from who does not run it any more (I11, KIP-1071). */
    FORMER_TASK_TAKEN,
    /** An offset is told as stable though an open transaction may move it (I11, KIP-447). */
    UNSTABLE_OFFSET_TOLD,
    /** Retention takes records that are half as old, or leaves half as much, as it may. */
    RETENTION_EARLY,
    /** Where logs start is forgotten when the broker starts. */
    START_FORGOTTEN,
    /** What comes from the disk is sent without a look at its CRC. */
    COLD_READ_UNCHECKED,
    /** A flaw below the recovery point is cut off like one above. */
    ROT_CUT_OFF,
    /** A topic's files stay when it is deleted: a new one of its name opens them. */
    OLD_FILES_OPENED
}
