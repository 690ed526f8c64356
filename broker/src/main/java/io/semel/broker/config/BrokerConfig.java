package io.semel.broker.config;

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
        int partitionsMax) {

    /** Kafka's defaults for one broker that clients reach at {@code host:port}. */
    public static BrokerConfig defaults(String host, int port) {
        return new BrokerConfig(1, host, port, Durability.FORCE, 1, true, true, 50, 1 << 30, 100 << 20,
                1_048_588,
                55 << 20, 900_000, 604_800_000L, 86_400_000, 0, 10_000, 20_000);
    }

    public BrokerConfig withDurability(Durability durability) {
        return new BrokerConfig(nodeId, advertisedHost, advertisedPort, durability, partitionsDefault,
                autoCreateTopics,
                clampReplication, internalPartitions, segmentBytes, internalSegmentBytes, messageBytesMax,
                        fetchBytesMax,
                transactionTimeoutMaxMs, transactionalIdExpiryMs, producerIdExpiryMs,
                        initialRebalanceDelayMs, topicsMax,
                partitionsMax);
    }

    public BrokerConfig withAdvertised(String host, int port) {
        return new BrokerConfig(nodeId, host, port, durability, partitionsDefault, autoCreateTopics,
                clampReplication,
                internalPartitions, segmentBytes, internalSegmentBytes, messageBytesMax, fetchBytesMax,
                transactionTimeoutMaxMs, transactionalIdExpiryMs, producerIdExpiryMs,
                        initialRebalanceDelayMs, topicsMax,
                partitionsMax);
    }

    public BrokerConfig withSegmentBytes(int bytes) {
        return new BrokerConfig(nodeId, advertisedHost, advertisedPort, durability, partitionsDefault,
                autoCreateTopics,
                clampReplication, internalPartitions, bytes, bytes, messageBytesMax, fetchBytesMax,
                transactionTimeoutMaxMs, transactionalIdExpiryMs, producerIdExpiryMs,
                        initialRebalanceDelayMs, topicsMax,
                partitionsMax);
    }

    public BrokerConfig withInternalPartitions(int count) {
        return new BrokerConfig(nodeId, advertisedHost, advertisedPort, durability, partitionsDefault,
                autoCreateTopics,
                clampReplication, count, segmentBytes, internalSegmentBytes, messageBytesMax, fetchBytesMax,
                transactionTimeoutMaxMs, transactionalIdExpiryMs, producerIdExpiryMs,
                        initialRebalanceDelayMs, topicsMax,
                partitionsMax);
    }

    public BrokerConfig withPartitionsDefault(int count) {
        return new BrokerConfig(nodeId, advertisedHost, advertisedPort, durability, count, autoCreateTopics,
                clampReplication, internalPartitions, segmentBytes, internalSegmentBytes, messageBytesMax,
                        fetchBytesMax,
                transactionTimeoutMaxMs, transactionalIdExpiryMs, producerIdExpiryMs,
                        initialRebalanceDelayMs, topicsMax,
                partitionsMax);
    }
}
