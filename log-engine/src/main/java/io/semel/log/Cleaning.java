package io.semel.log;

import io.semel.compression.CodecRoom;
import io.semel.kernel.world.Disk;
import io.semel.kernel.world.DiskFailure;
import io.semel.kernel.world.DiskFile;
import io.semel.wire.batch.BatchCheck;
import io.semel.wire.batch.BatchCheck.Problem;
import io.semel.wire.batch.BatchHeader;
import io.semel.wire.batch.RecordCursor;
import java.util.List;
import java.util.SortedSet;
import java.util.function.LongConsumer;

/**
 * Cleans a log once: learns the latest offset of every key in its dirty part, as far as the map has room,
 * then copies what is left of all segments up to there, segment by segment. Made on the log's lane by {@link
 * Compactor}; goes in steps on I/O threads, one at a time, and takes nothing from the log itself; what it has
 * made is handed to the lane after each group of segments.
 */
public final class Cleaning {
    /** About so many bytes are read in a step. */
    private static final int STEP_BYTES = 2 << 20;
    private static final int SOURCES_MAX = 512;
    /** The part of the memory that goes to what is known of single records, at most. */
    private static final int FATES_SHARE = 8;

    /** What is to be done next. */
    public enum Next {
        /** Another step. */
        STEP,
        /** {@link #made} is to be swapped in, then another step. */
        SWAP,
        /** Nothing: the log is clean up to {@link #cleanedTo}. */
        DONE
    }

    /**
     * What is to be cleaned.
     *
     * @param firstDirty everything below was cleaned before
     * @param end of the last whole segment to be cleaned: nothing is undecided or not durable below it
     * @param mapBytes most memory that the offsets of keys, and what is known of records, may take
     */
    public record Order(long firstDirty, long end, long nowMs, long deleteRetentionMs, int mapBytes) {
    }

    /** A segment as it is, which nobody changes. */
    record Source(long base, int size, long end) {
    }

    private final Disk disk;
    private final String directory;
    private final LogConfig config;
    private final List<Source> sources;
    private final Order order;
    private final LogWriters writers;
    private final BatchCheck check = new BatchCheck();
    private final CodecRoom room = new CodecRoom();
    private final RecordCursor records = new RecordCursor(room);
    private OffsetMap map;
    private RecordFates fates;
    private LongConsumer goes;
    private CleanedTransactions transactions;
    private BatchFilter filter;
    private long cleanedTo;
    private int source;
    private int firstOfGroup;
    private DiskFile file;
    private BatchWalk walk;
    private CleanedSegment out;
    private CleanedGroup made;
    private long bytesRead;
    private long bytesKept;

    Cleaning(Disk disk, String directory, LogConfig config, List<Source> sources, Order order,
            LogWriters writers) {
        this.disk = disk;
        this.directory = directory;
        this.config = config.withCompacted(true);
        this.sources = sources;
        this.order = order;
        this.writers = writers;
    }

    /**
     * Goes on for a while; blocking.
     *
     * @throws io.semel.kernel.world.DiskFailure the log is as it was; {@link #abandon} then
     */
    public Next step() {
        made = null;
        try {
            if (filter == null) return learn() ? Next.STEP : startCopying();
            return copy();
        } finally {
            room.release();
        }
    }

    /** After {@link Next#SWAP}. */
    public CleanedGroup made() {
        return made;
    }

    /** Everything below was cleaned: what the next cleaning may be told as first dirty. */
    public long cleanedTo() {
        return cleanedTo;
    }

    /** Bytes of the segments that were copied from. */
    public long bytesRead() {
        return bytesRead;
    }

    /** Bytes of the segments that came of it. */
    public long bytesKept() {
        return bytesKept;
    }

    /** Lets go of everything and leaves nothing behind. Blocking. */
    public void abandon() {
        closeSource();
        if (out != null) out.discard();
        out = null;
    }

    private boolean learn() {
        if (map == null) {
            fates = new RecordFates(order.firstDirty(), order.end(), order.mapBytes() / FATES_SHARE);
            goes = fates::goes;
            map = new OffsetMap(order.mapBytes() - fates.sizeInBytes(), order.end() - order.firstDirty());
            transactions = new CleanedTransactions(writers.aborted());
            while (source < sources.size() && sources.get(source).end <= order.firstDirty()) source++;
            cleanedTo = order.end();
        }
        for (int budget = STEP_BYTES; budget > 0 && source < sources.size(); ) {
            if (walk == null) openSource();
            if (!walk.next()) {
                endSource();
                continue;
            }
            budget -= walk.header().sizeInBytes();
            if (!learn(whole())) return false;
        }
        return source < sources.size();
    }

