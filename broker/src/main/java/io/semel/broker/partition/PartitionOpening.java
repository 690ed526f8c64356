package io.semel.broker.partition;

import io.semel.broker.config.Durability;
import io.semel.committed.AbortedRange;
import io.semel.kernel.lane.Lane;
import io.semel.kernel.world.Saboteur;
import io.semel.kernel.world.World;
import io.semel.log.LogConfig;
import io.semel.log.LogOpening;
import io.semel.log.OpenSegments;
import io.semel.log.PartitionLog;
import io.semel.log.SideFileState;
import io.semel.log.disk.Reserve;
import io.semel.wire.batch.BatchHeader;
import io.semel.wire.topic.TopicPartition;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Opens one partition by folding again: the newest snapshot that can be trusted, then every batch above it.
 * A room has snapshots of its own, and needs none of the other folds'. Used by one I/O thread, then handed to
 * the partition's lane.
 */
final class PartitionOpening implements LogOpening {
    private static final Logger LOG = LoggerFactory.getLogger(PartitionOpening.class);

    private final World world;
    private final TopicPartition name;
    private final Supplier<Room> rooms;
    private final int stateEveryBytes;
    private final long recoveryPoint;
    private final long startOffset;
    private final boolean clean;
    private final String topicId;
    private final Reserve reserve;
    private final boolean endsTopics;
    private final OpenSegments openSegments;
    private PartitionFolds folds;
    private long foldsFrom;
    private AbortedAgain again;
    private Room room;
    private long roomFrom;
    private long roomBytes;

    private PartitionOpening(World world, TopicPartition name, RoomFactory factory,
            OpenSegments openSegments) {
        this.openSegments = openSegments;
        this.world = world;
        this.name = name;
        this.rooms = () -> factory.roomFor(name);
        this.room = rooms.get();
        this.stateEveryBytes = factory.stateEveryBytes();
        this.recoveryPoint = factory.recoveryPointOf(name);
        this.startOffset = factory.startOffsetOf(name);
        this.clean = factory.wasClosedCleanly();
        this.topicId = factory.topicIdOf(name);
        this.reserve = factory.reserve();
        this.endsTopics = factory.endsTopics(name);
        this.folds = new PartitionFolds(world);
    }

    /** Blocking; the result's remaining steps ({@link Opened#toPartition}) run on the lane. */
    static Opened open(TopicPartition name, World world, LogConfig config, RoomFactory factory,
            OpenSegments openSegments) {
        PartitionOpening opening = new PartitionOpening(world, name, factory, openSegments);
        PartitionLog log = PartitionLog.open(world.disk(), name.toString(), config, opening);
        if (opening.again != null) opening.folds.aborted.load(opening.again.found());
        opening.folds.aborted.forgetBelow(log.startOffset());
        Journal journal = new Journal(opening.room, opening.rooms, opening.stateEveryBytes, opening.roomFrom,
                opening.roomBytes);
        return new Opened(name, log, opening.folds, opening.room == null ? null : journal,
                factory.snapshotEveryBytes());
    }

    record Opened(TopicPartition name, PartitionLog log, PartitionFolds folds, Journal journal,
                  int snapshotEveryBytes) {
        Partition toPartition(World world, Lane lane, Durability durability) {
            return new Partition(world, lane, durability, this);
        }
    }

    /**
     * A room and what it was folded from.
     *
     * @param rooms      makes another one, new and empty
     * @param stateAt    where the state stood that it began with; 0 for none
     * @param bytesSince of the log, that were folded since
     */
    record Journal(Room room, Supplier<Room> rooms, int stateEveryBytes, long stateAt, long bytesSince) {
    }

    @Override
    public long loadNewestSnapshot(PartitionLog.SideFiles files, long notAbove) {
        foldsFrom = loadFolds(files, notAbove);
        long from = again == null ? foldsFrom : Math.min(foldsFrom, again.from());
        if (room == null) return from;
        roomFrom = StateKeeper.restore(files, rooms, notAbove, restored -> room = restored);
        return Math.min(from, roomFrom);
    }

