package io.semel.streams.rival;

import static org.apache.kafka.common.serialization.Serdes.String;

import io.semel.streams.KeyValue;
import io.semel.streams.Serdes;
import io.semel.streams.Store;
import io.semel.streams.Topic;
import io.semel.streams.dsl.Keyed;
import io.semel.streams.dsl.Sources;
import io.semel.streams.dsl.Table;
import io.semel.streams.dsl.Topology;
import io.semel.streams.dsl.Via;
import io.semel.streams.dsl.WindowedTable;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import org.apache.kafka.streams.StreamsBuilder;
import org.apache.kafka.streams.kstream.Consumed;
import org.apache.kafka.streams.kstream.EmitStrategy;
import org.apache.kafka.streams.kstream.Grouped;
import org.apache.kafka.streams.kstream.JoinWindows;
import org.apache.kafka.streams.kstream.KGroupedStream;
import org.apache.kafka.streams.kstream.KStream;
import org.apache.kafka.streams.kstream.KTable;
import org.apache.kafka.streams.kstream.Materialized;
import org.apache.kafka.streams.kstream.Named;
import org.apache.kafka.streams.kstream.Produced;
import org.apache.kafka.streams.kstream.Repartitioned;
import org.apache.kafka.streams.kstream.SessionWindows;
import org.apache.kafka.streams.kstream.StreamJoined;
import org.apache.kafka.streams.kstream.TimeWindows;
import org.apache.kafka.streams.kstream.WindowedSerdes;
import org.apache.kafka.streams.state.KeyValueStore;

/**
 * Describes one random program to both sides, verb by verb. Every step's result goes to a topic of its own,
 * so that a difference shows at the step that makes it.
 */
final class Generator {
    static final long SESSION_GAP_MS = 3;
    static final long SESSION_GRACE_MS = 6;
    private static final int STEPS_MIN = 4;
    private static final int STEPS_MORE = 6;

    private final SplittableRandom random;
    private final boolean hops;
    private boolean holds;
    private final Set<String> last = new TreeSet<>();
    private final StreamsBuilder theirs = new StreamsBuilder();
    private final List<StreamPair> streams = new ArrayList<>();
    private final List<TablePair> tables = new ArrayList<>();
    private final Map<String, Function<byte[], String>> keyReaders = new TreeMap<>();
    private final List<TheirSide.StoreReader> storeReaders = new ArrayList<>();
    private final Set<String> stores = new TreeSet<>();
    private final Set<String> tableTopics = new TreeSet<>();
    private final Set<String> unordered = new TreeSet<>();
    private final List<String> story = new ArrayList<>();
    private int number;

    /** A stream on both sides; {@code roots} are the topics whose records get there. */
    private record StreamPair(String name, Set<String> roots, Keyed<String, String> ours,
                              KStream<String, String> theirs) {
    }

    private record TablePair(String name, Set<String> roots, Table<String, String> ours,
                             KTable<String, String> theirs) {
    }

    /** @param hops whether streams and tables may be sent through a topic to be re-keyed */
    Generator(SplittableRandom random, boolean hops) {
        this.random = random;
        this.hops = hops;
    }

    /** One without hops, whose tables may tell of a transaction's changes only the newest. */
    static Generator holding(SplittableRandom random) {
        Generator holding = new Generator(random, false);
        holding.holds = true;
        return holding;
    }

    /** The topics that the program reads. */
    static List<String> inputTopics() {
        return List.of("s0", "s1", "s2", "t0", "t1", "t2");
    }

    Topology describe() {
        return Topology.of("app", sources -> {
            for (String topic : List.of("s0", "s1", "s2")) {
                streams.add(new StreamPair(topic, Set.of(topic), sources.from(topic(topic)),
                        theirs.stream(topic, Consumed.with(String(), String()))));
            }
            for (String topic : List.of("t0", "t1", "t2")) {
                tables.add(new TablePair(topic, Set.of(topic), sources.table(topic(topic)),
                        theirs.table(topic, Consumed.with(String(), String()), store(topic))));
                keyed(topic);
            }
            int steps = STEPS_MIN + random.nextInt(STEPS_MORE);
            for (int i = 0; i < steps; i++) {
                step(sources);
            }
        });
    }

