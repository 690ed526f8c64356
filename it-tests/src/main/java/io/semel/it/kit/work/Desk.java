package io.semel.it.kit.work;

import io.semel.it.kit.history.Tape;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;

/** Makes clients that record, with time-outs short enough to see faults end. Any thread. */
final class Desk {
    private static final Map<String, String> PRODUCER = Map.of("linger.ms", "0",
            "max.block.ms", "10000", "delivery.timeout.ms", "10000", "request.timeout.ms", "3000",
            "transaction.timeout.ms", "10000", "reconnect.backoff.max.ms", "200");
    private static final Map<String, String> CONSUMER = Map.of("enable.auto.commit", "false",
            "auto.offset.reset", "earliest", "session.timeout.ms", "6000", "heartbeat.interval.ms", "1000",
            "request.timeout.ms", "3000", "default.api.timeout.ms", "10000", "fetch.max.wait.ms", "100",
            "max.poll.records", "20", "reconnect.backoff.max.ms", "200");

    private static final long AGAIN_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

    private final Plan plan;

    Desk(Plan plan) {
        this.plan = plan;
    }

    /** @param transactionalId null for none */
    Producer<String, String> producer(Tape tape, String transactionalId) {
        Properties settings = settings(PRODUCER);
        settings.put("client.id", tape.process());
        if (transactionalId != null) settings.put("transactional.id", transactionalId);
        return tape.producer(new KafkaProducer<>(settings, new StringSerializer(), new StringSerializer()),
                transactionalId);
    }

    /** @param group null for none */
    Consumer<String, String> consumer(Tape tape, String group, boolean readCommitted) {
        Properties settings = settings(CONSUMER);
        settings.put("client.id", tape.process());
        settings.put("isolation.level", readCommitted ? "read_committed" : "read_uncommitted");
        if (group != null) settings.put("group.id", group);
        return tape.consumer(new KafkaConsumer<>(settings, new StringDeserializer(),
                new StringDeserializer()), readCommitted);
    }

    /** Tries for as long as the broker may take to heal: one that has just come back may know of no node. */
    void createTopics(List<String> names) {
        long deadlineNs = System.nanoTime() + plan.healing().toNanos();
        try (Admin admin = Admin.create(settings(Map.of()))) {
            for (String name : names) {
                Throwable refused = create(admin, name);
                while (refused != null && System.nanoTime() < deadlineNs) {
                    LockSupport.parkNanos(AGAIN_NANOS);
                    refused = create(admin, name);
                }
                if (refused != null) throw new IllegalStateException("cannot create " + name + ": " + refused,
                        refused);
            }
        }
    }

    /** @return null when the topic is there, or why it is not */
    private Throwable create(Admin admin, String name) {
        try {
            admin.createTopics(List.of(new NewTopic(name, plan.partitions(), (short) 1))).all().get();
            return null;
        } catch (ExecutionException failed) {
            return failed.getCause() instanceof TopicExistsException ? null : failed.getCause();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while creating " + name, interrupted);
        }
    }

    private Properties settings(Map<String, String> ours) {
        Properties settings = new Properties();
        settings.putAll(ours);
        settings.putAll(plan.settings());
        settings.put("bootstrap.servers", plan.bootstrap());
        return settings;
    }
}
