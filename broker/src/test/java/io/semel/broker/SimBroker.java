package io.semel.broker;

import io.semel.broker.config.BrokerConfig;
import io.semel.broker.net.Peer;
import io.semel.kernel.world.Saboteur;
import io.semel.sim.SimRun;
import io.semel.sim.SimWorld;
import io.semel.sim.Survival;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/** A broker over the simulated world, and life after life of it,
        for tests that look at one path. One thread. */
final class SimBroker {
    private static final long STEPS_MAX = 400_000;

    final SimRun run;
    private final BrokerConfig config;
    private SimWorld world;
    private Broker broker;
    private long connections;

    private SimBroker(SimRun run, SimWorld world, BrokerConfig config) {
        this.run = run;
        this.world = world;
        this.config = config;
    }

    static SimBroker start(long seed, Saboteur... saboteurs) {
        return start(seed, BrokerConfig.defaults("127.0.0.1", 9092).withInternalPartitions(4), saboteurs);
    }

    static SimBroker start(long seed, BrokerConfig config, Saboteur... saboteurs) {
        SimRun run = new SimRun(seed);
        SimBroker sim = new SimBroker(run, new SimWorld(run, 3, saboteurs), config);
        sim.boot();
        return sim;
    }

    SimWorld world() {
        return world;
    }

    Broker broker() {
        return broker;
    }

    SimClient connect() {
        return new SimClient(this, broker.door(), new Peer("10.0.0.1", 1024, connections,
                (int) connections++));
    }

    /** Another session of a client's, in its place among the connections. */
    SimClient connectAs(SimClient client) {
        return new SimClient(this, broker.door(), client.peer());
    }

    /** The process dies and the next one starts. */
    void reboot(Survival survival) {
        reboot(survival, 0, next -> { });
    }

    /** The next process finds the wall clock set by so much. */
    void reboot(Survival survival, long setMs) {
        reboot(survival, setMs, next -> { });
    }

    /** @param between what happens to the next life's world before it begins */
    void reboot(Survival survival, Consumer<SimWorld> between) {
        reboot(survival, 0, between);
    }

    private void reboot(Survival survival, long setMs, Consumer<SimWorld> between) {
        world.crash(survival);
        world = world.reboot(setMs);
        between.accept(world);
        boot();
    }

    /** As the administrator does it. */
    void restart() {
        boolean[] stopped = new boolean[1];
        broker.stop(() -> stopped[0] = true);
        until(() -> stopped[0], "the broker to stop");
        reboot(Survival.POWER_CUT);
    }

    void until(BooleanSupplier done, String what) {
        if (!run.until(done,
                STEPS_MAX)) throw new AssertionError("waited in vain for " + what + ", seed " + run.seed());
    }

    private void boot() {
        broker = new Broker(world, config, "simulated-cluster");
        Throwable[] problem = new Throwable[1];
        boolean[] ready = new boolean[1];
        broker.start(failure -> {
            problem[0] = failure;
            ready[0] = true;
        });
        until(() -> ready[0], "the broker to start");
        if (problem[0] != null) throw new AssertionError("the broker did not start, seed " + run.seed(),
                problem[0]);
    }
}