    org.apache.kafka.streams.Topology theirs() {
        return theirs.build();
    }

    Map<String, Function<byte[], String>> keyReaders() {
        return keyReaders;
    }

    /** Topics that have the changes of a table. */
    Set<String> tableTopics() {
        return tableTopics;
    }

    /** The stores whose rows are compared. */
    Set<String> stores() {
        return stores;
    }

    /**
     * Topics whose records of a key may come in another order: when nothing can meet a record any more, we
     * tell it at the next record; Kafka Streams sometimes later, as it only estimates the oldest one it
     * keeps. Nothing else is built on them.
     */
    Set<String> unordered() {
        return unordered;
    }

    /** Topics of tables some of whose changes are not told: the last value of a key is the same. */
    Set<String> last() {
        return last;
    }

    List<TheirSide.StoreReader> storeReaders() {
        return storeReaders;
    }

    String story() {
        return String.join("\n", story);
    }

    private void step(Sources sources) {
        switch (random.nextInt(14)) {
            case 0, 1 -> stateless(stream());
            case 2 -> {
                if (hops) {
                    rekey(stream());
                }
            }
            case 3 -> {
                StreamPair a = stream();
                merge(a, streamApartFrom(a.roots));
            }
            case 4 -> aggregate(stream());
            case 5 -> reduce(stream());
            case 6 -> timeWindows(stream());
            case 7 -> sessions(stream());
            case 8 -> {
                TablePair table = table();
                joinTable(streamApartFrom(table.roots), table);
            }
            case 9, 10 -> {
                StreamPair a = stream();
                joinStream(a, streamApartFrom(a.roots));
            }
            case 11 -> {
                TablePair a = table();
                joinTables(a, tableApartFrom(a.roots));
            }
            case 12 -> {
                if (hops) {
                    regroup(table());
                }
            }
            default -> tableStateless(table());
        }
    }

    private void stateless(StreamPair from) {
        switch (random.nextInt(3)) {
            case 0 ->
                    add("filter", from.name, from.roots,
                            from.ours.filter((k, v) -> Functions.hash(k, v) % 3 != 0),
                    from.theirs.filter((k, v) -> Functions.hash(k, v) % 3 != 0));
            case 1 ->
                    add("mapValues", from.name, from.roots,
                            from.ours.mapValues(v -> v == null ? null : v + "m"),
                    from.theirs.mapValues(v -> v == null ? null : v + "m"));
            default ->
                    add("flatMapValues", from.name, from.roots, from.ours.flatMapValues(Functions::several),
                    from.theirs.flatMapValues(Functions::several));
        }
    }

    private void rekey(StreamPair from) {
        String name = "via" + number;
        add("rekey " + name, from.name, from.roots,
                from.ours.rekey((k, v) -> Functions.newKey(v), Via.via(topic(name))),
                from.theirs.selectKey((k, v) -> Functions.newKey(v)).filter((k, v) -> k != null)
                        .repartition(Repartitioned.with(String(), String()).withName(name)));
    }

    private void merge(StreamPair a, StreamPair b) {
        if (b != null) {
            add("merge", a.name + " " + b.name, union(a.roots, b.roots), a.ours.merge(b.ours),
                    a.theirs.merge(b.theirs));
        }
    }

    private void aggregate(StreamPair from) {
        String name = "agg" + number;
        add("aggregate " + name, from.name, from.roots,
                from.ours.aggregate(ourStore(name), () -> "0", Functions::fold),
                grouped(from).aggregate(() -> "0", (k, v, a) -> Functions.fold(a, v), store(name)));
        keyed(name);
    }

    private void reduce(StreamPair from) {
        String name = "red" + number;
        add("reduce " + name, from.name, from.roots, from.ours.reduce(ourStore(name), Functions::fold),
                grouped(from).reduce(Functions::fold, store(name)));
        keyed(name);
    }

