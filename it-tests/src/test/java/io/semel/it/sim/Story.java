package io.semel.it.sim;

import io.semel.broker.config.BrokerConfig;
import io.semel.broker.config.Durability;
import io.semel.kernel.world.Saboteur;
import io.semel.sim.Dice;
import io.semel.sim.Nemesis;
import io.semel.sim.SimNet;
import io.semel.sim.SimRun;
import io.semel.sim.Survival;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import org.apache.kafka.common.compress.Compression;

/**
 * One seed's story: a broker, clients of every kind that write and read, a nemesis; then everything heals,
 * comes to rest, and is read to its end, twice, with a power cut between. One thread.
 */
final class Story {
    /** In a long story journals of coordinators are cleaned, and transactions with them. */
    private static final long CLEANING_AFTER_MS = 10_000;
    private static final int DECAY_PERCENT = 20;
    private static final long STEPS_MAX = 60_000;
    /** With many crashes the clients' programs take longer. */
    private static final long DENSE_STEPS_MAX = 600_000;
    private static final long SETTLING_MS_MAX = 4_000;

    private final long seed;
    private final SimRun run;
    private final SimNet net;
    private final Dice dice;
    private final int spanMs;
    private final int internalPartitions;
    private final boolean fullDisks;
    private final boolean holdsUp;
    private final boolean cleans;
    private final BrokerNode node;
    private final History history = new History();
    private final Clients clients;
    /** Null where the topic keeps what it was given. */
    private final Trims trims;
    private final Admin admin;
    private final Nemesis nemesis;
    /** Null where crashes are not dense. */
    private final Ambushes ambushes;
    /** Null where the disk is as good as new. */
    private final Decay decay;
    private final List<TransactionalProducer> producers = new ArrayList<>();
    private final List<PlainProducer> plain = new ArrayList<>();
    private final List<Reader> readers = new ArrayList<>();
    private final List<String> transactionalIds = new ArrayList<>();
    private final List<Membership> settlers = new ArrayList<>();
    /** Null where no topic is deleted. */
    private Rebirths rebirths;
    /** Null where nobody copies. */
    private Speaks speaks;

    Story(long seed, Saboteur... saboteurs) {
        this(seed, false, saboteurs);
    }

    /** The same seed with many crashes in quick succession, most of them at steps of the broker. */
    static Story dense(long seed, Saboteur... saboteurs) {
        return new Story(seed, true, saboteurs);
    }

    private Story(long seed, boolean dense, Saboteur... saboteurs) {
        this.seed = seed;
        this.run = new SimRun(seed);
        this.net = new SimNet(run);
        this.dice = run.dice("story");
        this.spanMs = dice.between(100, 600);
        this.internalPartitions = dice.between(1, 3);
        BrokerConfig config = BrokerConfig.defaults("127.0.0.1", 9092)
                .withInternalPartitions(internalPartitions)
                .withDurability(dice.percent(15) ? Durability.OS : Durability.FORCE)
                .withSegmentBytes(dice.percent(40) ? 1 << 20 : dice.between(300, 2_000));
        config = config.with(Map.of("semel.segments.open.max",
                Integer.toString(run.dice("open segments").between(2, 12))));
        Dice chores = run.dice("upkeep");
        this.cleans = chores.percent(50);
        Map<String, String> settings = new TreeMap<>(cleans ? upkeep(chores) : Map.of());
        settings.put("group.min.session.timeout.ms", "1");
        String sessionMs = Integer.toString(run.dice("sessions").between(150, 500));
        settings.put("group.consumer.session.timeout.ms", sessionMs);
        settings.put("group.streams.min.session.timeout.ms", "1");
        settings.put("group.streams.session.timeout.ms", sessionMs);
        Dice chance = run.dice("decay");
        boolean decays = chance.percent(DECAY_PERCENT);
        if (decays) settings.put("log.flush.offset.checkpoint.interval.ms",
                Integer.toString(chance.between(5, 50)));
        BrokerConfig kept = config.with(settings);
        int lanes = dice.between(2, 3);
        int partitions = dice.between(2, 4);
        this.trims = trims(partitions);
        if (trims != null) kept = kept.withSegmentBytes(trims.segmentBytes).with(Map.of(
                "log.retention.check.interval.ms", Integer.toString(trims.checkMs)));
        this.node = new BrokerNode(run, net, kept, lanes, saboteurs);
        this.clients = new Clients(run, net, history, partitions);
        clients.lingers = dense;
        clients.compacts = cleans && chores.percent(70) && trims == null;
        clients.trims = trims;
        if (run.dice("compression").percent(25)) clients.compression = Compression.gzip().build();
        this.admin = new Admin(clients);
        node.slowness(dice.percent(40) ? 0 : dice.between(10, 90), dice.between(5, 150));
        if (dice.percent(20)) node.clockSkew(20);
        holdsUp = dice.percent(35);
        this.nemesis = new Nemesis(run).crashes(6, node, 75, 40).cuts(4, net)
                .pauses(1, dice.percent(20) ? 100_000 : 2_000)
                .learn("client crash", 2, this::crashAClient)
                .learn("cut and power cut", 3, this::cutAndPowerCut)
                .learn("restart", 1, this::restart);
        boolean forcesFail = config.durability() == Durability.FORCE && dice.percent(30);
        if (forcesFail) nemesis.learn("force fails", 5, node::failAForce);
        this.fullDisks = dice.percent(40);
        if (fullDisks) nemesis.learn("disk full", 3, node::fillTheDisk);
        this.ambushes = dense ? new Ambushes(run, node) : null;
        this.decay = decays ? new Decay(run, node, chance, clients.compacts, this::startAnotherReader) : null;
        clients.decay = decay;
        if (decays) node.decays(decay::standing);
    }

