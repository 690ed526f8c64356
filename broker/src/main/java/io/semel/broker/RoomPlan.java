package io.semel.broker;

import io.semel.broker.catalogue.Catalogue;
import io.semel.broker.catalogue.CatalogueCodec;
import io.semel.broker.catalogue.CatalogueShard;
import io.semel.broker.catalogue.Topic;
import io.semel.broker.config.BrokerConfig;
import io.semel.broker.config.Durability;
import io.semel.broker.config.GroupConfig;
import io.semel.broker.config.Upkeep;
import io.semel.broker.courier.BurialCourier;
import io.semel.broker.courier.MarkerCourier;
import io.semel.broker.partition.LeaderEpoch;
import io.semel.broker.partition.Room;
import io.semel.broker.partition.RoomFactory;
import io.semel.broker.partition.Rooms;
import io.semel.broker.partition.ShardRoom;
import io.semel.group.GroupCommand;
import io.semel.group.GroupEventCodec;
import io.semel.group.GroupFaults;
import io.semel.group.GroupShard;
import io.semel.kernel.lane.Published;
import io.semel.kernel.law.ShardHost;
import io.semel.kernel.world.Saboteur;
import io.semel.kernel.world.World;
import io.semel.log.Compaction;
import io.semel.log.LogConfig;
import io.semel.log.Retention;
import io.semel.log.disk.Reserve;
import io.semel.txn.TxnEventCodec;
import io.semel.txn.TxnFaults;
import io.semel.txn.TxnLimits;
import io.semel.txn.TxnShard;
import io.semel.wire.topic.TopicPartition;
import org.apache.kafka.common.Uuid;

/** Which shard stands on which partition, and how each log is kept. Any thread. */
final class RoomPlan implements RoomFactory {
    static final String SEGMENTS_OPEN = "semel.segments.open.max";
    private static final int SEGMENTS_OPEN_UNLESS_SET = 1_000;
    private static final long PARK_MS = 5_000;
    /** {@code log.retention.hours}: seven days. */
    private static final long RETENTION_MS = 604_800_000L;

    private final World world;
    private final BrokerConfig config;
    private final Published<Catalogue> view;
    private final Published<LastLife> lastLife = new Published<>(LastLife.UNKNOWN);
    private final LogStarts starts;
    private final Reserve reserve;
    private final CleanerPoints cleanerPoints;
    private final Upkeep upkeep;
    private Rooms rooms;
    private BurialCourier burials;

    RoomPlan(World world, BrokerConfig config, Published<Catalogue> view, LogStarts starts,
            Reserve reserve) {
        this.upkeep = Upkeep.of(config);
        this.cleanerPoints = new CleanerPoints(world, world.lanes().lane(0), view);
        this.reserve = reserve;
        this.starts = starts;
        this.world = world;
        this.config = config;
        this.view = view;
    }

    /** Closes the ring: couriers go out through the rooms this plan makes. Before anything is asked of it. */
    void open(Rooms made, BurialCourier toGraves) {
        this.rooms = made;
        this.burials = toGraves;
    }

    /** What partitions opened from now on are held to: the last life's while starting, nothing after. */
    void holdTo(LastLife life) {
        lastLife.publish(life);
    }

    @Override
    public long recoveryPointOf(TopicPartition name) {
        return lastLife.read().recoveryPoint(name);
    }

    @Override
    public long startOffsetOf(TopicPartition name) {
        return starts.of(name);
    }

    CleanerPoints cleanerPoints() {
        return cleanerPoints;
    }

    Upkeep upkeep() {
        return upkeep;
    }

    @Override
    public int stateEveryBytes() {
        return upkeep.stateEveryBytes();
    }

    @Override
    public int snapshotEveryBytes() {
        return upkeep.snapshotEveryBytes();
    }

    @Override
    public int segmentsOpenMax() {
        long set = config.number(SEGMENTS_OPEN, 0);
        return (int) Math.max(1, (set > 0 ? set : SEGMENTS_OPEN_UNLESS_SET) / world.lanes().count());
    }

    @Override
    public Reserve reserve() {
        return reserve;
    }

    @Override
    public boolean endsTopics(TopicPartition name) {
        return name.topic().equals(Catalogue.CATALOGUE);
    }

    /**
     * The catalogue is always forced: with {@code os} a power cut would take a topic's creation, and its
     * directories would keep whoever creates it again from being served.
     */
    @Override
    public Durability durabilityOf(TopicPartition name) {
        return name.topic().equals(Catalogue.CATALOGUE) ? Durability.FORCE : config.durability();
    }

    @Override
    public boolean wasClosedCleanly() {
        return lastLife.read().clean();
    }

    @Override
    public String topicIdOf(TopicPartition name) {
        Topic topic = view.read().topic(name.topic());
        return topic == null ? null : new Uuid(topic.id().getMostSignificantBits(), topic.id()
                .getLeastSignificantBits()).toString();
    }

