package io.semel.streams.run;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.RangeAssignor;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * The real thing: kafka-clients, with the settings exactly-once rests on laid over those of the user. May be
 * called by every host thread.
 *
 * <p>RangeAssignor, because it deals out every topic by itself over the same sorted list of members: topics
 * with equal partition counts, read by members that all subscribe to the same topics, get the same partition
 * numbers on the same member, which is what a join needs; sub-topologies do not disturb each other. It also
 * makes each rebalance a full hand-over (eager), so that a task is never half here and half there.
 */
final class KafkaClients implements Clients {
    private static final int TRANSACTION_TIMEOUT_MS = 10_000;
    private final StreamsConfig config;
    private final TopicDesk topics;

    KafkaClients(StreamsConfig config) {
        this.config = config;
        Map<String, Object> admin = base("admin");
        admin.putIfAbsent("request.timeout.ms", 5_000);
        admin.putIfAbsent("default.api.timeout.ms", 10_000);
        this.topics = new AdminDesk(Admin.create(admin), config.replicationFactor());
    }

    @Override
    public Consumer<byte[], byte[]> member(String group, Optional<String> groupInstanceId, String clientId) {
        Map<String, Object> settings = reading(clientId);
        settings.put("group.id", group);
        groupInstanceId.ifPresent(id -> settings.put("group.instance.id", id));
        settings.put("group.protocol", "classic");
        settings.put("partition.assignment.strategy", RangeAssignor.class.getName());
        settings.putIfAbsent("session.timeout.ms", 10_000);
        settings.putIfAbsent("heartbeat.interval.ms", 1_000);
        settings.put("max.poll.records", config.limits().pollRecordsMax());
        return new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }

    @Override
    public Consumer<byte[], byte[]> reader(String clientId) {
        Map<String, Object> settings = reading(clientId);
        settings.put("max.poll.records", 10_000);
        return new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }

    @Override
    public Producer<byte[], byte[]> producer(String transactionalId) {
        Map<String, Object> settings = base(transactionalId);
        settings.putIfAbsent("max.block.ms", 30_000);
        settings.putIfAbsent("request.timeout.ms", 10_000);
        settings.putIfAbsent("delivery.timeout.ms", 30_000);
        settings.putIfAbsent("batch.size", 65_536);
        settings.putIfAbsent("transaction.timeout.ms", TRANSACTION_TIMEOUT_MS);
        settings.put("transactional.id", transactionalId);
        settings.put("enable.idempotence", true);
        settings.put("acks", "all");
        settings.put("linger.ms", 0);
        settings.put("retry.backoff.ms", 5);
        settings.put("retry.backoff.max.ms", 100);
        return new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer());
    }

    @Override
    public TopicDesk topics() {
        return topics;
    }

    @Override
    public CommitLane lane(String name) {
        return new ThreadLane(name);
    }

    @Override
    public long clockMs() {
        return System.currentTimeMillis();
    }

    private Map<String, Object> reading(String clientId) {
        Map<String, Object> settings = base(clientId);
        settings.put("isolation.level", "read_committed");
        settings.put("enable.auto.commit", false);
        settings.put("auto.offset.reset", "none");
        settings.put("allow.auto.create.topics", false);
        settings.putIfAbsent("retry.backoff.ms", 20);
        settings.putIfAbsent("retry.backoff.max.ms", 200);
        return settings;
    }

    private Map<String, Object> base(String clientId) {
        Map<String, Object> settings = new TreeMap<>(config.client());
        settings.put("bootstrap.servers", config.bootstrapServers());
        settings.put("client.id", clientId);
        settings.putIfAbsent("reconnect.backoff.ms", 20);
        settings.putIfAbsent("reconnect.backoff.max.ms", 250);
        settings.putIfAbsent("enable.metrics.push", false);
        return settings;
    }

    /** How long a clean close may take. */
    static Duration closeTimeout() {
        return Duration.ofSeconds(5);
    }
}
