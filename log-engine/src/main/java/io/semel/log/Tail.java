package io.semel.log;

/** How {@link Segment#rescan} takes the batches that reach above an offset. */
enum Tail {
    /** Their CRC is checked. */
    CHECKED,
    /** They are written again where they stand, then checked: the next force makes them durable. */
    WRITTEN_AGAIN
}