    private void timeWindows(StreamPair from) {
        long size = 2 + random.nextInt(8);
        long advance = random.nextBoolean() ? size : 1 + random.nextInt((int) size);
        long grace = random.nextInt(10);
        boolean last = random.nextInt(3) == 0;
        String name = "win" + number;
        var ours =
                from.ours
                        .windowed(io.semel.streams.TimeWindows.hopping(ms(size), ms(advance))
                                .grace(ms(grace)));
        var windows = grouped(from).windowedBy(
                TimeWindows.ofSizeAndGrace(ms(size), ms(grace)).advanceBy(ms(advance)));
        if (last) {
            windows = windows.emitStrategy(EmitStrategy.onWindowClose());
        }
        var theirWindows = windows.aggregate(() -> "0", (k, v, a) -> Functions.fold(a, v),
                Materialized.<String, String, org.apache.kafka.streams.state.WindowStore<
                        org.apache.kafka.common.utils.Bytes, byte[]>>as(name).withKeySerde(String())
                        .withValueSerde(String()).withRetention(Duration.ofDays(1)));
        WindowedTable<String, String> ourWindows = (last ? ours.emitFinal() : ours)
                .aggregate(ourStore(name), () -> "0", Functions::fold);
        String out = tell("windows " + name + " size " + size + " advance " + advance + " grace " + grace
                + (last ? " final" : ""), from.name);
        ourWindows.to(Topic.of(out, Serdes.windowed(Serdes.string(), ms(size)), Serdes.string()));
        theirWindows.toStream().to(out, Produced.with(
                WindowedSerdes.timeWindowedSerdeFrom(String.class, size), String()));
        keyReaders.put(out, bytes -> Functions.windowedKey(bytes, 8));
        stores.add(name);
        storeReaders.add((driver, clocks, into) -> {
            try (var rows = driver.<String, String>getTimestampedWindowStore(name).all()) {
                rows.forEachRemaining(row -> {
                    if (row.key.window().end() + grace > clocks.get(name)) {
                        into.row(name, row.key.key() + "@" + row.key.window().start(), row.value.value());
                    }
                });
            }
        });
    }

    private void sessions(StreamPair from) {
        boolean last = random.nextInt(3) == 0;
        String name = "ses" + number;
        var ours = from.ours.windowed(
                io.semel.streams.SessionWindows.session(ms(SESSION_GAP_MS)).grace(ms(SESSION_GRACE_MS)));
        var windows = grouped(from).windowedBy(
                SessionWindows.ofInactivityGapAndGrace(ms(SESSION_GAP_MS), ms(SESSION_GRACE_MS)));
        if (last) {
            windows = windows.emitStrategy(EmitStrategy.onWindowClose());
        }
        var theirWindows = windows.aggregate(() -> "", (k, v, a) -> Functions.fold(a, v),
                (k, a, b) -> Functions.fold(a, b),
                Materialized.<String, String, org.apache.kafka.streams.state.SessionStore<
                        org.apache.kafka.common.utils.Bytes, byte[]>>as(name).withKeySerde(String())
                        .withValueSerde(String())
                        .withRetention(last ? Duration.ofDays(1) : ms(SESSION_GAP_MS + SESSION_GRACE_MS)));
        String out = tell("sessions " + name + (last ? " final" : ""), from.name);
        (last ? ours.emitFinal() : ours).aggregate(ourStore(name), () -> "", Functions::fold, Functions::fold)
                .to(Topic.of(out, Serdes.sessions(Serdes.string()), Serdes.string()));
        theirWindows.toStream().to(out, Produced.with(WindowedSerdes.sessionWindowedSerdeFrom(String.class),
                String()));
        keyReaders.put(out, bytes -> Functions.windowedKey(bytes, 16));
        if (!last) {
            stores.add(name);
            storeReaders.add((driver, clocks, into) -> sessionRows(driver, name, clocks.get(name), into));
        }
    }

