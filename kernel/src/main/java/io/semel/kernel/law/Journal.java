package io.semel.kernel.law;

import java.util.List;

/**
 * Where a room's durable events go: the same partition append that records take. Owned by the room's lane.
 */
public interface Journal<E> {
    /**
     * Appends the events as one unit at consecutive offsets. They become durable with what follows, in
     * a while, or soon after {@link #hasten}.
     *
     * @return the offset of the first
     * @throws io.semel.kernel.world.DiskFailure when it cannot; the room is then dropped and folded again,
     *     unless the disk is full: then nothing was appended, and it goes on
     * @throws Unwritable when one of them cannot be written down; nothing was appended, and the room goes on
     */
    long append(List<E> events);

    /** Somebody waits for what has been appended: it is made durable soon. Costs nothing when it is. */
    void hasten();

    /** The offset the next event gets. */
    long endOffset();

    /** Everything below is durable. Never falls, never exceeds {@link #endOffset()}. */
    long durableOffset();
}
