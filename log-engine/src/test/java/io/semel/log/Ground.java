package io.semel.log;

import io.semel.kernel.world.Disk;
import io.semel.log.disk.FileDisk;
import io.semel.sim.SimWorld;
import io.semel.sim.Survival;
import java.nio.file.Path;

/** What a {@link CompactionWalk} goes on: a disk, and what is left of it when the world ends. */
interface Ground {
    Disk disk();

    /** In the next life. */
    Ground after(Survival survival);

    /** Of everything that was done to it. */
    long digest();

    /** What the machine has: a next life finds all that was written, as after a kill. */
    static Ground real(Path root) {
        FileDisk disk = new FileDisk(root);
        return new Ground() {
            @Override
            public Disk disk() {
                return disk;
            }

            @Override
            public Ground after(Survival survival) {
                return real(root);
            }

            @Override
            public long digest() {
                return 0;
            }
        };
    }

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
