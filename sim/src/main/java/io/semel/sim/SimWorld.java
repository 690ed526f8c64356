package io.semel.sim;

import io.semel.kernel.lane.Lanes;
import io.semel.kernel.world.Clock;
import io.semel.kernel.world.Disk;
import io.semel.kernel.world.Entropy;
import io.semel.kernel.world.Io;
import io.semel.kernel.world.Saboteur;
import io.semel.kernel.world.World;
import java.util.EnumSet;
import java.util.Set;

/**
 * One life of one simulated process: everything that is not deterministic, made from one seed. After {@link
 * #crash} it is over; {@link #reboot} gives the next life on what the disk has kept. One thread, stepped by
 * {@link #run()}.
 */
public final class SimWorld implements World {
    private final SimRun run;
    private final SimDisk disk;
    private final SimEntropy entropy;
    private final SimClock clock;
    private final SimLanes lanes;
    private final SimIo io;
    private final Set<Saboteur> saboteurs;
    private final int life;
    private boolean over;

    /** The first life of a new run, with an empty disk. */
    public SimWorld(long seed, int laneCount, Saboteur... saboteurs) {
        this(new SimRun(seed), laneCount, saboteurs);
    }

    /** The first life of a process in a run that others share. */
    public SimWorld(SimRun run, int laneCount, Saboteur... saboteurs) {
        this(run, new SimDisk(run), new SimEntropy(run.dice("entropy")), planted(saboteurs), laneCount, 0, 1);
    }

    private SimWorld(SimRun run, SimDisk disk, SimEntropy entropy, Set<Saboteur> saboteurs, int laneCount,
            long skewMs, int life) {
        this.run = run;
        this.disk = disk;
        this.entropy = entropy;
        this.saboteurs = saboteurs;
        this.life = life;
        this.clock = new SimClock(run, skewMs);
        this.lanes = new SimLanes(laneCount, run, clock, run.dice("lanes of life " + life));
        this.io = new SimIo(run, run.dice("io of life " + life));
        run.add(io);
    }

    private static Set<Saboteur> planted(Saboteur... saboteurs) {
        Set<Saboteur> planted = EnumSet.noneOf(Saboteur.class);
        for (Saboteur saboteur : saboteurs) planted.add(saboteur);
        return planted;
    }

    public SimRun run() {
        return run;
    }

    /**
     * The process dies: mail, alarms and background work that has not run are gone, and of the disk what
     * {@code survival} says.
     */
    public void crash(Survival survival) {
        if (over) throw new IllegalStateException("this life is over already");
        over = true;
        lanes.end();
        io.end();
        disk.crash(survival);
        run.trace().note(survival == Survival.POWER_CUT ? "power cut" : "kill -9", life, 0);
    }

    /** The next life, after {@link #crash}: the disk as it was left, the same time and entropy. */
    public SimWorld reboot() {
        return reboot(0);
    }

    /**
     * As {@link #reboot()}, with a wall clock that was set while the process was down, by so much in all
     * against true time.
     */
    public SimWorld reboot(long skewMs) {
        if (!over) throw new IllegalStateException("crash this life first");
        return new SimWorld(run, disk, entropy, saboteurs, lanes.count(), skewMs, life + 1);
    }

    /** True when no mail waits and no background work is under way; alarms may still be set. */
    public boolean idle() {
        return lanes.idle() && io.pending() == 0;
    }

    /** Counts lives from 1. */
    public int life() {
        return life;
    }

    @Override
    public Clock clock() {
        return clock;
    }

    @Override
    public Entropy entropy() {
        return entropy;
    }

    @Override
    public Disk disk() {
        return disk;
    }

    /** The disk with its faults to set. */
    public SimDisk simDisk() {
        return disk;
    }

    @Override
    public Lanes lanes() {
        return lanes;
    }

    @Override
    public Io io() {
        return io;
    }

    /** The background work with its slowness to set. */
    public SimIo simIo() {
        return io;
    }

    @Override
    public boolean sabotaged(Saboteur saboteur) {
        return saboteurs.contains(saboteur);
    }
}