    private static void sessionRows(org.apache.kafka.streams.TopologyTestDriver driver, String name,
                                    long clock, Outcome into) {
        for (String key : new String[] {"a", "aa", "b", "c", "d", "k0", "k1", "k2", "k3", "end"}) {
            try (var rows = driver.<String, String>getSessionStore(name).fetch(key)) {
                rows.forEachRemaining(row -> {
                    if (row.key.window().end() > clock - SESSION_GAP_MS - SESSION_GRACE_MS) {
                        into.row(name, key + "@" + row.key.window().start() + ".." + row.key.window().end(),
                                row.value);
                    }
                });
            }
        }
    }

    private void joinTable(StreamPair from, TablePair table) {
        if (from == null) {
            return;
        }
        if (random.nextBoolean()) {
            add("join", from.name + " " + table.name, union(from.roots, table.roots),
                    from.ours.join(table.ours, Functions::both),
                    from.theirs.join(table.theirs, Functions::both));
        } else {
            add("leftJoin", from.name + " " + table.name, union(from.roots, table.roots),
                    from.ours.leftJoin(table.ours, Functions::both),
                    from.theirs.leftJoin(table.theirs, Functions::both));
        }
    }

    private void joinStream(StreamPair a, StreamPair b) {
        if (b == null) {
            return;
        }
        int kind = random.nextInt(3);
        long before = random.nextInt(6);
        long after = random.nextBoolean() ? random.nextInt(6) : before;
        long grace = random.nextInt(8);
        String left = "left" + number;
        String right = "right" + number;
        var within = new io.semel.streams.Within(before, after, grace);
        var ours = kind == 0 ? a.ours.join(b.ours, within, ourStore(left), ourStore(right), Functions::both)
                : kind == 1
                        ? a.ours.leftJoin(b.ours, within, ourStore(left), ourStore(right), Functions::both)
                : a.ours.outerJoin(b.ours, within, ourStore(left), ourStore(right), Functions::both);
        var windows = JoinWindows.ofTimeDifferenceAndGrace(ms(0), ms(grace)).before(ms(before))
                .after(ms(after));
        StreamJoined<String, String, String> stores = StreamJoined.with(String(), String(), String());
        var their = kind == 0 ? a.theirs.join(b.theirs, Functions::both, windows, stores)
                : kind == 1 ? a.theirs.leftJoin(b.theirs, Functions::both, windows, stores)
                : a.theirs.outerJoin(b.theirs, Functions::both, windows, stores);
        String what = List.of("join", "leftJoin", "outerJoin").get(kind) + " streams";
        String names = a.name + " " + b.name + " -" + before + " +" + after + " grace " + grace;
        String out = add(what, names, union(a.roots, b.roots), ours, their);
        if (kind > 0) {
            unordered.add(out);
            streams.remove(streams.size() - 1);
        }
    }

    private void joinTables(TablePair a, TablePair b) {
        if (b == null) {
            return;
        }
        switch (random.nextInt(3)) {
            case 0 -> add("join tables", a.name + " " + b.name, union(a.roots, b.roots),
                    a.ours.join(b.ours, Functions::both),
                    a.theirs.join(b.theirs, Functions::both));
            case 1 -> add("leftJoin tables", a.name + " " + b.name, union(a.roots, b.roots),
                    a.ours.leftJoin(b.ours, Functions::both),
                    a.theirs.leftJoin(b.theirs, Functions::both));
            default -> add("outerJoin tables", a.name + " " + b.name, union(a.roots, b.roots),
                    a.ours.outerJoin(b.ours, Functions::both),
                    a.theirs.outerJoin(b.theirs, Functions::both));
        }
    }

    private void regroup(TablePair from) {
        String name = "grp" + number;
        add("regroup " + name, from.name, from.roots,
                from.ours.rekey((k, v) -> KeyValue.of(Functions.newKey(v), v), Via.via(topic("via" + name)))
                        .aggregate(ourStore(name), () -> "0", Functions::fold, Functions::unfold),
                from.theirs.groupBy((k, v) -> org.apache.kafka.streams.KeyValue.pair(Functions.newKey(v), v),
                        Grouped.with("via" + name, String(), String()))
                        .aggregate(() -> "0", (k, v, a) -> Functions.fold(a, v),
                                (k, v, a) -> Functions.unfold(a, v),
                                store(name)));
        keyed(name);
    }

