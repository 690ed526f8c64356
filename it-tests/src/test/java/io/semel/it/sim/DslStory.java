package io.semel.it.sim;

import static io.semel.streams.dsl.Via.via;

import io.semel.broker.config.BrokerConfig;
import io.semel.sim.Dice;
import io.semel.sim.SimNet;
import io.semel.sim.SimRun;
import io.semel.sim.Survival;
import io.semel.streams.Serdes;
import io.semel.streams.Store;
import io.semel.streams.StreamsError.FencedByNewerInstance;
import io.semel.streams.Topic;
import io.semel.streams.dsl.Topology;
import io.semel.streams.run.Saboteur;
import io.semel.streams.topology.Graph;
import io.semel.streams.topology.PartitionPlan;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Future;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;

/**
 * One seed's story of a topology: the broker, the production host in two processes, one nemesis for both
 * sides; then everything heals and comes to rest, and outputs, state and offsets are held against the run
 * without faults. One thread.
 */
final class DslStory {
    private static final Topic<String, String> EVENTS = Topic.of("events", Serdes.string(), Serdes.string());
    private static final Topic<String, String> HOP = Topic.of("hop", Serdes.string(), Serdes.string());
    private static final Topic<String, String> SUMS = Topic.of("sums", Serdes.string(), Serdes.string());
    private static final Topic<String, Long> COUNTS = Topic.of("counts", Serdes.string(), Serdes.int64());
    private static final Topic<String, Long> NEWEST = Topic.of("newest", Serdes.string(), Serdes.int64());
    private static final Store<String, String> SUM = Store.keyed("sum", Serdes.string(), Serdes.string());
    private static final Store<String, Long> COUNT = Store.keyed("count", Serdes.string(), Serdes.int64());
    private static final int EVENT_COUNT = 24;
    private static final int KEYS = 5;
    private static final int FAULTY_TURNS = 160;
    private static final int QUIET_TURNS = 800;
    private static final String GROUP = "app";

    private final SimRun run;
    private final SimNet net;
    private final Dice dice;
    private final BrokerNode node;
    private final Map<String, Integer> counts = new TreeMap<>();
    private final List<String> steps = new ArrayList<>();
    private final Graph graph = topology().graph();
    private final Saboteur saboteur;
    private final int crashOneIn;
    private final DslProcess[] processes = new DslProcess[2];
    private final DslCaller operator;
    private final DslFiles files;
    private final boolean striking;
    /** Polls that seem small are a trickle, large ones let transactions grow. */
    private final int pollRecordsMax;
    private PartitionPlan plan;
    private int appended;
    private long healed;
    private long crashes;

    DslStory(long seed, boolean faulty, Saboteur saboteur) {
        this.run = new SimRun(seed);
        this.net = new SimNet(run);
        this.dice = run.dice("topology");
        this.saboteur = saboteur;
        this.crashOneIn = faulty ? dice.between(40, 300) : 0;
        this.node = new BrokerNode(run, net, BrokerConfig.defaults("127.0.0.1", 9092)
                .withInternalPartitions(dice.between(1, 2))
                .withSegmentBytes(dice.between(1, 20) << 10), 2);
        this.operator = new DslCaller(run, net, "operator", 0, steps);
        this.striking = faulty && dice.percent(50);
        this.pollRecordsMax = dice.percent(40) ? Integer.MAX_VALUE : dice.between(2, 20);
        this.files = new DslFiles(run, steps, faulty, GROUP + "-sum-changelog", GROUP + "-count-changelog");
    }

    private static Topology topology() {
        return Topology.of(GROUP, s -> {
            var events = s.from(EVENTS).filter((key, value) -> !value.endsWith("0"));
            var counts = events.count(COUNT);
            counts.to(COUNTS);
            counts.latest().to(NEWEST);
            events.rekey((key, value) -> key.toUpperCase(java.util.Locale.ROOT), via(HOP))
                    .aggregate(SUM, () -> "", (all, value) -> all.length() > 30 ? null : all + "," + value)
                    .to(SUMS);
        });
    }

    /** What it came to: outputs by topic and key in order, of those held back the last; state by key. */
    Map<String, String> play() {
        try (files) {
            return told();
        }
    }

