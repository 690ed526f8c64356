package io.semel.streams.run;

import static io.semel.streams.dsl.Via.via;

import io.semel.streams.Serdes;
import io.semel.streams.Store;
import io.semel.streams.StreamsError;
import io.semel.streams.StreamsError.FencedByNewerInstance;
import io.semel.streams.Topic;
import io.semel.streams.dsl.Keyed;
import io.semel.streams.dsl.Table;
import io.semel.streams.dsl.Topology;
import io.semel.streams.run.LogWorld.Entry;
import io.semel.streams.run.LogWorld.Sabotage;
import io.semel.streams.topology.Graph;
import io.semel.streams.topology.PartitionPlan;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.TopicPartition;

/**
 * One topology, a few instances, one seed: the seed decides who turns, what strikes, who restarts, which
 * marker is written. Ends with a quiet time in which everything has to come to rest; then the log is what is
 * judged.
 */
final class FaultRun {
    private static final Topic<String, String> EVENTS = Topic.of("events", Serdes.string(), Serdes.string());
    private static final Topic<String, String> NAMES = Topic.of("names", Serdes.string(), Serdes.string());
    private static final Topic<String, String> HOP = Topic.of("hop", Serdes.string(), Serdes.string());
    private static final Topic<String, String> SUMS = Topic.of("sums", Serdes.string(), Serdes.string());
    private static final Topic<String, Long> COUNTS = Topic.of("counts", Serdes.string(), Serdes.int64());
    private static final Store<String, String> SUM = Store.keyed("sum", Serdes.string(), Serdes.string());
    private static final Store<String, Long> COUNT = Store.keyed("count", Serdes.string(), Serdes.int64());
    private static final int EVENT_COUNT = 60;
    private static final int ORIGINS = 7;
    private static final int POLL_MAX = 6;
    private static final int FAULTY_STEPS = 500;
    private static final int QUIET_STEPS = 6000;

    private final SplittableRandom random;
    private final LogWorld world;
    private final Graph graph;
    private final PartitionPlan plan;
    private final int oneIn;
    private final boolean persistentIds;
    private final int commitMinIntervalMs;
    private final boolean growing;
    private final Saboteur saboteur;
    private long nowMs = 1_000_000;
    private final List<Place> places = new ArrayList<>();
    private final List<Place> zombies = new ArrayList<>();
    private final List<LogConsumer> zombiesEver = new ArrayList<>();
    private final List<String> trace = new ArrayList<>();
    private final RunStats stats = new RunStats();
    private int incarnations;
    private int fencedByTheGone;
    private int appended;
    private boolean quiet;
    private boolean inStall;

    /** A process: its host, its nemesis, what it is called; the host is gone after a crash. */
    private static final class Place {
        final int number;
        String transactionalIds;
        LogConsumer consumer;
        StepLane lane;
        Nemesis nemesis;
        TaskHost host;

        Place(int number) {
            this.number = number;
        }
    }

    FaultRun(long seed, int oneIn, Sabotage sabotage) {
        this(seed, oneIn, sabotage, null);
    }

    FaultRun(long seed, int oneIn, Sabotage sabotage, Saboteur saboteur) {
        this.saboteur = saboteur;
        this.random = new SplittableRandom(seed);
        this.oneIn = oneIn;
        this.growing = seed % 2 == 1;
        this.persistentIds = random.nextBoolean();
        this.commitMinIntervalMs = random.nextInt(4) == 0 ? 5 : 0;
        this.world = new LogWorld(random.split(), sabotage);
        this.graph = topology().graph();
        world.create("events", 3);
        world.create("names", 2);
        world.create("sums", 2);
        world.create("counts", 2);
        this.plan = PartitionPlan.of(graph, world.counts);
        plan.missing().forEach(topic -> world.create(topic.topic(), topic.partitions()));
        for (int i = 0; i < ORIGINS - 2; i++) {
            append(NAMES.name(), world.partitionOf("names", bytes("O" + i)), "O" + i, "name" + i);
        }
    }

    static Topology topology() {
        return Topology.of("app", s -> {
            Table<String, String> names = s.table(NAMES);
            Keyed<String, String> events = s.from(EVENTS).filter((k, v) -> !v.endsWith("0"));
            events.count(COUNT).to(COUNTS);
            events.rekey((k, v) -> k.toUpperCase(Locale.ROOT), via(HOP))
                    .aggregate(SUM, () -> "", (all, v) -> all.length() > 40 ? null : all + "," + v)
                    .toStream().filter((k, v) -> v != null).leftJoin(names, (sum, name) -> name + sum)
                    .to(SUMS);
        });
    }

