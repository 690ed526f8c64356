package io.semel.kernel.world;

import io.semel.kernel.lane.Lanes;

/**
 * The one door to everything that is not deterministic. The broker takes it in its constructor and asks
 * nothing else for the world.
 */
public interface World {
    Clock clock();

    Entropy entropy();

    Disk disk();

    Lanes lanes();

    Io io();

    /** True when the named bug is to be planted; always false outside the simulator. */
    default boolean sabotaged(Saboteur saboteur) {
        return false;
    }
}