    @Override
    public Room roomFor(TopicPartition name) {
        return switch (name.topic()) {
            case Catalogue.CATALOGUE -> catalogueRoom();
            case Catalogue.TRANSACTION_STATE -> transactionRoom(name);
            case Catalogue.CONSUMER_OFFSETS -> groupRoom();
            default -> null;
        };
    }

    @Override
    public LogConfig configFor(TopicPartition name) {
        LogConfig defaults = LogConfig.defaults();
        if (name.topic().equals(Catalogue.CATALOGUE)) {
            return defaults.withSegmentBytes(config.internalSegmentBytes()).withCompacted(true);
        }
        Topic topic = view.read().topic(name.topic());
        if (topic == null || name.partition() >= topic.partitions()) return null;
        if (topic.isInternal()) return defaults.withSegmentBytes(config.internalSegmentBytes())
                .withCompacted(true);
        long segmentBytes = number(topic, "segment.bytes", config.segmentBytes());
        long segmentMs = number(topic, "segment.ms", config.number("log.roll.ms", LogConfig.SEGMENT_MS));
        if (topic.isCompacted()) segmentMs = Math.min(segmentMs, compactionOf(topic).lagMsMost());
        return defaults.withSegmentBytes((int) segmentBytes).withSegmentMs(segmentMs)
                .withCompacted(topic.isCompacted() || cleanerPoints.has(name));
    }

    /** How long a partition keeps its records, as its topic is set now; null when it keeps them all. */
    Retention retentionFor(TopicPartition name) {
        Topic topic = view.read().topic(name.topic());
        if (topic == null || topic.isInternal() || !topic.expires()) return null;
        return new Retention(number(topic, "retention.ms", config.number("log.retention.ms", RETENTION_MS)),
                number(topic, "retention.bytes", config.number("log.retention.bytes", -1)));
    }

    private long number(Topic topic, String key, long unset) {
        return view.read().number(topic, key, config.nodeId(), unset);
    }

    /** How a partition is compacted, as its topic is set now; null when it is not. */
    Compaction compactionFor(TopicPartition name) {
        if (name.topic().equals(Catalogue.CATALOGUE)) return Compaction.defaults();
        Topic topic = view.read().topic(name.topic());
        return topic == null || !topic.isCompacted() ? null : compactionOf(topic);
    }

    private Compaction compactionOf(Topic topic) {
        Compaction unset = Compaction.defaults();
        String ratio = view.read().setting(topic, "min.cleanable.dirty.ratio", config.nodeId());
        return new Compaction(number(topic, "min.compaction.lag.ms", unset.lagMs()),
                number(topic, "max.compaction.lag.ms", unset.lagMsMost()),
                ratio == null ? unset.dirtyRatio() : Double.parseDouble(ratio.trim()),
                number(topic, "delete.retention.ms", unset.deleteRetentionMs()));
    }

    private Room catalogueRoom() {
        CatalogueShard shard = new CatalogueShard(config.internalPartitions(), config.topicsMax(),
                config.partitionsMax(), new GroupConfig(config));
        return new ShardRoom<>(world, shard, new CatalogueCodec(), burials, durable ->
                view.publish(shard.durableView(durable)));
    }

    private Room transactionRoom(TopicPartition name) {
        TxnFaults faults = new TxnFaults(world.sabotaged(Saboteur.NO_FENCING),
                world.sabotaged(Saboteur.FORGET_DUTIES_ON_RELOAD));
        TxnLimits limits = new TxnLimits(config.transactionTimeoutMaxMs(), config.transactionalIdExpiryMs(),
                PARK_MS);
        TxnShard shard = new TxnShard(LeaderEpoch.OURS, limits, faults);
        return new ShardRoom<>(world, shard, new TxnEventCodec(),
                new MarkerCourier(rooms, rooms.laneOf(name), world.clock()));
    }

    private Room groupRoom() {
        ShardHost.Carrier<GroupCommand> none = (duty, outcome) -> {
            throw new IllegalStateException("a group owes nothing");
        };
        GroupFaults faults = new GroupFaults(world.sabotaged(Saboteur.NO_MEMBER_FENCING),
                world.sabotaged(Saboteur.STALE_GENERATION_TAKEN),
                world.sabotaged(Saboteur.NO_STATIC_FENCING),
                world.sabotaged(Saboteur.FORMER_TASK_TAKEN), world.sabotaged(Saboteur.UNSTABLE_OFFSET_TOLD));
        GroupShard shard = new GroupShard(GroupSettings.of(config),
                GroupSettings.byGroup(config, groupId -> view.read().groupConfigs(groupId)),
                faults);
        return new ShardRoom<>(world, shard, new GroupEventCodec(), none);
    }
}
