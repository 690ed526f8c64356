package io.semel.kernel.lane;

import java.util.function.BooleanSupplier;

/**
 * Where a lane's thread rests when there is no mail, and what else it does there: its share of the network.
 * All but {@link #wake} on the lane's thread.
 */
public interface Berth {
    /** Once, before the first turn. */
    void enter(BooleanSupplier hasMail);

    /**
     * Does what there is to do beside mail; if there is nothing, and no mail either, waits for it or for a
     * call of {@link #wake}, at most {@code nanos}; {@link Long#MAX_VALUE} is for ever. May return early.
     */
    void rest(long nanos);

    /** Ends a rest, or the next one if there is none. Any thread. */
    void wake();

    /** Once, after the last turn. */
    void leave();
}