    /** Runs to the end and returns every output, by topic and key, in the order a reader sees. */
    Map<String, List<String>> run() {
        for (int i = 0; i < 3; i++) {
            places.add(new Place(i));
        }
        for (int step = 0; step < FAULTY_STEPS; step++) {
            step();
        }
        quiet = true;
        Stream.concat(places.stream(), zombies.stream()).filter(place -> place.nemesis != null)
                .forEach(place -> place.nemesis.rest());
        for (int step = 0; step % 10 != 0 || !isAtRest(); step++) {
            if (step > QUIET_STEPS) {
                throw new AssertionError("does not come to rest; " + story());
            }
            step();
        }
        return outputs();
    }

    /** What the changelogs fold to, by store and key. */
    Map<String, String> changelogs() {
        Map<String, String> state = new TreeMap<>();
        for (String store : List.of("sum", "count")) {
            for (Entry entry : world.visible("app-" + store + "-changelog")) {
                state.put(store + "/" + text(entry.key()), entry.value() == null ? null : hex(entry.value()));
            }
        }
        return state;
    }

    String story() {
        return stats + "\n" + String.join("\n", trace.subList(Math.max(0, trace.size() - 80), trace.size()));
    }

    RunStats stats() {
        return stats;
    }

    /** How often a process stopped for a later one that had itself ended by then. */
    int fencedByTheGone() {
        return fencedByTheGone;
    }

    private void step() {
        if (appended < EVENT_COUNT && random.nextInt(4) == 0) {
            String origin = "o" + appended * 5 % ORIGINS;
            append(EVENTS.name(), appended * 5 % ORIGINS % 3, origin, origin + ":" + appended++);
        }
        nowMs += random.nextInt(3);
        Place place = places.get(random.nextInt(places.size()));
        if (random.nextInt(3) == 0 && place.host != null) {
            commitStep(place);
            return;
        }
        int dice = random.nextInt(100);
        if (dice < 80) {
            turn(place);
        } else if (dice < 90) {
            world.markOne();
        } else if (dice < 94) {
            expire();
        } else if (dice < 97 && !zombies.isEmpty()) {
            turnZombie();
        } else if (dice < 98 && !quiet && oneIn > 0 && place.host != null) {
            replace(place);
        } else if (dice < 99 && !quiet && oneIn > 0 && place.host != null) {
            close(place);
        }
    }

    private void turn(Place place) {
        try {
            if (place.host == null) {
                if (!quiet && random.nextInt(5) != 0) {
                    return;
                }
                start(place);
            }
            place.host.turn();
        } catch (Nemesis.Crash crash) {
            place.host = null;
        } catch (FencedByNewerInstance fenced) {
            place.host = null;
            if (zombiesEver.stream().noneMatch(place.consumer::isReplacedBy)) {
                throw new AssertionError("place " + place.number + " is fenced by nobody; " + story(),
                        fenced);
            }
            if (zombies.stream().map(zombie -> zombie.consumer).noneMatch(place.consumer::isReplacedBy)) {
                fencedByTheGone++;
            }
            trace.add("place " + place.number + " stops: its zombie joined later");
        } catch (StreamsError fatal) {
            throw new AssertionError("place " + place.number + " stopped; " + story(), fatal);
        }
    }

    /** A step of the commit that is under way, between two turns of its host. */
    private void commitStep(Place place) {
        try {
            place.lane.step();
        } catch (Nemesis.Crash crash) {
            place.host = null;
        }
    }

    private void turnZombie() {
        Place zombie = zombies.get(random.nextInt(zombies.size()));
        try {
            zombie.host.turn();
        } catch (Nemesis.Crash | FencedByNewerInstance gone) {
            trace.add("zombie of place " + zombie.number + " ends: " + gone.getMessage());
            zombies.remove(zombie);
        } catch (StreamsError fatal) {
            throw new AssertionError("zombie " + zombie.number + " stopped; " + story(), fatal);
        }
    }

    /** The process stands still in the middle of a step for so long that its group goes on without it. */
    private void stall(Place stalled) {
        if (inStall) {
            return;
        }
        inStall = true;
        world.group.leave(String.valueOf(stalled.consumer.member()));
        for (int i = random.nextInt(60); i > 0; i--) {
            Place other = places.get(random.nextInt(places.size()));
            if (other.number != stalled.number) {
                turn(other);
            }
            if (i % 8 == 0) {
                world.markOne();
            }
        }
        trace.add("place " + stalled.number + " goes on");
        inStall = false;
    }

