package io.semel.log;

import io.semel.kernel.world.DiskFailure;

/**
 * Bytes that were durable are not what was written: the disk gave others back, or somebody changed them.
 * Names the file (and so topic and partition), the position, the offset and what can be done.
 */
public final class Damage extends DiskFailure {
    private static final long serialVersionUID = 1L;
    private static final String WAY_OUT = ". Restore the file from a copy; or give up what the damaged batch"
            + " held, by reading on from an offset behind it, or by deleting the records up to there"
            + " (kafka-delete-records); or move the partition's directory away to give up what it held";

    Damage(String path, int position, long offset, String flaw) {
        super(path + ": damaged at position " + position + ", where offset " + offset + " is due: " + flaw
                + WAY_OUT, null);
    }
}