    private void tableStateless(TablePair from) {
        if (random.nextBoolean()) {
            add("filter table", from.name, from.roots,
                    from.ours.filter((k, v) -> Functions.hash(k, v) % 3 != 0),
                    from.theirs.filter((k, v) -> Functions.hash(k, v) % 3 != 0));
        } else {
            add("mapValues table", from.name, from.roots, from.ours.mapValues(v -> v + "t"),
                    from.theirs.mapValues(v -> v + "t"));
        }
    }

    private String add(String what, String from, Set<String> roots, Keyed<String, String> ours,
                       KStream<String, String> their) {
        String out = tell(what, from);
        ours.to(topic(out));
        their.to(out, Produced.with(String(), String()));
        keyReaders.put(out, OurSide::text);
        streams.add(new StreamPair(out, roots, ours, their));
        return out;
    }

    private void add(String what, String from, Set<String> roots, Table<String, String> ours,
            KTable<String, String> their) {
        boolean holding = holds && random.nextInt(3) != 0;
        Table<String, String> kept = holding ? ours.latest() : ours;
        String out = tell(what + (holding ? ", latest" : ""), from);
        kept.to(topic(out));
        their.toStream().to(out, Produced.with(String(), String()));
        keyReaders.put(out, OurSide::text);
        tables.add(new TablePair(out, roots, kept, their));
        tableTopics.add(out);
        if (holding || Arrays.stream(from.split(" ")).anyMatch(last::contains)) {
            last.add(out);
        } else if (random.nextInt(3) == 0 && roots.size() <= 2) {
            streams.add(new StreamPair(out + "'", roots, ours.toStream().filter((k, v) -> v != null),
                    their.toStream(Named.as(out + "stream")).filter((k, v) -> v != null)));
        }
    }

    private String tell(String what, String from) {
        String out = "out" + number++;
        story.add(out + " = " + what + " of " + from);
        return out;
    }

    private void keyed(String name) {
        stores.add(name);
        storeReaders.add((driver, clocks, into) -> {
            try (var rows = driver.<String, String>getKeyValueStore(name).all()) {
                rows.forEachRemaining(row -> into.row(name, row.key, row.value));
            }
        });
    }

    private StreamPair stream() {
        return streams.get(random.nextInt(streams.size()));
    }

    private TablePair table() {
        return tables.get(random.nextInt(tables.size()));
    }

    /**
     * One that shares no topic with the other, if there is any: in which order a record arrives that comes
     * along two ways is nobody's promise.
     */
    private StreamPair streamApartFrom(Set<String> roots) {
        List<StreamPair> apart = streams.stream().filter(one -> isApart(one.roots, roots)).toList();
        return apart.isEmpty() ? null : apart.get(random.nextInt(apart.size()));
    }

    private TablePair tableApartFrom(Set<String> roots) {
        List<TablePair> apart = tables.stream().filter(one -> isApart(one.roots, roots)).toList();
        return apart.isEmpty() ? null : apart.get(random.nextInt(apart.size()));
    }

    private static boolean isApart(Set<String> a, Set<String> b) {
        return a.stream().noneMatch(b::contains);
    }

    private static Set<String> union(Set<String> a, Set<String> b) {
        Set<String> both = new TreeSet<>(a);
        both.addAll(b);
        return both;
    }

    private static KGroupedStream<String, String> grouped(StreamPair from) {
        return from.theirs.groupByKey(Grouped.with(String(), String()));
    }

    private static Materialized<String, String, KeyValueStore<org.apache.kafka.common.utils.Bytes, byte[]>>
            store(String name) {
        return Materialized.<String, String, KeyValueStore<org.apache.kafka.common.utils.Bytes, byte[]>>as(
                name)
                .withKeySerde(String()).withValueSerde(String());
    }

    private static Topic<String, String> topic(String name) {
        return Topic.of(name, Serdes.string(), Serdes.string());
    }

    private static Store<String, String> ourStore(String name) {
        return Store.keyed(name, Serdes.string(), Serdes.string());
    }

    private static Duration ms(long ms) {
        return Duration.ofMillis(ms);
    }
}