    /** The operator starts a process anew without making sure that the old one is gone. */
    private void replace(Place place) {
        Place zombie = new Place(place.number);
        zombie.host = place.host;
        zombie.consumer = place.consumer;
        zombie.lane = place.lane;
        zombie.nemesis = place.nemesis;
        zombie.transactionalIds = place.transactionalIds;
        place.host = null;
        if (persistentIds) {
            trace.add("place " + place.number + " is started again beside its zombie");
            zombies.add(zombie);
            zombiesEver.add(zombie.consumer);
        }
    }

    private void close(Place place) {
        trace.add("close place " + place.number);
        try {
            place.host.close();
        } catch (Nemesis.Crash crash) {
            trace.add("crash while closing");
        }
        place.host = null;
    }

    private void start(Place place) {
        String name = persistentIds ? "p" + place.number : "r" + ++incarnations;
        trace.add("start place " + place.number + " as " + name);
        place.transactionalIds = name + "-";
        place.nemesis = new Nemesis(random, quiet ? 0 : oneIn,
                strike -> trace.add("place " + place.number + ": " + strike),
                () -> List.of(0, 1, 2).forEach(i -> world.expire(name + "-" + i)), () -> stall(place));
        Clients clients = new Clients() {
            @Override
            public Consumer<byte[], byte[]> member(String group, Optional<String> instance, String clientId) {
                place.consumer = new LogConsumer(world, place.nemesis, group, instance.orElse(null),
                        POLL_MAX);
                return Partial.as(Consumer.class, place.consumer);
            }

            @Override
            public Consumer<byte[], byte[]> reader(String clientId) {
                return Partial.as(Consumer.class, new LogConsumer(world, place.nemesis, null, null, 20));
            }

            @Override
            public Producer<byte[], byte[]> producer(String transactionalId) {
                return Partial.as(Producer.class, new LogProducer(world, place.nemesis, transactionalId));
            }

            @Override
            public TopicDesk topics() {
                return world.desk(place.nemesis);
            }

            @Override
            public CommitLane lane(String lane) {
                place.lane = new StepLane(saboteur == Saboteur.COMMIT_BEFORE_THE_LAST_ONE,
                        steps -> random.nextInt(steps + 1));
                return place.lane;
            }

            @Override
            public long clockMs() {
                return nowMs;
            }

            @Override
            public boolean isSabotaged(Saboteur asked) {
                return saboteur == asked;
            }
        };
        place.host = new TaskHost(graph, plan, clients, Snapshots.none(), new TaskHost.Identity(
                persistentIds ? Optional.of(name) : Optional.empty(), name, name,
                commitMinIntervalMs, growing ? POLL_MAX : Integer.MAX_VALUE), stats);
    }

    /**
     * Time passes: members that do not join are evicted, transactions nobody can end any more are aborted.
     */
    private void expire() {
        if (oneIn > 0) {
            world.group.expireSilent();
        }
        for (String member : world.group.members()) {
            if (live().noneMatch(place -> member.equals(place.consumer.member()))) {
                world.group.leave(member);
            }
        }
        for (String id : world.ids.keySet()) {
            if (live().noneMatch(place -> id.startsWith(place.transactionalIds))) {
                world.expire(id);
            }
        }
    }

    private Stream<Place> live() {
        return Stream.concat(places.stream(), zombies.stream()).filter(place -> place.host != null);
    }

    private boolean isAtRest() {
        if (appended < EVENT_COUNT || !zombies.isEmpty() || !world.isSettled() || !world.group.isStable()) {
            return false;
        }
        return graph.sourceTopics().stream().allMatch(topic -> {
            for (int p = 0; p < world.counts.get(topic); p++) {
                TopicPartition partition = new TopicPartition(topic, p);
                long done = world.committed.getOrDefault(partition, 0L);
                if (world.logs.get(partition).stream().anyMatch(e -> e.offset() >= done && e.isVisible())) {
                    return false;
                }
            }
            return true;
        });
    }

    private Map<String, List<String>> outputs() {
        Map<String, List<String>> outputs = new TreeMap<>();
        for (Entry entry : world.visible("sums")) {
            outputs.computeIfAbsent("sums/" + text(entry.key()), key -> new ArrayList<>())
                    .add(text(entry.value()));
        }
        for (Entry entry : world.visible("counts")) {
            outputs.computeIfAbsent("counts/" + text(entry.key()), key -> new ArrayList<>())
                    .add(hex(entry.value()));
        }
        return outputs;
    }

    private void append(String topic, int partition, String key, String value) {
        world.append(new TopicPartition(topic, partition), appended, bytes(key), bytes(value), null);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }

    private static String hex(byte[] bytes) {
        return java.util.HexFormat.of().formatHex(bytes);
    }
}
