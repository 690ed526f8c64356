package io.semel.broker.config;

import io.semel.broker.config.BrokerKey.Kind;
import io.semel.broker.config.BrokerKey.Treatment;
import java.util.Collection;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/**
 * Every setting of the broker that is known here, by name: docs/configs.md is this table. What is not in it
 * is
 * warned of. Stateless.
 */
public final class BrokerKeys {
    private static final Map<String, BrokerKey> KEYS = new TreeMap<>();
    private static final String ALONE = "this broker is alone";
    private static final String SEPARATE = "one lane a core does the work; see semel.lanes";
    private static final int MAX = Integer.MAX_VALUE;

    static {
        identity();
        limits();
        groups();
        topicDefaults();
        own();
        withoutEffect();
        refused();
    }

    private BrokerKeys() {
    }

    /** All of them, by name. */
    public static Collection<BrokerKey> all() {
        return Collections.unmodifiableCollection(KEYS.values());
    }

    /** Null when the name is not known here. */
    public static BrokerKey of(String name) {
        return KEYS.get(name);
    }

    private static void identity() {
        number("node.id", "1", 0, MAX, "the broker's id; a data directory belongs to one");
        number("broker.id", "1", 0, MAX, "the same as node.id, under its older name");
        text("listeners", "PLAINTEXT://127.0.0.1:9092", "where clients connect; port 0 takes a free one");
        text("advertised.listeners", "", "what clients are told to connect to; as listeners unless given");
        text("log.dirs", "", "where everything is kept: one directory, created when missing");
        text("log.dir", "", "the same as log.dirs, under its older name");
        text("broker.rack", "", "told to clients");
    }

    private static void limits() {
        number("num.partitions", "1", 1, MAX, "partitions of a topic that names no count");
        flag("auto.create.topics.enable", "true", "a topic is created when it is first written or asked for");
        number("fetch.max.bytes", "57671680", 1024, MAX, "most that one fetch answers");
        number("transaction.max.timeout.ms", "900000", 1, MAX,
                "largest transaction.timeout.ms of a producer");
        number("transactional.id.expiration.ms", "604800000", 1, Long.MAX_VALUE,
                "a transactional id that is not used so long is forgotten");
        number("producer.id.expiration.ms", "86400000", 1, MAX,
                "an idempotent producer that is silent so long is forgotten by a partition");
        number("producer.id.expiration.check.interval.ms", "600000", 1, MAX, "how often that is looked for");
        number("transaction.state.log.num.partitions", "50", 1, 1000,
                "partitions of __transaction_state and of __consumer_offsets; fixed at the first start");
        number("offsets.topic.num.partitions", "50", 1, 1000,
                "the same as transaction.state.log.num.partitions: the two must be equal");
        number("transaction.state.log.segment.bytes", "104857600", 14, MAX,
                "segments of the internal topics");
        number("offsets.topic.segment.bytes", "104857600", 14, MAX,
                "the same as transaction.state.log.segment.bytes: the two must be equal");
        number("group.initial.rebalance.delay.ms", "0", 0, MAX,
                "how long an empty group waits for more members; Kafka waits 3000");
        number("socket.request.max.bytes", "104857600", 1024, MAX, "largest request");
        number("connections.max.idle.ms", "600000", 1000, Long.MAX_VALUE,
                "a connection on which nothing moves so long is closed");
        number("max.connections", "10000", 1, MAX, "connections above this are closed at once");
        number("max.incremental.fetch.session.cache.slots", "1000", 0, MAX,
                "fetch sessions (KIP-227); beyond them fetches name all their partitions");
    }

