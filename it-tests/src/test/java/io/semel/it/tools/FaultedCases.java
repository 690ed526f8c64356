package io.semel.it.tools;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;

/**
 * The directed cases of transactions that need something from outside: requests that are lost, doubled or
 * late, ids with few epochs left, a broker that forgets, one that dies. Who starts it sees to that, by the
 * {@code client.id}, which is the name of the case. One thread.
 */
final class FaultedCases extends Play {
    private static final List<String> FORGOTTEN = List.of("InvalidPidMappingException");
    /** As {@code times} in the rules of who starts us. */
    static final int ENDS = 20;
    static final int RACES = 6;
    static final int BATCHES = 300;
    static final int PAIRS_OVER_THE_LAST_EPOCH = 8;
    private static final int CLEANED = 30;

    private final long silenceMs;

    private FaultedCases(String bootstrap, String name, Admin admin, long silenceMs) {
        super(bootstrap, name, admin);
        this.silenceMs = silenceMs;
    }

    /** Arguments: address, a name of its own, how long the broker remembers who is silent, the cases. */
    public static void main(String[] arguments) {
        try (Admin admin = Admin.create(Map.<String, Object>of("bootstrap.servers", arguments[0]))) {
            FaultedCases cases = new FaultedCases(arguments[0], arguments[1], admin,
                    Long.parseLong(arguments[2]));
            for (int index = 3; index < arguments.length; index++) cases.play(arguments[index]);
        }
        System.out.println("THROUGH");
    }

    private void play(String number) {
        switch (number) {
            case "C3" -> play(number, this::commitsThatRaceTheCoordinatorsAbort);
            case "C5", "C6" -> play(number, this::everyEndCountsOnce);
            case "C7" -> play(number, this::epochsRunOut);
            case "C8" -> play(number, this::fiveUnderWayOverALineThatBreaks);
            case "C9" -> play(number, this::forgottenAndBackAgain);
            case "C16" -> play(number, this::cleanedBesideAnOpenTransaction);
            case "C19commit", "C19abort" -> play(number, this::theBrokerDiesWhilePrepared);
            default -> throw new IllegalArgumentException(number);
        }
    }

    private void commitsThatRaceTheCoordinatorsAbort(String topic) throws Exception {
        create(topic, 1, Map.of());
        KafkaProducer<String, String> late = transactional(topic, "transaction.timeout.ms", "1000");
        late.beginTransaction();
        late.send(record(topic, "too late")).get();
        await("the coordinator aborts", () -> end(topic, COMMITTED) == 2);
        refused(FENCED, late::commitTransaction);
        late.close(Duration.ZERO);

        List<String> committed = new ArrayList<>();
        for (int race = 0; race < RACES; race++) {
            KafkaProducer<String, String> racer = transactional(topic, "transaction.timeout.ms", "1000",
                    "client.id", topic);
            racer.beginTransaction();
            racer.send(record(topic, "race " + race)).get();
            try {
                racer.commitTransaction();
                committed.add("race " + race);
            } catch (KafkaException lost) {
                refused(FENCED, () -> {
                    throw lost;
                });
            }
            racer.close(Duration.ZERO);
        }
        try (KafkaProducer<String, String> heir = transactional(topic)) {
            commit(heir, record(topic, "of the heir"));
            committed.add("of the heir");
        }
        await("all are ended", () -> end(topic, COMMITTED) == end(topic, UNCOMMITTED));
        same(committed, values(topic, COMMITTED));
    }

    /** Every end comes twice (C5), or its answer is lost and it is asked again (C6). */
    private void everyEndCountsOnce(String topic) throws Exception {
        create(topic, 1, Map.of());
        List<String> committed = new ArrayList<>();
        try (KafkaProducer<String, String> producer = transactional(topic, "client.id", topic)) {
            for (int number = 0; number < ENDS; number++) {
                producer.beginTransaction();
                producer.send(record(topic, "value " + number));
                producer.flush();
                if (number % 3 == 2) producer.abortTransaction();
                else producer.commitTransaction();
                if (number % 3 != 2) committed.add("value " + number);
            }
        }
        await("all are ended", () -> end(topic, COMMITTED) == 2 * ENDS);
        same(committed, values(topic, COMMITTED));
        same(2L * ENDS, end(topic, UNCOMMITTED));
    }

    private void epochsRunOut(String topic) throws Exception {
        create(topic, 1, Map.of());
        for (int number = 0; number < PAIRS_OVER_THE_LAST_EPOCH; number++) {
            try (KafkaProducer<String, String> producer = transactional(topic)) {
                commit(producer, record(topic, "value " + 2 * number));
                producer.beginTransaction();
                producer.send(record(topic, "aborted " + number));
                producer.abortTransaction();
                commit(producer, record(topic, "value " + (2 * number + 1)));
            }
        }
        await("all are ended", () -> end(topic, COMMITTED) == end(topic, UNCOMMITTED));
        same(numbered("value ", 2 * PAIRS_OVER_THE_LAST_EPOCH), values(topic, COMMITTED));
    }