    private Map<String, String> told() {
        node.boot();
        if (!run.until(node::serves, 60_000)) throw new AssertionError("the broker does not start");
        DslDesk desk = new DslDesk(operator, counts);
        desk.create(Map.of("events", 2, "sums", 2, "counts", 2, "newest", 2));
        plan = PartitionPlan.of(graph, counts);
        desk.create(plan.missing());
        for (int turn = 0; turn < FAULTY_TURNS; turn++) turn(crashOneIn > 0);
        for (DslProcess process : processes) if (process != null) process.caller.rest();
        if (!run.until(node::serves, 60_000)) throw new AssertionError("the broker does not come back");
        for (int turn = 0; !(turn % 20 == 0 && isAtRest()); turn++) {
            if (turn > QUIET_TURNS) throw new AssertionError("does not come to rest");
            turn(false);
        }
        for (DslProcess process : processes) if (process != null) healed += process.host.stats().healed();
        Map<String, String> outcome = outcome();
        Map<String, String> told = new TreeMap<>(outcome);
        told.keySet().removeIf(key -> key.startsWith("sums/") || key.startsWith("counts/")
                || key.startsWith("newest/"));
        told.values().removeIf("-"::equals);
        for (int turn = 0; !held().equals(told); turn++) {
            if (turn > QUIET_TURNS) throw new AssertionError("stores hold " + held() + ", not " + told);
            turn(false);
        }
        return outcome;
    }

    /** What the processes hold of their stores, which is to be what the changelogs come to. */
    private Map<String, String> held() {
        Map<String, String> held = new TreeMap<>();
        for (DslProcess process : processes) {
            if (process == null) continue;
            process.host.store(SUM).scan(null, null, (key, sum) -> held.put("sum/" + key, sum) == null);
            process.host.store(COUNT).scan(null, null, (key, count) ->
                    held.put("count/" + key, String.valueOf(count)) == null);
        }
        return held;
    }

    long strikes() {
        return files.strikes();
    }

    long healed() {
        return healed;
    }

    long crashes() {
        return crashes;
    }

    Map<String, Long> ends() {
        return node.ends();
    }

    long digest() {
        return run.trace().digest();
    }

    /** The last steps, as a Mermaid sequence. */
    String mermaid() {
        StringBuilder text = new StringBuilder("sequenceDiagram\n");
        for (String step : steps.subList(Math.max(0, steps.size() - 60), steps.size())) {
            int colon = step.indexOf(": ");
            text.append("  ").append(step, 0, colon).append("->>broker: ").append(step.substring(colon + 2))
                    .append('\n');
        }
        return text.toString();
    }

    private void turn(boolean faulty) {
        if (appended < EVENT_COUNT && dice.percent(30)) append();
        if (faulty && dice.percent(2)) strikeTheBroker();
        if (dice.percent(30)) run.passMs(dice.between(1, 10));
        int number = dice.below(processes.length);
        DslProcess process = processes[number];
        try {
            if (process == null) {
                if (faulty && !dice.percent(40)) return;
                processes[number] = start(number, faulty);
            } else if (dice.percent(40)) {
                process.commitStep();
            } else if (faulty && dice.percent(1)) {
                process.host.close();
                end(number);
            } else {
                process.host.turn();
            }
        } catch (DslCaller.Crash crash) {
            crashes++;
            end(number);
        } catch (FencedByNewerInstance fenced) {
            steps.add("p" + number + ": is fenced");
            end(number);
        }
    }

    private DslProcess start(int number, boolean faulty) {
        String name = "p" + number;
        while (striking && dice.percent(60)) files.strike(name);
        steps.add(name + ": starts");
        DslCaller caller = new DslCaller(run, net, name, faulty ? crashOneIn : 0, steps);
        return new DslProcess(caller, counts, graph, plan, files.of(name), pollRecordsMax, saboteur);
    }

    private void end(int number) {
        if (processes[number] == null) return;
        healed += processes[number].host.stats().healed();
        processes[number].caller.die();
        processes[number] = null;
    }

    private void strikeTheBroker() {
        switch (dice.below(4)) {
            case 0 -> {
                if (!node.alive()) return;
                steps.add("operator: the broker's power is cut");
                node.crash(Survival.POWER_CUT);
                run.after(dice.below(50), "boot", node::boot);
            }
            case 1 -> {
                if (!node.serves()) return;
                steps.add("operator: the broker restarts");
                node.restart(dice);
            }
            default -> {
                steps.add("operator: cuts a connection");
                net.cutOne();
            }
        }
    }

    /** Timestamps go back and forth: order is the log's, not time's. */
    private void append() {
        int key = appended % KEYS;
        DslProducer producer = new DslProducer(operator, counts, "feeder");
        try {
            producer.initTransactions();
            producer.beginTransaction();
            Future<RecordMetadata> ack = producer.send(new ProducerRecord<>("events", key % 2,
                    1_000L + appended * 37 % 11, bytes("k" + key), bytes("k" + key + ":" + appended)));
            producer.commitTransaction();
            if (ack.isDone()) appended++;
        } catch (org.apache.kafka.common.KafkaException lost) {
            if (isAppended(appended)) appended++;
        } finally {
            producer.close(Duration.ZERO);
        }
    }