    private static void groups() {
        number("group.min.session.timeout.ms", "6000", 1, MAX,
                "smallest session.timeout.ms of a member (classic protocol)");
        number("group.max.session.timeout.ms", "1800000", 1, MAX, "and the largest");
        number("group.max.size", "1000", 1, MAX, "members of a group (classic protocol); Kafka has no bound");
        number("offset.metadata.max.bytes", "4096", 0, MAX, "largest metadata of a committed offset");
        number("offsets.retention.minutes", "10080", 1, MAX,
                "how long offsets are kept once nobody needs them (KIP-211)");
        number("offsets.retention.check.interval.ms", "600000", 1, Long.MAX_VALUE,
                "how often offsets that have expired are looked for");
        number("group.consumer.session.timeout.ms", "45000", 1, MAX,
                "a member that is not heard of so long is out (consumer protocol, KIP-848)");
        number("group.consumer.heartbeat.interval.ms", "1000", 1, MAX,
                "how often members are told to send heartbeats (consumer protocol); Kafka says 5000");
        number("group.consumer.min.session.timeout.ms", "45000", 1, MAX,
                "smallest consumer.session.timeout.ms that a group may set");
        number("group.consumer.max.session.timeout.ms", "60000", 1, MAX, "and the largest");
        number("group.consumer.min.heartbeat.interval.ms", "1000", 1, MAX,
                "smallest consumer.heartbeat.interval.ms that a group may set; Kafka says 5000");
        number("group.consumer.max.heartbeat.interval.ms", "15000", 1, MAX, "and the largest");
        number("group.consumer.max.size", "1000", 1, MAX,
                "members of a group (consumer protocol); Kafka has no bound");
        put("group.consumer.migration.policy", Kind.MIGRATION, "bidirectional", 0, 0, Treatment.HONOURED,
                "whether a group changes between the protocols while its members live");
        streamsGroups();
        refuse("group.consumer.assignors", "uniform,range", "these two are there, the first by default");
        refuse("group.coordinator.rebalance.protocols", "classic,consumer,streams",
                "these are always spoken");
    }

    private static void streamsGroups() {
        number("group.streams.session.timeout.ms", "45000", 1, MAX,
                "a member that is not heard of so long is out (streams protocol, KIP-1071)");
        number("group.streams.min.session.timeout.ms", "45000", 1, MAX,
                "smallest streams.session.timeout.ms that a group may set");
        number("group.streams.max.session.timeout.ms", "60000", 1, MAX, "and the largest");
        number("group.streams.heartbeat.interval.ms", "1000", 1, MAX,
                "how often members are told to send heartbeats (streams protocol); Kafka says 5000");
        number("group.streams.min.heartbeat.interval.ms", "1000", 1, MAX,
                "smallest streams.heartbeat.interval.ms that a group may set; Kafka says 5000");
        number("group.streams.max.heartbeat.interval.ms", "15000", 1, MAX, "and the largest");
        number("group.streams.max.size", "1000", 1, MAX,
                "members of a group (streams protocol); Kafka has no bound");
        number("group.streams.num.standby.replicas", "0", 0, MAX,
                "copies of each stateful task (streams protocol)");
        number("group.streams.max.standby.replicas", "2", 0, MAX,
                "largest streams.num.standby.replicas that a group may set");
        number("group.streams.initial.rebalance.delay.ms", "0", 0, MAX,
                "how long an empty group waits for more members (streams protocol); Kafka waits 3000");
    }

    /** The defaults of topics' settings, for topics that do not set their own. */
    private static void topicDefaults() {
        topic("log.retention.ms", "604800000", "retention.ms");
        number("log.retention.minutes", "", 1, Long.MAX_VALUE / 60_000, "log.retention.ms in minutes");
        number("log.retention.hours", "168", -1, Long.MAX_VALUE / 3_600_000, "log.retention.ms in hours");
        topic("log.retention.bytes", "-1", "retention.bytes");
        topic("log.segment.bytes", "1073741824", "segment.bytes");
        topic("log.roll.ms", "604800000", "segment.ms");
        number("log.roll.hours", "168", 1, Long.MAX_VALUE / 3_600_000, "log.roll.ms in hours");
        topic("message.max.bytes", "1048588", "max.message.bytes");
        number("log.retention.check.interval.ms", "300000", 1, Long.MAX_VALUE,
                "how often records that have expired are looked for");
        number(Upkeep.POINTS, "2000", 1, Long.MAX_VALUE,
                "how often it is written down how far logs are forced; Kafka says 60000");
        number(Upkeep.REST, "15000", 1, Long.MAX_VALUE,
                "how long the cleaner rests when no compacted log wants cleaning");
        number(Upkeep.MAP, "33554432", 1024, MAX,
                "most memory for the keys of one cleaning, 24 bytes each; more take several cleanings");
    }

