package io.semel.committed;

/** Where a reader must stop, by its isolation level (KIP-98). */
public enum ReadBound {
    /** Isolation 0: at the high watermark. */
    READ_UNCOMMITTED,
    /** Isolation 1: at the stable offset, and it is told what was aborted below. */
    READ_COMMITTED;

    /**
     * The bound of an isolation level as requests give it; anything but 1 reads uncommitted records, as with
     * Kafka.
     */
    public static ReadBound of(byte isolation) {
        return isolation == 1 ? READ_COMMITTED : READ_UNCOMMITTED;
    }

    /** The first offset that must not be read. */
    public long offset(StableOffsets stable, long highWatermark) {
        return switch (this) {
            case READ_UNCOMMITTED -> highWatermark;
            case READ_COMMITTED -> stable.stableOffset(highWatermark);
        };
    }
}
