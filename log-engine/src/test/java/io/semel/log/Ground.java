package io.semel.log;

import io.semel.kernel.world.Disk;
import io.semel.sim.SimWorld;
import io.semel.sim.Survival;

/** What a {@link CompactionWalk} goes on: a disk, and what is left of it when the world ends. */
interface Ground {
    Disk disk();

    /** In the next life. */
    Ground after(Survival survival);

    /** Of everything that was done to it. */
    long digest();

    static Ground simulated(SimWorld world) {
        return new Ground() {
            @Override
            public Disk disk() {
                return world.disk();
            }

            @Override
            public Ground after(Survival survival) {
                world.crash(survival);
                return simulated(world.reboot());
            }

            @Override
            public long digest() {
                return world.run().trace().digest();
            }
        };
    }
}
