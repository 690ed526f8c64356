package io.semel.it.kit.story;

import io.semel.it.kit.Workbench;
import io.semel.it.kit.faults.Fault;
import io.semel.it.kit.faults.Faults;
import io.semel.it.kit.faults.Via;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.protocol.ApiKeys;

/**
 * KAFKA-17754 at random and in numbers: clients of transaction version 1 lose their connection over
 * requests that are held back and arrive when the client has reconnected and is one or several transactions
 * further. Each transaction writes its number to two topics and moves an offset; one in four is aborted. A
 * broker that serves what comes late ends, or moves the offset of, a transaction that was not meant. Against
 * any broker; one thread for each client.
 */
final class LateRequests {
    private static final List<ApiKeys> HELD = List.of(ApiKeys.END_TXN, ApiKeys.ADD_PARTITIONS_TO_TXN,
            ApiKeys.ADD_OFFSETS_TO_TXN, ApiKeys.TXN_OFFSET_COMMIT);
    /** How many Produce requests of its client a request that is held back lets pass. */
    private static final List<Integer> BEHIND = List.of(1, 2, 5);
    private static final double CHANCE = 0.02;
    private static final int ABORT_ONE_IN = 4;

    private final String bootstrap;
    private final long seed;
    private final int transactions;
    private final String name;
    private final ConsumerGroupMetadata group;

    /** What came of it. @param late requests that came late, @param wrong what nobody should have seen */
    record Outcome(int transactions, int late, List<String> refusals, List<String> wrong) {
        Outcome plus(Outcome other) {
            return new Outcome(transactions + other.transactions, late + other.late,
                    joined(refusals, other.refusals), joined(wrong, other.wrong));
        }

        private static List<String> joined(List<String> some, List<String> others) {
            List<String> all = new ArrayList<>(some);
            all.addAll(others);
            return all;
        }

        @Override
        public String toString() {
            return transactions + " transactions, " + late + " requests came late, refused: " + refusals
                    + ", wrong: " + wrong;
        }
    }

    private LateRequests(String bootstrap, long seed, int transactions, String name) {
        this.bootstrap = bootstrap;
        this.seed = seed;
        this.transactions = transactions;
        this.name = name;
        try (Consumer<String, String> member = Workbench.at(bootstrap).consumer(name, "group.id", name)) {
            this.group = member.groupMetadata();
        }
    }

    /** @param transactions of each client */
    static Outcome run(String bootstrap, long seed, int clients, int transactions) throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(clients);
        try {
            List<Future<Outcome>> running = new ArrayList<>();
            for (int client = 0; client < clients; client++) {
                Callable<Outcome> one = new LateRequests(bootstrap, seed + client, transactions,
                        "late-" + client)::play;
                running.add(threads.submit(one));
            }
            Outcome all = new Outcome(0, 0, List.of(), List.of());
            for (Future<Outcome> one : running) all = all.plus(one.get());
            return all;
        } catch (ExecutionException failed) {
            throw new AssertionError("seed " + seed, failed.getCause());
        } finally {
            threads.shutdown();
        }
    }

    private Outcome play() {
        List<TopicPartition> outputs = List.of(Workbench.at(bootstrap).topic(name + "-a"),
                Workbench.at(bootstrap).topic(name + "-b"));
        List<String> committed = new ArrayList<>();
        List<String> refusals = new ArrayList<>();
        int late = 0;
        try (Faults faults = Faults.before(bootstrap, seed).offerTransactionVersion(1);
                Producer<String, String> producer = Workbench.at(faults.bootstrap()).transactional(name,
                        "linger.ms", 0)) {
            List<Fault> armed = arm(faults);
            SplittableRandom random = new SplittableRandom(seed);
            for (int number = 1; number <= transactions && refusals.isEmpty(); number++) {
                try {
                    if (transact(producer, outputs, number, random.nextInt(ABORT_ONE_IN) > 0)) {
                        committed.add(Integer.toString(number));
                    }
                } catch (KafkaException refused) {
                    refusals.add(name + " at " + number + ": " + refused);
                }
            }
            for (Fault fault : armed) late += fault.strikes();
            faults.heal();
        }
        return new Outcome(transactions, late, refusals, wrong(outputs, committed));
    }

    private List<Fault> arm(Faults faults) {
        List<Fault> armed = new ArrayList<>();
        for (ApiKeys api : HELD) {
            for (int behind : BEHIND) {
                armed.add(faults.on(api).forClient(name).withProbability(CHANCE).beforeRequest()
                        .disconnectAndHoldUntil(faults.on(ApiKeys.PRODUCE).forClient(name).onCall(behind),
                                Via.OWN));
            }
        }
        return armed;
    }

    /** @return whether it was committed */
    private boolean transact(Producer<String, String> producer, List<TopicPartition> outputs, int number,
            boolean commit) {
        producer.beginTransaction();
        for (TopicPartition output : outputs) {
            producer.send(new ProducerRecord<>(output.topic(), 0, null, Integer.toString(number)));
            producer.flush();
        }
        producer.sendOffsetsToTransaction(Map.of(outputs.get(0), new OffsetAndMetadata(number)),
                group);
        if (commit) producer.commitTransaction();
        else producer.abortTransaction();
        return commit;
    }

    /** Torn transactions, aborted ones that are seen, committed ones that are not, offsets gone astray. */
    private List<String> wrong(List<TopicPartition> outputs, List<String> committed) {
        List<String> wrong = new ArrayList<>();
        for (TopicPartition output : outputs) {
            List<String> seen = Workbench.at(bootstrap).values(output);
            if (seen.equals(committed)) continue;
            List<String> missing = new ArrayList<>(committed);
            missing.removeAll(Set.copyOf(seen));
            List<String> foreign = new ArrayList<>(seen);
            foreign.removeAll(Set.copyOf(committed));
            wrong.add(output + " misses " + missing + " and has " + foreign);
        }
        String last = committed.isEmpty() ? "0" : committed.get(committed.size() - 1);
        try (Consumer<String, String> group = Workbench.at(bootstrap).consumer(name, "group.id", name)) {
            OffsetAndMetadata offset = group.committed(Set.of(outputs.get(0)), Duration.ofSeconds(30))
                    .get(outputs.get(0));
            String stands = offset == null ? "0" : Long.toString(offset.offset());
            if (!stands.equals(last)) wrong.add(name + " stands at " + stands + ", not at " + last);
        }
        return wrong;
    }
}
