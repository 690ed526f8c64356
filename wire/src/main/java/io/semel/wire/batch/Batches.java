package io.semel.wire.batch;

import io.semel.wire.batch.BatchCheck.Problem;
import java.nio.ByteBuffer;

/**
 * Walks the batches of a buffer, from its position to its limit, by their length fields. Ends at the first
 * that is not whole or not of format v2 and says why; checks no CRC. The buffer's position stays. Owned by
 * one thread; reusable.
 */
public final class Batches {
    private ByteBuffer bytes;
    private int at;
    private Problem problem = Problem.NONE;

    /** @param bytes big-endian */
    public Batches over(ByteBuffer bytes) {
        this.bytes = bytes;
        this.at = bytes.position();
        this.problem = Problem.NONE;
        return this;
    }

    /** Wraps the header around the next batch; false at the end or at a {@link #problem}. */
    public boolean next(BatchHeader into) {
        int available = bytes.limit() - at;
        if (problem != Problem.NONE || available == 0) return false;
        into.wrap(bytes, at);
        problem = BatchCheck.frame(into, available);
        if (problem != Problem.NONE) return false;
        at += into.sizeInBytes();
        return true;
    }

    /** Why the walk ended before the buffer did; NONE when it did not. */
    public Problem problem() {
        return problem;
    }

    /** Index of the first byte that is not part of a batch {@link #next} has given. */
    public int position() {
        return at;
    }
}
