package io.semel.sim;

/**
 * Something that may have a turn: a lane, the disk's workers, the network, a timer. Owned by its {@link
 * SimRun}.
 */
public interface Actor {
    /** How many different things it could do now; 0 when it must wait. */
    int choices();

    /** Does one of them. */
    void take(int choice);

    /** When time alone will give it a choice, by the run's clock; {@link Long#MAX_VALUE} for never. */
    long nextMs();
}