    /** False when there is no room for the batch's keys: the cleaning ends before it. */
    private boolean learn(BatchHeader batch) {
        boolean needless = transactions.needless(batch);
        if (batch.isControl() || batch.lastOffset() < order.firstDirty()) return true;
        if (needless) {
            fates.isOdd(batch.baseOffset());
            return true;
        }
        if (!map.takes(batch.recordCount())) {
            cleanedTo = batch.baseOffset();
            return false;
        }
        records.open(batch);
        while (records.next()) {
            long offset = records.offset();
            if (records.hasKey()) map.note(records);
            else fates.goes(offset);
            if (!records.hasValue()) fates.isOdd(offset);
        }
        map.putNoted(goes);
        if (records.problem() != Problem.NONE) fates.forget();
        return true;
    }

    private Next startCopying() {
        closeSource();
        source = 0;
        transactions = new CleanedTransactions(writers.aborted());
        filter = new BatchFilter(map, fates, cleanedTo, order, room);
        return Next.STEP;
    }

    private Next copy() {
        for (int budget = STEP_BYTES; budget > 0; ) {
            if (walk == null) {
                boolean over = source == sources.size() || sources.get(source).base >= cleanedTo;
                if (out != null && (over || !mayJoin())) return endGroup();
                if (over) return Next.DONE;
                beginSource();
            }
            if (!walk.next()) {
                endSource();
                continue;
            }
            budget -= walk.header().sizeInBytes();
            copy(whole());
        }
        return Next.STEP;
    }

    private boolean mayJoin() {
        Source one = sources.get(source);
        return source - firstOfGroup < SOURCES_MAX && out.takes(config, one.size, one.end);
    }

    private void beginSource() {
        Source one = sources.get(source);
        if (out == null) {
            out = new CleanedSegment(disk, directory, config, one.base);
            firstOfGroup = source;
        }
        out.begin(one.size, one.end);
        openSource();
    }

    /**
     * The last batch of a segment stays, if only its header: so a file that was cut short is found to be, and
     * no offset is lost.
     */
    private void copy(BatchHeader batch) {
        boolean needless = transactions.needless(batch);
        boolean isLast = walk.endPosition() == sources.get(source).size;
        boolean keepsHeader = isLast || batch.hasProducerId() && writers.isLastOfProducer(batch);
        switch (filter.filter(batch, needless, keepsHeader)) {
            case ALL -> out.keep(batch.slice());
            case SOME -> out.keepChanged(filter.thinned());
            case NOTHING -> out.leftOut();
        }
    }

    private Next endGroup() {
        SortedSet<Long> kept = transactions.takeKept();
        bytesRead += out.bytesRead();
        if (!out.differs()) {
            bytesKept += out.bytesRead();
            out.discard();
            out = null;
            return Next.STEP;
        }
        Segment segment = out.finish(writers.abortedIndex(kept));
        bytesKept += segment.size();
        made = new CleanedGroup(new SegmentSwap(disk, directory), segment,
                sources.subList(firstOfGroup, source), kept);
        out = null;
        return Next.SWAP;
    }

    private BatchHeader whole() {
        BatchHeader batch = walk.whole();
        if (check.crcOf(batch) == batch.crc()) return batch;
        throw damaged("a batch's bytes do not match its CRC");
    }

    private void openSource() {
        Source one = sources.get(source);
        String path = LogNames.path(directory, one.base, LogNames.LOG);
        if (!disk.exists(path)) throw new DiskFailure(path + ": removed while the log is cleaned", null);
        file = disk.open(path);
        walk = new BatchWalk(file, one.base, true, one.size, Segment.SCAN_BLOCK_BYTES).from(0, one.base);
    }

    private void endSource() {
        if (walk.flaw() != null) throw damaged(walk.flaw());
        closeSource();
        source++;
    }

    private RuntimeException damaged(String flaw) {
        return Recovery.damaged(file.path(), walk.position(), walk.endOffset(), flaw);
    }

    private void closeSource() {
        if (file != null) file.close();
        file = null;
        walk = null;
    }
}