    private static void own() {
        put("semel.durability", Kind.DURABILITY, "force", 0, 0, Treatment.HONOURED,
                "force answers after fsync and survives a power cut; os survives the process only"
                + " (topics, settings and producer ids are forced all the same)");
        flag("semel.replication.clamp", "true",
                "a replication factor above the number of brokers is taken for what there is, not refused");
        number("semel.transaction.version", "2", 0, 2,
                "level of the feature transaction.version; below 2 clients speak version 1");
        number("semel.topics.max", "10000", 1, MAX, "topics at most");
        number("semel.partitions.max", "20000", 1, MAX, "partitions at most, over all topics");
        number(Upkeep.STATE, "4194304", 1, MAX,
                "a coordinator's state is written down after so many bytes of its journal");
        number(Upkeep.SNAPSHOT, "67108864", 1, MAX,
                "what a partition knows of its producers is written down after so many bytes, and at a roll");
        number("semel.lanes", "0", 0, 1024, "threads that own partitions; 0 for one a core");
        number("semel.segments.open.max", "0", 0, MAX,
                "segments that have files open at most; 0 for half of what the process may open");
        number("semel.io.threads", "16", 1, 1024, "threads that force, open and delete files");
    }

    private static void withoutEffect() {
        for (String name : new String[] {"default.replication.factor", "offsets.topic.replication.factor",
            "transaction.state.log.replication.factor", "transaction.state.log.min.isr",
                    "min.insync.replicas",
            "share.coordinator.state.topic.replication.factor", "share.coordinator.state.topic.min.isr"}) {
            put(name, Kind.INT, "1", 1, MAX, Treatment.NO_EFFECT, ALONE);
        }
        for (String name : new String[] {"process.roles", "controller.quorum.voters",
            "controller.quorum.bootstrap.servers", "controller.listener.names", "inter.broker.listener.name",
            "listener.security.protocol.map", "replica.selector.class"}) {
            put(name, Kind.TEXT, "", 0, 0, Treatment.NO_EFFECT, ALONE);
        }
        for (String name : new String[] {"auto.leader.rebalance.enable", "controlled.shutdown.enable",
            "unclean.leader.election.enable"}) {
            put(name, Kind.BOOLEAN, "true", 0, 0, Treatment.NO_EFFECT, ALONE);
        }
        for (String name : new String[] {"num.network.threads", "num.io.threads", "background.threads",
            "num.recovery.threads.per.data.dir", "num.replica.fetchers", "queued.max.requests"}) {
            put(name, Kind.INT, "", 1, MAX, Treatment.NO_EFFECT, SEPARATE);
        }
        for (String name : new String[] {"socket.send.buffer.bytes", "socket.receive.buffer.bytes"}) {
            put(name, Kind.INT, "", -1, MAX, Treatment.NO_EFFECT, "the operating system chooses");
        }
        for (String name : new String[] {"log.flush.interval.messages", "log.flush.interval.ms",
            "log.flush.scheduler.interval.ms"}) {
            put(name, Kind.LONG, "", 0, Long.MAX_VALUE, Treatment.NO_EFFECT,
                    "nothing is acknowledged before it is durable; see semel.durability");
        }
    }

    private static void refused() {
        refuse("authorizer.class.name", "", "authorization is not built");
        refuse("compression.type", "producer",
                "batches stay as the producer made them; set compression.type on the producer");
        refuse("delete.topic.enable", "true", "topics can always be deleted");
        refuse("log.cleanup.policy", "delete", "set cleanup.policy on the topic");
        refuse("log.message.timestamp.type", "CreateTime", "set message.timestamp.type on the topic");
        refuse("remote.log.storage.system.enable", "false", "remote storage is not built");
        refuse("sasl.enabled.mechanisms", "", "SASL is not built");
        refuse("ssl.keystore.location", "", "TLS is not built");
        refuse("ssl.truststore.location", "", "TLS is not built");
        refuse("ssl.client.auth", "none", "TLS is not built");
    }

    private static void number(String name, String byDefault, long least, long most, String about) {
        put(name, most > MAX ? Kind.LONG : Kind.INT, byDefault, least, most, Treatment.HONOURED, about);
    }

    private static void text(String name, String byDefault, String about) {
        put(name, Kind.TEXT, byDefault, 0, 0, Treatment.HONOURED, about);
    }

    private static void flag(String name, String byDefault, String about) {
        put(name, Kind.BOOLEAN, byDefault, 0, 0, Treatment.HONOURED, about);
    }

    private static void topic(String name, String byDefault, String topicKey) {
        put(name, Kind.TOPIC_SETTING, byDefault, 0, 0, Treatment.HONOURED, "the default of a topic's "
                + topicKey + "; can be altered while the broker runs");
    }

    private static void refuse(String name, String byDefault, String why) {
        put(name, Kind.TEXT, byDefault, 0, 0, Treatment.REFUSED, why);
    }

    private static void put(String name, Kind kind, String byDefault, long least, long most,
            Treatment treatment, String about) {
        KEYS.put(name, new BrokerKey(name, kind, byDefault, least, most, treatment, about));
    }
}
