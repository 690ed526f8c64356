package io.semel.kernel.lane;

import java.util.function.BooleanSupplier;

/**
 * Where a lane's thread rests when there is no mail, and what else it does there: its share of the network.
 * All but {@link #wake} on the lane's thread.
 */
public interface Berth {
    /** Once, before the first turn. {@code isCalled}: there is mail, or the lane is to end. */
    void enter(BooleanSupplier isCalled);

    /**
     * Does what there is to do beside mail; if there is nothing, and the lane is not called either, waits for
     * it or for {@link #wake}, at most {@code nanos}; {@link Long#MAX_VALUE} is for ever. May return early.
     */
    void rest(long nanos);

    /** Ends a rest, or the next one if there is none; the lane is called by then. Any thread. */
    void wake();

    /** Once, after the last turn. */
    void leave();
}