    private boolean isAppended(int number) {
        settleFeeder();
        return read("events").stream().anyMatch(record -> text(record.value()).endsWith(":" + number));
    }

    private void settleFeeder() {
        run.until(node::serves, 60_000);
        DslProducer settled = new DslProducer(operator, counts, "feeder");
        settled.initTransactions();
        settled.close(Duration.ZERO);
    }

    private boolean isAtRest() {
        if (appended < EVENT_COUNT || !node.serves()) return false;
        Map<TopicPartition, OffsetAndMetadata> done;
        Map<TopicPartition, Long> ends;
        try {
            List<TopicPartition> inputs = inputs();
            done = consumer().committed(new java.util.LinkedHashSet<>(inputs), Duration.ZERO);
            for (String topic : List.of("events", "hop")) {
                for (ConsumerRecord<byte[], byte[]> record : read(topic)) {
                    OffsetAndMetadata offset = done.get(new TopicPartition(topic, record.partition()));
                    if (offset == null || offset.offset() <= record.offset()) return false;
                }
            }
            List<TopicPartition> all = new ArrayList<>();
            counts.forEach((topic, count) -> {
                for (int number = 0; number < count; number++) all.add(new TopicPartition(topic, number));
            });
            DslDesk desk = new DslDesk(operator, counts);
            ends = desk.stableEnds(all);
            return ends.equals(desk.highWatermarks(all));
        } catch (org.apache.kafka.common.KafkaException unanswered) {
            return false;
        }
    }

    private List<TopicPartition> inputs() {
        List<TopicPartition> inputs = new ArrayList<>();
        for (String topic : List.of("events", "hop")) {
            for (int number = 0; number < counts.get(topic); number++) {
                inputs.add(new TopicPartition(topic, number));
            }
        }
        return inputs;
    }

    private DslConsumer consumer() {
        return new DslConsumer(operator, counts, Optional.of(GROUP), null);
    }

    /** Everything committed in a topic, partition by partition. */
    private List<ConsumerRecord<byte[], byte[]>> read(String topic) {
        DslConsumer reader = new DslConsumer(operator, counts, Optional.empty(), null);
        List<ConsumerRecord<byte[], byte[]>> read = new ArrayList<>();
        List<TopicPartition> places = new ArrayList<>();
        for (int number = 0; number < counts.get(topic); number++) {
            places.add(new TopicPartition(topic, number));
        }
        reader.assign(places);
        reader.seekToBeginning(places);
        DslDesk desk = new DslDesk(operator, counts);
        Map<TopicPartition, Long> ends = desk.stableEnds(places);
        for (int polls = 0; places.stream().anyMatch(place -> reader.position(place) < ends.get(place));
                polls++) {
            if (polls > 2_000) throw new AssertionError("cannot read " + topic + " to " + ends);
            reader.poll(Duration.ZERO).forEach(read::add);
        }
        return read;
    }

    private Map<String, String> outcome() {
        Map<String, String> outcome = new TreeMap<>();
        for (String topic : List.of("sums", "counts")) {
            for (ConsumerRecord<byte[], byte[]> record : read(topic)) {
                outcome.merge(topic + "/" + text(record.key()), shown(record.value()), (a, b) -> a + " " + b);
            }
        }
        for (ConsumerRecord<byte[], byte[]> record : read("newest")) {
            putGrowing(outcome, "newest/" + text(record.key()), shown(record.value()));
        }
        for (String store : List.of("sum", "count")) {
            for (ConsumerRecord<byte[], byte[]> record : read(GROUP + "-" + store + "-changelog")) {
                outcome.put(store + "/" + text(record.key()), shown(record.value()));
            }
        }
        return outcome;
    }

    /** How many changes are told depends on what shares a transaction; that they grow does not. */
    private static void putGrowing(Map<String, String> outcome, String key, String count) {
        String before = outcome.put(key, count);
        if (before != null && Long.parseLong(before) >= Long.parseLong(count)) {
            throw new AssertionError(key + " was " + before + ", then " + count);
        }
    }

    private static String shown(byte[] value) {
        if (value == null) return "-";
        return value.length == 8 && value[0] == 0 ? String.valueOf(java.nio.ByteBuffer.wrap(value).getLong())
                : text(value);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }
}