    private void fiveUnderWayOverALineThatBreaks(String topic) throws Exception {
        create(topic, 1, Map.of());
        try (KafkaProducer<String, String> producer = producer("enable.idempotence", "true", "acks", "all",
                "client.id", topic, "max.in.flight.requests.per.connection", "5", "batch.size", "1",
                "retry.backoff.ms", "5", "reconnect.backoff.ms", "5")) {
            for (int number = 0; number < BATCHES; number++) producer.send(record(topic, "value " + number));
            producer.flush();
        }
        same(numbered("value ", BATCHES), values(topic, UNCOMMITTED));
    }

    private void forgottenAndBackAgain(String topic) throws Exception {
        create(topic, 1, Map.of());
        try (KafkaProducer<String, String> plain = producer("enable.idempotence", "true", "acks", "all");
                KafkaProducer<String, String> silent = transactional(topic + "-silent")) {
            plain.send(record(topic, "before")).get();
            commit(silent, record(topic, "known"));
            keepSilent(topic);
            for (int number = 0; number < 3; number++) plain.send(record(topic, "after " + number)).get();
            refused(FORGOTTEN, () -> {
                silent.beginTransaction();
                silent.send(record(topic, "forgotten")).get();
                silent.commitTransaction();
            });
            silent.close(Duration.ZERO);
        }
        try (KafkaProducer<String, String> again = transactional(topic + "-silent")) {
            commit(again, record(topic, "begun anew"));
        }
        try (KafkaProducer<String, String> recovers = transactional(topic, "client.id", topic)) {
            commit(recovers, record(topic, "first"));
            recovers.beginTransaction();
            refused(List.of("OutOfOrderSequenceException"),
                    () -> recovers.send(record(topic, "out of order")).get());
            recovers.abortTransaction();
            commit(recovers, record(topic, "recovered"));
        }
        same(List.of("before", "known", "after 0", "after 1", "after 2", "begun anew", "first", "recovered"),
                values(topic, COMMITTED));
    }

    private void keepSilent(String topic) {
        long untilNs = System.nanoTime() + Duration.ofMillis(silenceMs).toNanos();
        try (KafkaConsumer<String, String> waiting = consumer(COMMITTED)) {
            TopicPartition partition = new TopicPartition(topic, 0);
            waiting.assign(List.of(partition));
            waiting.seekToEnd(List.of(partition));
            while (System.nanoTime() < untilNs) waiting.poll(Duration.ofMillis(200));
        }
    }

    private void cleanedBesideAnOpenTransaction(String topic) throws Exception {
        create(topic, 1, Map.of("cleanup.policy", "compact", "min.cleanable.dirty.ratio", "0.01",
                "segment.bytes", "1048576"));
        Map<String, String> table = new TreeMap<>();
        try (KafkaProducer<String, String> writer = transactional(topic + "-writer");
                KafkaProducer<String, String> slow = transactional(topic + "-slow")) {
            for (int number = 0; number < CLEANED; number++) change(topic, writer, number, table);
            slow.beginTransaction();
            slow.send(new ProducerRecord<>(topic, "k0", "undecided")).get();
            for (int number = CLEANED; number < 2 * CLEANED; number++) change(topic, writer, number, table);

            await("what stands before the open one is cleaned", () -> lying(topic) < 2 * CLEANED);
            same(true, lying(topic) > CLEANED);
            slow.abortTransaction();
            await("all is cleaned", () -> lying(topic) < CLEANED);
        }
        Map<String, String> found = new TreeMap<>();
        for (ConsumerRecord<String, String> one : records(new TopicPartition(topic, 0), COMMITTED, 0)) {
            if (one.value() == null) found.remove(one.key());
            else found.put(one.key(), one.value());
        }
        same(table, found);
    }

    private static void change(String topic, KafkaProducer<String, String> writer, int number,
            Map<String, String> table) throws Exception {
        String key = "k" + number % 5;
        String value = number % 7 == 3 ? null : number + " " + "x".repeat(100_000);
        writer.beginTransaction();
        writer.send(new ProducerRecord<>(topic, 0, key, value)).get();
        if (number % 4 == 1) {
            writer.abortTransaction();
            return;
        }
        writer.commitTransaction();
        if (value == null) table.remove(key);
        else table.put(key, value);
    }

    private int lying(String topic) {
        return values(topic, UNCOMMITTED).size();
    }

    /** Its decision is durable and no marker is written when the broker dies. */
    private void theBrokerDiesWhilePrepared(String topic) throws Exception {
        create(topic, 1, Map.of());
        boolean commits = topic.endsWith("commit");
        try (KafkaProducer<String, String> producer = transactional(topic)) {
            producer.beginTransaction();
            producer.send(record(topic, "prepared")).get();
            if (commits) producer.commitTransaction();
            else producer.abortTransaction();
            commit(producer, record(topic, "next"));
        }
        same(commits ? List.of("prepared", "next") : List.of("next"), values(topic, COMMITTED));
        same(4L, end(topic, COMMITTED));
    }
}
