package io.semel.it.sim;

import io.semel.broker.Broker;
import io.semel.broker.config.BrokerConfig;
import io.semel.broker.config.Durability;
import io.semel.broker.net.Peer;
import io.semel.broker.net.ReplyPort;
import io.semel.broker.net.Session;
import io.semel.kernel.world.DiskFailure;
import io.semel.kernel.world.Saboteur;
import io.semel.sim.Dice;
import io.semel.sim.Nemesis;
import io.semel.sim.SimConnection;
import io.semel.sim.SimNet;
import io.semel.sim.SimRun;
import io.semel.sim.SimWorld;
import io.semel.sim.Survival;
import io.semel.wire.message.Reply;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;

/**
 * The machine the broker runs on: life after life of one data directory, each with a new broker, all behind
 * one address.
 */
final class BrokerNode implements Nemesis.Node {
    private final SimRun run;
    private final SimNet net;
    private final BrokerConfig config;
    private SimWorld world;
    private Broker broker;
    private boolean alive;
    private boolean serving;
    /** In this life: lanes take them in turn. */
    private int arrivals;
    private final Dice skews;
    private int skewMsMax;
    private int slowPercent;
    private int slowMsMax = 1;
    private long kills;
    private long powerCuts;
    private long restarts;
    private Runnable booted = () -> { };
    private Runnable served = () -> { };
    private boolean over;
    private BooleanSupplier decays = () -> false;

    BrokerNode(SimRun run, SimNet net, BrokerConfig config, int lanes, Saboteur... saboteurs) {
        this.run = run;
        this.net = net;
        this.config = config;
        this.skews = run.dice("clock skew");
        this.world = new SimWorld(run, lanes, saboteurs);
    }

    /** Every life to come finds the wall clock up to so much off. */
    void clockSkew(int msMax) {
        skewMsMax = msMax;
    }

    /**
     * From now on, and in every life to come, so many percent of the background work take up to {@code
     * msMax}.
     */
    void slowness(int percent, int msMax) {
        slowPercent = percent;
        slowMsMax = msMax;
        world.simIo().slow(percent, msMax);
    }

    /** What the disk holds is damaged, or was a moment ago, whenever {@code decays} says so. */
    void decays(BooleanSupplier decays) {
        this.decays = decays;
    }

    /** Each life from the next one on says that it begins, and that it serves. */
    void tells(Runnable booted, Runnable served) {
        this.booted = booted;
        this.served = served;
    }

    SimWorld world() {
        return world;
    }

    Broker broker() {
        return broker;
    }

    /** False while something is wrong with the disk. */
    boolean healthy() {
        return world.simDisk().faults().harmless() && !decays.getAsBoolean();
    }

    boolean serves() {
        return serving;
    }

    /** How often each end of a life was met. */
    Map<String, Long> ends() {
        return Map.of("kill -9", kills, "power cut", powerCuts, "restart", restarts);
    }

    @Override
    public boolean alive() {
        return alive;
    }

    /** With durability {@code os} only the process dies. */
    @Override
    public void crash(Survival wanted) {
        Survival survival = survivalOf(wanted);
        if (survival == Survival.KILL) kills++;
        else powerCuts++;
        alive = false;
        serving = false;
        over = true;
        net.serverDied();
        world.crash(survival);
    }

    /**
     * Ends this life as a good administrator does, or with a crash in the middle of that; then boots again.
     */
    void restart(Dice chance) {
        restarts++;
        alive = false;
        serving = false;
        net.serverDied();
        SimWorld ending = world;
        boolean[] ended = new boolean[1];
        Runnable end = () -> {
            if (ended[0] || over || ending != world) return;
            ended[0] = true;
            over = true;
            ending.crash(survivalOf(chance.percent(50) ? Survival.POWER_CUT : Survival.KILL));
            run.after(chance.below(50), "boot", this::boot);
        };
        broker.stop(() -> {
            run.trace().note("stopped cleanly", ending.life(), 0);
            run.after(0, "process ends", end);
        });
        if (chance.percent(20)) run.after(chance.below(20), "crash in the middle of a clean stop", end);
    }

