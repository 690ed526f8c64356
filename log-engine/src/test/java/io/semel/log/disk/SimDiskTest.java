package io.semel.log.disk;

import io.semel.kernel.world.Disk;
import io.semel.sim.SimWorld;

/** The simulated twin keeps the same promises. */
class SimDiskTest extends DiskContract {
    @Override
    Disk newDisk() {
        return new SimWorld(1, 1).disk();
    }
}