    private long loadFolds(PartitionLog.SideFiles files, long notAbove) {
        folds = new PartitionFolds(world);
        again = null;
        List<Long> snapshots = new ArrayList<>(files.list(SideFilesKeeper.SNAPSHOT));
        snapshots.sort((first, second) -> Long.compare(second, first));
        List<Long> indexes = files.list(SideFilesKeeper.ABORTED);
        List<Long> bases = files.segmentBases();
        long firstBase = bases.isEmpty() ? notAbove : bases.get(0);
        for (long offset : snapshots) {
            if (offset < firstBase) break;
            if (offset <= notAbove && load(files, indexes, snapshots, offset)) return offset;
        }
        return 0;
    }

    @Override
    public void fold(BatchHeader batch) {
        if (batch.baseOffset() >= foldsFrom) folds.fold(batch);
        if (again != null) again.fold(batch);
        if (room == null || batch.baseOffset() < roomFrom) return;
        room.replay(batch);
        roomBytes += batch.sizeInBytes();
    }

    @Override
    public long recoveryPoint() {
        return recoveryPoint;
    }

    @Override
    public long startOffset() {
        return startOffset;
    }

    @Override
    public boolean wasClean() {
        return clean;
    }

    @Override
    public boolean trustsCache() {
        return world.sabotaged(Saboteur.RECOVERY_TRUSTS_CACHE);
    }

    @Override
    public boolean cutsAnywhere() {
        return world.sabotaged(Saboteur.ROT_CUT_OFF);
    }

    @Override
    public Reserve reserve() {
        return reserve;
    }

    @Override
    public boolean endsTopics() {
        return endsTopics;
    }

    @Override
    public OpenSegments openSegments() {
        return openSegments;
    }

    @Override
    public String topicId() {
        return topicId;
    }

    private boolean load(PartitionLog.SideFiles files, List<Long> indexes, List<Long> snapshots,
            long offset) {
        List<AbortedRange> ranges = new ArrayList<>();
        List<Long> damaged = new ArrayList<>();
        PartitionFolds restored = new PartitionFolds(world);
        for (long base : files.segmentBases()) {
            if (base >= offset) continue;
            if (!indexes.contains(base)) return false;
            byte[] content = files.read(base, SideFilesKeeper.ABORTED);
            SideFileState state = files.stateOf(base, SideFilesKeeper.ABORTED, content);
            if (state == SideFileState.CHANGED || !decode(content, offset, ranges)) damaged.add(base);
            else if (state == SideFileState.WITHOUT_SUM && content.length > 0) restored.unwritten.add(base);
        }
        if (!restored.restore(ByteBuffer.wrap(files.read(offset, SideFilesKeeper.SNAPSHOT)),
                ranges)) return false;
        folds = restored;
        folds.indexedBelow = offset;
        if (!damaged.isEmpty()) foldAgain(files, snapshots, damaged);
        return true;
    }

    /** What a snapshot at {@code offset} vouches for. @return false when these are no entries */
    private static boolean decode(byte[] content, long offset, List<AbortedRange> into) {
        ByteBuffer entries = ByteBuffer.wrap(content);
        List<AbortedRange> ranges = new ArrayList<>();
        AbortedRange range;
        while ((range = AbortedRange.decode(entries)) != null) {
            if (range.lastOffset() < offset) ranges.add(range);
        }
        if (entries.hasRemaining()) return false;
        into.addAll(ranges);
        return true;
    }

    private void foldAgain(PartitionLog.SideFiles files, List<Long> snapshots, List<Long> damaged) {
        folds.unwritten.addAll(damaged);
        again = AbortedAgain.of(files, snapshots, damaged, world);
        for (long base : damaged) {
            LOG.warn("{}: {} is not as it was written, a damaged disk or another broker has changed it:"
                    + " aborted transactions are read from the log again from offset {} on, and it is written"
                    + " anew", name, files.pathOf(base, SideFilesKeeper.ABORTED), again.from());
        }
    }
}
