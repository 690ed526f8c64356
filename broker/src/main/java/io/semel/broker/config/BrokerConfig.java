package io.semel.broker.config;

import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/**
 * A broker's settings; names and defaults are Kafka's where Kafka has them. Times in milliseconds, sizes in
 * bytes. Immutable.
 *
 * @param nodeId                   {@code node.id}
 * @param advertisedHost           host told to clients
 * @param advertisedPort           port told to clients
 * @param durability               {@code semel.durability}
 * @param partitionsDefault        {@code num.partitions}: for topics that name no count
 * @param autoCreateTopics         {@code auto.create.topics.enable}
 * @param clampReplication         accept replication factors above the number of brokers and use what there
 * is
 * @param internalPartitions       {@code transaction.state.log.num.partitions}, {@code
 * offsets.topic.num.partitions}
 * @param segmentBytes             {@code log.segment.bytes}
 * @param internalSegmentBytes     {@code transaction.state.log.segment.bytes}, {@code
 * offsets.topic.segment.bytes}
 * @param messageBytesMax          {@code message.max.bytes}: largest batch accepted
 * @param fetchBytesMax            {@code fetch.max.bytes}: most that one fetch answers
 * @param transactionTimeoutMaxMs  {@code transaction.max.timeout.ms}
 * @param transactionalIdExpiryMs  {@code transactional.id.expiration.ms}
 * @param producerIdExpiryMs       {@code producer.id.expiration.ms}
 * @param initialRebalanceDelayMs  {@code group.initial.rebalance.delay.ms}; 0 here: one broker has nothing
 * to wait for
 * @param topicsMax                topics the broker holds at most
 * @param partitionsMax            partitions the broker holds at most, over all topics
 * @param set                      what was set at start, under the names of {@link BrokerKeys}; checked. The
 * fields above hold the same where they have one
 */
public record BrokerConfig(
        int nodeId,
        String advertisedHost,
        int advertisedPort,
        Durability durability,
        int partitionsDefault,
        boolean autoCreateTopics,
        boolean clampReplication,
        int internalPartitions,
        int segmentBytes,
        int internalSegmentBytes,
        int messageBytesMax,
        int fetchBytesMax,
        int transactionTimeoutMaxMs,
        long transactionalIdExpiryMs,
        int producerIdExpiryMs,
        int initialRebalanceDelayMs,
        int topicsMax,
        int partitionsMax,
        Map<String, String> set) {

    public BrokerConfig {
        set = Collections.unmodifiableMap(new TreeMap<>(set));
    }

    /** Kafka's defaults for one broker that clients reach at {@code host:port}. */
    public static BrokerConfig defaults(String host, int port) {
        return new BrokerConfig(1, host, port, Durability.FORCE, 1, true, true, 50, 1 << 30, 100 << 20,
                1_048_588, 55 << 20, 900_000, 604_800_000L, 86_400_000, 0, 10_000, 20_000, Map.of());
    }

    /**
     * These settings with others in their place, under the names of {@link BrokerKeys}; all of them checked.
     */
    public BrokerConfig with(Map<String, String> changes) {
        Map<String, String> all = new TreeMap<>(set);
        all.putAll(changes);
        Values values = new Values(all);
        int internal = values.integer("transaction.state.log.num.partitions",
                values.integer("offsets.topic.num.partitions", internalPartitions));
        int internalBytes = values.integer("transaction.state.log.segment.bytes",
                values.integer("offsets.topic.segment.bytes", internalSegmentBytes));
        return new BrokerConfig(values.integer("node.id", nodeId), advertisedHost, advertisedPort,
                all.containsKey("semel.durability")
                        ? Durability.of(all.get("semel.durability")) : durability,
                values.integer("num.partitions", partitionsDefault),
                values.flag("auto.create.topics.enable", autoCreateTopics),
                values.flag("semel.replication.clamp", clampReplication), internal,
                values.integer("log.segment.bytes", segmentBytes), internalBytes,
                values.integer("message.max.bytes", messageBytesMax),
                values.integer("fetch.max.bytes", fetchBytesMax),
                values.integer("transaction.max.timeout.ms", transactionTimeoutMaxMs),
                values.number("transactional.id.expiration.ms", transactionalIdExpiryMs),
                values.integer("producer.id.expiration.ms", producerIdExpiryMs),
                values.integer("group.initial.rebalance.delay.ms", initialRebalanceDelayMs),
                values.integer("semel.topics.max", topicsMax),
                values.integer("semel.partitions.max", partitionsMax), all);
    }

    private BrokerConfig with(String key, Object value) {
        return with(Map.of(key, value.toString()));
    }

    public BrokerConfig withDurability(Durability setting) {
        return with("semel.durability", setting.word());
    }

    public BrokerConfig withAdvertised(String host, int port) {
        return new BrokerConfig(nodeId, host, port, durability, partitionsDefault, autoCreateTopics,
                clampReplication, internalPartitions, segmentBytes, internalSegmentBytes, messageBytesMax,
                fetchBytesMax, transactionTimeoutMaxMs, transactionalIdExpiryMs, producerIdExpiryMs,
                initialRebalanceDelayMs, topicsMax, partitionsMax, set);
    }

    public BrokerConfig withSegmentBytes(int bytes) {
        return with(Map.of("log.segment.bytes", Integer.toString(bytes),
                "transaction.state.log.segment.bytes", Integer.toString(bytes)));
    }

    public BrokerConfig withInternalPartitions(int count) {
        return with("transaction.state.log.num.partitions", count);
    }

    public BrokerConfig withPartitionsDefault(int count) {
        return with("num.partitions", count);
    }

    /** What was set at start for a key, or {@code unset}. */
    public long number(String key, long unset) {
        return new Values(set).number(key, unset);
    }

    /** As {@link #number}, for words. */
    public String word(String key, String unset) {
        String value = set.get(key);
        return value == null ? unset : value.trim();
    }

    /** Settings that were checked, as numbers. */
    private record Values(Map<String, String> set) {
        long number(String key, long unset) {
            String value = set.get(key);
            return value == null ? unset : Long.parseLong(value.trim());
        }

        int integer(String key, int unset) {
            return (int) number(key, unset);
        }

        boolean flag(String key, boolean unset) {
            String value = set.get(key);
            return value == null ? unset : Boolean.parseBoolean(value.trim());
        }
    }
}
