package io.semel.broker;

import io.semel.broker.catalogue.Catalogue;
import io.semel.broker.config.BrokerConfig;
import io.semel.broker.courier.BurialCourier;
import io.semel.broker.courier.Groups;
import io.semel.broker.courier.ProducerIds;
import io.semel.broker.courier.Transactions;
import io.semel.broker.desk.Desks;
import io.semel.broker.desk.FrontDesk;
import io.semel.broker.desk.Host;
import io.semel.broker.desk.NewestConnections;
import io.semel.broker.desk.Topics;
import io.semel.broker.metrics.TransactionGauges;
import io.semel.broker.net.FrontDoor;
import io.semel.broker.partition.Rooms;
import io.semel.broker.partition.TopicRemoval;
import io.semel.kernel.lane.Lane;
import io.semel.kernel.lane.Published;
import io.semel.kernel.world.Saboteur;
import io.semel.kernel.world.World;
import io.semel.log.disk.Reserve;
import java.util.function.Consumer;

/**
 * The engine: builds its rooms from a world and opens its door when they are folded. The same class in
 * production, in an embedding JVM and in the simulator. {@link #start} and {@link #stop} may be called from
 * any thread, once each.
 */
public final class Broker {
    private final World world;
    private final Rooms rooms;
    private final StartUp startUp;
    private final Checkpoints checkpoints;
    private final Housekeeping housekeeping;
    private final LogCleaner cleaner;
    private final OrphanSweep orphans;
    private final FrontDoor door;
    private final TransactionGauges gauges;
    private final Host host;
    private final Lane home;

    /** @param clusterId told to clients; kept by the data directory */
    public Broker(World world, BrokerConfig config, String clusterId) {
        this.world = world;
        this.home = world.lanes().lane(0);
        Published<Catalogue> view = new Published<>(Catalogue.initial(config.internalPartitions()));
        Reserve reserve = new Reserve(world.disk());
        LogStarts starts = new LogStarts(world, home, view, reserve);
        RoomPlan plan = new RoomPlan(world, config, view, starts, reserve);
        this.rooms = new Rooms(world, plan);
        this.checkpoints = new Checkpoints(world, home, rooms, view, reserve, plan.upkeep().pointsEveryMs());
        TopicRemoval.Forgetting forgetting = (names, lane, then) ->
                checkpoints.forget(names, home, failed -> {
            Consumer<Throwable> answer = problem -> lane.post(() -> then.accept(problem));
            if (failed != null) answer.accept(failed);
            else plan.cleanerPoints().forget(names, problem -> {
                if (problem == null) starts.forget(names, answer);
                else answer.accept(problem);
            });
        });
        Groups groups = new Groups(rooms, config.internalPartitions());
        plan.open(rooms, new BurialCourier(new TopicRemoval(rooms, world, forgetting), groups,
                rooms.laneOf(ProducerIds.JOURNAL),
                world.clock()));
        this.housekeeping = new Housekeeping(world, home, rooms, plan, starts, config);
        this.cleaner = new LogCleaner(world, home, rooms, plan, checkpoints);
        ProducerIds producerIds = new ProducerIds(rooms);
        Transactions transactions = new Transactions(rooms, producerIds, config.internalPartitions());
        this.orphans = new OrphanSweep(world, rooms, transactions, home);
        Topics topics = new Topics(view, rooms, config.nodeId());
        this.host = new Host(config.nodeId(), config.advertisedHost(), config.advertisedPort(),
                config.set().get("broker.rack"), clusterId);
        NewestConnections connections = new NewestConnections(transactions,
                world.sabotaged(Saboteur.STALE_CONNECTION_SERVED));
        Desks desks = new DeskPlan(world, config, host, topics, rooms, transactions, groups, producerIds,
                connections, starts).desks();
        this.gauges = new TransactionGauges(world, rooms, connections, config.transactionTimeoutMaxMs());
        this.door = new FrontDesk(desks, world.lanes());
        this.startUp = new StartUp(world, rooms, view, plan, checkpoints, starts);
    }

    /** Folds everything again, then calls {@code ready} on a lane: with null, or with why it cannot serve. */
    public void start(Consumer<Throwable> ready) {
        home.post(() -> startUp.run(home, problem -> {
            if (problem != null) {
                ready.accept(problem);
                return;
            }
            orphans.run(() -> {
                checkpoints.run();
                housekeeping.run();
                cleaner.run();
                ready.accept(null);
            });
        }));
    }

    /** For those who watch. */
    public TransactionGauges gauges() {
        return gauges;
    }

    /** Where connections come in, once started. */
    public FrontDoor door() {
        return door;
    }

    /** The port that clients are told, when it was not known before; before the first connection. */
    public void listensOn(int port) {
        host.listensOn(port);
    }

    /**
     * Makes everything durable and closes it; {@code done} runs on a lane. Nothing may come in through the
     * door any more.
     */
    public void stop(Runnable done) {
        rooms.closeAll(home, ends -> {
            if (ends == null) done.run();
            else checkpoints.stop(ends, done);
        });
    }

    /** For those who look from outside: the simulator, tests, tools. */
    public Rooms rooms() {
        return rooms;
    }
}