    /**
     * The next force of some file fails; later the process ends, or the machine loses power. After the
     * process alone, the page cache goes on showing what the disk has lost, until the power goes, too.
     */
    void failAForce(Dice chance) {
        if (!alive) return;
        List<String> files = new ArrayList<>(world.simDisk().files());
        if (chance.percent(80)) files.removeIf(path -> !path.endsWith(".log"));
        if (files.isEmpty()) return;
        world.simDisk().faults().failForces(files.get(chance.below(files.size())), 1);
        SimWorld wounded = world;
        run.after(chance.between(5, 150), "after a failed force", () -> {
            if (world != wounded || !alive) return;
            boolean processOnly = chance.percent(70);
            crash(processOnly ? Survival.KILL : Survival.POWER_CUT);
            run.after(chance.below(50), "boot", this::boot);
            if (processOnly) run.after(chance.between(100, 500), "power cut in the next life",
                    () -> cutPower(chance.below(50)));
        });
    }

    /** Where there is a life to be ended. */
    void cutPower(int downMs) {
        if (!alive) return;
        crash(Survival.POWER_CUT);
        run.after(downMs, "boot", this::boot);
    }

    /** The disk has room for very little more, for a while. */
    void fillTheDisk(Dice chance) {
        if (!alive) return;
        world.simDisk().faults().capacity(world.simDisk().usedBytes() + chance.below(200));
        run.after(chance.between(1, 50), "there is room again", world.simDisk().faults()::roomAgain);
    }

    private Survival survivalOf(Survival wanted) {
        return config.durability() == Durability.OS ? Survival.KILL : wanted;
    }

    /** Starts the first life, or the next one. */
    @Override
    public void boot() {
        if (broker != null) world = world.reboot(skewMsMax == 0 ? 0 : skews.between(-skewMsMax, skewMsMax));
        world.simIo().slow(slowPercent, slowMsMax);
        alive = true;
        over = false;
        booted.run();
        Broker next = new Broker(world, config, "simulated-cluster");
        broker = next;
        arrivals = 0;
        next.start(failure -> {
            if (failure != null) {
                didNotStart(failure);
                return;
            }
            serving = true;
            run.trace().note("serving", world.life(), 0);
            net.serve(connection -> accept(next, connection));
            served.run();
        });
    }

    /** Forgiven when the disk is at fault: then somebody starts it again. */
    private void didNotStart(Throwable failure) {
        if (healthy() && !world.simDisk().faults()
                .struck()) throw new AssertionError("the broker did not start", failure);
        run.after(50, "start again", () -> {
            if (!alive || serving) return;
            crash(Survival.KILL);
            boot();
        });
    }

    private SimNet.ServerSide accept(Broker server, SimConnection connection) {
        Session session = server.door().open(peer(connection), new Port(connection));
        return new SimNet.ServerSide() {
            @Override
            public void receive(ByteBuffer frame, Runnable consumed) {
                session.receive(frame, consumed);
            }

            @Override
            public void closed() {
                session.closed();
            }
        };
    }

    private Peer peer(SimConnection connection) {
        return new Peer("10.0.0.1", 1024 + (int) (connection.id() % 60_000), connection.id(), arrivals++);
    }

    private record Port(SimConnection connection) implements ReplyPort {
        @Override
        public void send(Reply reply) {
            connection.reply(() -> rendered(reply), reply::release);
        }

        private static ByteBuffer rendered(Reply reply) {
            try {
                return reply.materialise().position(Integer.BYTES).slice();
            } catch (DiskFailure unreadable) {
                return null;
            } finally {
                reply.release();
            }
        }

        @Override
        public void close() {
            connection.hangUp();
        }

        @Override
        public void pauseReading(boolean paused) {
            connection.pauseReading(paused);
        }
    }
}