    /** Everything is written down and cleaned all the time, with little memory for keys in some stories. */
    private static Map<String, String> upkeep(Dice chores) {
        return Map.of("log.flush.offset.checkpoint.interval.ms", Integer.toString(chores.between(5, 50)),
                "log.cleaner.backoff.ms", Integer.toString(chores.between(5, 60)),
                "log.cleaner.dedupe.buffer.size", chores.percent(20) ? "384" : "65536",
                "semel.state.snapshot.bytes", Integer.toString(chores.between(200, 4_000)),
                "semel.producer.snapshot.bytes", Integer.toString(chores.between(300, 8_000)));
    }

    /** In some stories the topic loses its beginning; null in the others. */
    private Trims trims(int partitions) {
        Dice chance = run.dice("trims");
        return chance.percent(25) ? new Trims(chance, partitions) : null;
    }

    long seed() {
        return seed;
    }

    SimRun run() {
        return run;
    }

    History history() {
        return history;
    }

    /** How often the broker's life ended, by how. */
    Map<String, Long> ends() {
        return node.ends();
    }

    /** How often the nemesis struck, by what; crashes are told by {@link #ends}. */
    Map<String, Long> struck() {
        Map<String, Long> struck = nemesis.struck();
        struck.keySet().removeAll(List.of("crash", "restart"));
        if (decay != null) struck.putAll(decay.met());
        return struck;
    }

    /** How often which step was crashed at. */
    Map<String, Long> ambushed() {
        return ambushes == null ? Map.of() : ambushes.met();
    }

    /** Plays it. @return what must not be, in words; empty when all is well */
    List<String> violations() {
        node.boot();
        if (!reach(node::serves)) return stuck("the first start");
        admin.createTopics();
        if (!reach(() -> admin.ready())) return stuck("creating topics");
        startClients();
        if (holdsUp) net.holdUp(4, 250);
        // who reads everything sees no rot until the power goes
        if (decay == null || run.dice("decay inspected").percent(50)) {
            run.after(10, "inspection", this::inspect);
        }
        nemesis.start(dice.between(2, 14), spanMs);
        if (decay != null) decay.start(spanMs, clients.partitionCount, internalPartitions);
        if (ambushes != null) ambushes.start(run.dice("dense").between(30, 60));
        if (!run.until(this::playedOut, ambushes == null ? STEPS_MAX : DENSE_STEPS_MAX)) {
            return stuck("the clients' programs");
        }
        net.slow(5, 20);
        net.holdUp(0, 1);
        node.slowness(0, 1);
        Outcome outcome = new Outcome(clients.compacts);
        if (!readToTheEnd(outcome, "last")) return stuck("coming to rest");
        if (!readOffsets(outcome)) return stuck("reading offsets");
        List<String> lost = bookmarks(outcome);
        startSettlers();
        if (!settles()) return stuck("settling");
        for (Reader reader : readers) {
            (reader.readsCommitted() ? outcome.committedOnTheWay : outcome.uncommittedOnTheWay)
                    .add(reader.view());
        }
        List<String> violations = new ArrayList<>(Oracle.violations(history, outcome));
        violations.addAll(lost);
        if (violations.isEmpty()) violations.addAll(afterAPowerCut(outcome));
        return violations;
    }

