package io.semel.it.kit.engine;

import io.semel.it.kit.storage.Storage;
import io.semel.kernel.lane.Lanes;
import io.semel.kernel.world.Clock;
import io.semel.kernel.world.Disk;
import io.semel.kernel.world.Entropy;
import io.semel.kernel.world.Io;
import io.semel.kernel.world.Saboteur;
import io.semel.kernel.world.World;
import java.util.Set;

/** The real world, but for its disk, which may fail, and for bugs that are planted. Any thread. */
final class DressedWorld implements World {
    private final World real;
    private final Disk disk;
    private final Set<Saboteur> saboteurs;

    DressedWorld(World real, Storage storage, Set<Saboteur> saboteurs) {
        this.real = real;
        this.disk = storage.over(real.disk());
        this.saboteurs = saboteurs;
    }

    @Override
    public Clock clock() {
        return real.clock();
    }

    @Override
    public Entropy entropy() {
        return real.entropy();
    }

    @Override
    public Disk disk() {
        return disk;
    }

    @Override
    public Lanes lanes() {
        return real.lanes();
    }

    @Override
    public Io io() {
        return real.io();
    }

    @Override
    public boolean sabotaged(Saboteur saboteur) {
        return saboteurs.contains(saboteur);
    }
}