    private boolean playedOut() {
        return clients.busy == 0 && clients.lingering == 0 && nemesis.done()
                && (ambushes == null || ambushes.done()) && (decay == null || decay.done())
                && node.serves() && node.healthy();
    }

    /** What was found must be found again by the next life. */
    private List<String> afterAPowerCut(Outcome before) {
        if (!reach(node::serves)) return stuck("a crash that came late");
        node.crash(Survival.POWER_CUT);
        node.boot();
        if (!reach(node::serves)) return stuck("the last start");
        Outcome after = new Outcome(clients.compacts);
        if (!readToTheEnd(after, "afterwards")) return stuck("reading after the last start");
        if (!readOffsets(after)) return stuck("reading offsets after the last start");
        if (!settles()) return stuck("settling after the last start");
        after.committedOnTheWay.add(before.committed);
        after.uncommittedOnTheWay.add(before.uncommitted);
        List<String> violations = new ArrayList<>(Oracle.violations(history, after));
        violations.addAll(bookmarks(after));
        return violations;
    }

    private List<String> bookmarks(Outcome outcome) {
        return clients.bookmarks.violations(outcome.offsets.get(Membership.GROUP));
    }

    private void startClients() {
        int ids = dice.between(2, 3);
        for (int number = 0; number < ids; number++) {
            String transactionalId = "x" + number;
            transactionalIds.add(transactionalId);
            boolean versionTwo = dice.percent(50);
            producers.add(start(transactionalId + "a", transactionalId, versionTwo));
            if (dice.percent(40)) producers.add(start(transactionalId + "b", transactionalId,
                    dice.percent(80) == versionTwo));
        }
        startPlainProducers();
        startCopiers();
        if (trims != null) trims.start(clients);
        Dice chance = run.dice("rebirths");
        if (chance.percent(20)) {
            rebirths = new Rebirths(clients, chance);
            rebirths.start();
        }
        for (int number = dice.between(2, 4); number > 0; number--) {
            Reader reader = new Reader(clients, "r" + number, dice.percent(70), new View());
            readers.add(reader);
            run.after(dice.below(spanMs), "reader starts", reader::start);
        }
    }

    private void startAnotherReader() {
        Dice chance = run.dice("another reader " + readers.size());
        Reader reader = new Reader(clients, "r" + readers.size() + " late", chance.percent(50), new View());
        readers.add(reader);
        reader.start();
    }

    /**
     * None where disks may be full: the first batch of an unknown producer is taken whatever its sequence
     * (as Kafka does), so that a refused batch can be overtaken by the next; clients then begin a new epoch,
     * out of order.
     */
    private void startPlainProducers() {
        if (fullDisks) return;
        for (int number = dice.between(0, 2); number > 0; number--) {
            PlainProducer producer = new PlainProducer(clients, "p" + number, dice.between(4, 20));
            plain.add(producer);
            producer.start();
        }
    }

    /** Members of a group, in some stories; each transaction takes one step of a chain. */
    private void startCopiers() {
        Dice chance = run.dice("copiers");
        if (!chance.percent(40)) return;
        speaks = Speaks.of(run.dice("protocols"), run.dice("streams groups"));
        for (int number = chance.between(2, 3); number > 0; number--) {
            producers.add(TransactionalProducer.copier(clients, "c" + number, chance.percent(50),
                    chance.between(2, 6), speaks));
        }
    }

    /** Whoever is left of the group goes by its session; these two come and stay. */
    private void startSettlers() {
        if (speaks == null) return;
        for (String name : List.of("s1", "s2")) {
            Membership settler = speaks.member(clients, name, clients.dice(name)).equipped(null, 0);
            settlers.add(settler);
            settler.settle();
        }
    }

    /** Nothing is wrong any more, so that every chain soon has its one holder, and each member its share. */
    private boolean settles() {
        long fromMs = run.nowMs();
        boolean reached = reach(() -> settlers.isEmpty() || Membership.share(settlers,
                clients.partitionCount));
        long tookMs = run.nowMs() - fromMs;
        if (tookMs > SETTLING_MS_MAX) history.complain("it took " + tookMs + " ms to settle");
        return reached && tookMs <= SETTLING_MS_MAX;
    }

    private TransactionalProducer start(String name, String transactionalId, boolean versionTwo) {
        return TransactionalProducer.start(clients, name, transactionalId, versionTwo, dice.between(2, 8));
    }

    private void crashAClient(Dice chance) {
        int victim = chance.below(producers.size() + plain.size());
        if (victim >= producers.size()) {
            plain.get(victim - producers.size()).crash();
            return;
        }
        producers.get(victim).current().crash();
    }

    /**
     * While forces take long, clients lose their connections and ask again; then the power goes, sometimes
     * that of the clients too (an embedded engine dies with its application).
     */
    private void cutAndPowerCut(Dice chance) {
        node.world().simIo().slow(100, 300);
        int afterMs = chance.between(3, 15);
        run.after(afterMs, "cut all", () -> {
            while (net.cutOne()) run.trace().note("cut one more", 0, 0);
        });
        run.after(afterMs + chance.between(10, 70), "power cut", () -> {
            if (!node.alive()) return;
            node.crash(Survival.POWER_CUT);
            run.after(chance.below(50), "boot", node::boot);
            if (chance.percent(50)) producers.forEach(producer -> producer.current().crash());
        });
    }

    private void inspect() {
        if (node.serves()) inspectNow();
        if (clients.busy > 0) run.after(dice.between(1, 60), "inspection", this::inspect);
    }

    private void inspectNow() {
        long life = node.world().life();
        Inspector.inspect(node.broker(), cleanedByNow(), decay == null ? () -> false : decay::standing,
                partition -> {
            if (trims != null) trims.inspect(partition, life);
        });
    }

    private boolean cleanedByNow() {
        return cleans || run.nowMs() - SimRun.START_MS > CLEANING_AFTER_MS;
    }

    private void restart(Dice chance) {
        if (node.serves()) node.restart(chance);
    }

    private boolean readToTheEnd(Outcome outcome, String name) {
        Reader committed = new Reader(clients, name + " committed", true, outcome.committed);
        Reader uncommitted = new Reader(clients, name + " uncommitted", false, outcome.uncommitted);
        List<Reader> last = List.of(committed, uncommitted);
        last.forEach(Reader::start);
        boolean reached = reach(() -> committed.hasReadAll() && uncommitted.hasReadAll());
        if (!reached) last.forEach(reader -> history.complain(reader.standing()));
        readers.forEach(Reader::stop);
        outcome.decays = decay != null;
        if (trims != null) outcome.starts = trims.starts();
        last.forEach(Reader::stop);
        return reached;
    }

    private boolean readOffsets(Outcome outcome) {
        admin.fetchOffsets(transactionalIds, outcome.offsets);
        admin.fetchChains(outcome.offsets);
        if (speaks != null) admin.fetchOffsets(List.of(Membership.GROUP), outcome.offsets);
        return reach(admin::ready);
    }

    private boolean reach(BooleanSupplier goal) {
        return run.until(goal, STEPS_MAX);
    }

    private List<String> stuck(String where) {
        List<String> said = new ArrayList<>();
        said.add("stuck in " + where + ": " + clients.busy + " clients busy, at "
                + (run.nowMs() - SimRun.START_MS) + " ms");
        for (TransactionalProducer producer : producers) {
            if (!producer.current().isOver()) said.add(producer.current().toString());
        }
        settlers.forEach(settler -> said.add(settler.toString()));
        if (rebirths != null) said.add(rebirths.toString());
        if (trims != null) said.add(trims.toString());
        said.addAll(history.complaints());
        return said;
    }
}
