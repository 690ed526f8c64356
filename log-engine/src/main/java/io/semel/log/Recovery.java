package io.semel.log;

import io.semel.kernel.world.Disk;
import io.semel.kernel.world.DiskFailure;
import io.semel.kernel.world.DiskFile;
import io.semel.wire.batch.BatchFold;
import io.semel.wire.batch.BatchHeader;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * Finds out what a partition's directory holds: trusts what lies below the recovery point, checks every batch
 * above it, cuts the log at the first bad one, makes the indexes of what it checked anew. Damage below the
 * recovery point is never cut away: the log is not opened then. Blocking; used once, on an I/O thread.
 *
 * <p>What lies above the recovery point is written again before it is checked and forced. If a force failed
 * in an earlier life, the page cache shows bytes that the disk never got, Linux counts them as clean, and
 * another force would succeed without writing them (I13). Nothing on the disk can tell that this was so.
 */
final class Recovery {
    private static final List<String> LEFT_BEHIND = List.of(".deleted", ".tmp");

    private final Disk disk;
    private final String directory;
    private final LogConfig config;
    private final LogOpening opening;
    private final LeaderEpochs epochs;
    private final SegmentList segments = new SegmentList();
    private final List<Long> bases = new ArrayList<>();
    private long endOffset;
    private long checkedBytes;
    private long cutBytes;
    private String cut;
    private int indexesRebuilt;
    private boolean changed;

    Recovery(Disk disk, String directory, LogConfig config, LogOpening opening) {
        this.disk = disk;
        this.directory = directory;
        this.config = config;
        this.opening = opening;
        this.epochs = LeaderEpochs.load(disk, directory);
    }

    SegmentList segments() {
        return segments;
    }

    LeaderEpochs epochs() {
        return epochs;
    }

    long endOffset() {
        return endOffset;
    }

    /** The log is not as a clean close left it: what was read must be forced before anything rests on it. */
    boolean changed() {
        return changed;
    }

    Recovered report() {
        return new Recovered(checkedBytes, cutBytes, cut, indexesRebuilt);
    }

    void run() {
        takeInventory();
        dropBelowStart();
        endOffset = opening.startOffset();
        if (!bases.isEmpty()) openSegments();
        long reached = Math.max(endOffset, opening.startOffset());
        if (reached < opening.recoveryPoint() && disk.exists(directory)) throw missing();
        if (endOffset < opening.startOffset()) beginAgainAtStart();
        epochs.cutAt(endOffset);
        if (!bases.isEmpty()) epochs.startAt(Math.max(opening.startOffset(), bases.get(0)));
        dropSideFilesAbove();
    }

    /** What lay below the start when that was written down goes, as {@link SegmentRemoval} meant to. */
    private void dropBelowStart() {
        int below = 0;
        while (below + 1 < bases.size() && bases.get(below + 1) <= opening.startOffset()) below++;
        if (below == 0) return;
        bases.subList(0, below).clear();
        SegmentRemoval.deleteBelow(disk, directory, bases.get(0));
    }

    /**
     * A power cut took what lay above the start and was not forced, be it the name of an empty segment only:
     * what is left was given up before, also when it lies below the recovery point.
     */
    private void beginAgainAtStart() {
        segments.rest();
        segments.removeFirst(segments.count());
        drop(0);
        disk.forceDirectory(directory);
        bases.clear();
        changed = false;
        endOffset = opening.startOffset();
    }

    private void takeInventory() {
        new SegmentSwap(disk, directory).settle();
        for (String name : disk.list(directory)) {
            if (LEFT_BEHIND.stream().anyMatch(name::endsWith)) disk.delete(directory + "/" + name);
            long base = LogNames.base(name, LogNames.LOG);
            if (base >= 0) bases.add(base);
        }
        Collections.sort(bases);
    }

    private void openSegments() {
        int last = bases.size() - 1;
        Segment adopted = opening.wasClean() ? adoptLast() : null;
        int firstChecked = adopted != null ? last : firstReaching(opening.recoveryPoint());
        for (int index = 0; index < firstChecked; index++) trust(index);
        if (adopted != null) {
            segments.add(adopted);
        } else {
            changed = true;
            int index = firstChecked;
            while (index <= last && check(index)) index++;
            segments.last().activate();
            changed = firstChecked < last || cut != null || bringsMore(segments.last());
        }
        endOffset = segments.last().endOffset();
    }

    /**
     * Whether anything in it may not be durable, be it its name: nothing above the recovery point was ever
     * written, so that nothing of it can have been lost by a force that failed.
     */
    private boolean bringsMore(Segment last) {
        return last.size() == 0 || last.endOffset() != opening.recoveryPoint();
    }

    /** The index of the segment that holds {@code offset}, or of the first one. */
    private int firstReaching(long offset) {
        int index = bases.size() - 1;
        while (index > 0 && bases.get(index) > offset) index--;
        return index;
    }

    private void trust(int index) {
        Segment segment = Segment.existing(disk, directory, config, bases.get(index));
        long nextBase = bases.get(index + 1);
        if (segment.size() == 0 && !config.compacted()) {
            throw segment.damaged(0, segment.base(), "the file is empty, though everything below offset "
                    + opening.recoveryPoint()
                    + " was durable");
        }
        segment.ended(nextBase);
        segments.add(segment);
    }

    /** The last segment, ready to go on, or null when it is not as a clean close left it. */
    private Segment adoptLast() {
        Segment segment = Segment.existing(disk, directory, config, bases.get(bases.size() - 1));
        if (segment.adopt() && segment.endOffset() == opening.recoveryPoint()) return segment;
        segment.rest();
        return null;
    }

    /** Checks one segment and adds it as far as it is good. @return whether the log goes on after it */
    private boolean check(int index) {
        Segment segment = Segment.existing(disk, directory, config, bases.get(index));
        boolean isLast = index == bases.size() - 1;
        if (!disk.exists(LogNames.path(directory, segment.base(), LogNames.OFFSET_INDEX))) indexesRebuilt++;
        Tail tail = opening.trustsCache() ? Tail.CHECKED : Tail.WRITTEN_AGAIN;
        boolean[] reached = {segment.base() >= opening.recoveryPoint()};
        BatchFold each = batch -> {
            epochs.began(batch.leaderEpoch(), batch.baseOffset());
            reached[0] |= batch.nextOffset() == opening.recoveryPoint();
        };
        BatchWalk walk = isLast ? segment.resume(opening.recoveryPoint(), tail, each) : null;
        if (walk == null) walk = segment.rescan(opening.recoveryPoint(), tail, each);
        checkedBytes += walk.walked();
        segments.add(segment);
        String flaw = walk.flaw();
        if (flaw == null && !isLast) flaw = gap(segment.endOffset(), bases.get(index + 1));
        if (flaw != null) {
            // where gaps are allowed, an offset with a turned bit looks like one far above
            boolean below = config.compacted() ? !reached[0] : walk.endOffset() < opening.recoveryPoint();
            if (below && !opening.cutsAnywhere()) {
                throw segment.damaged(walk.position(), walk.endOffset(), flaw);
            }
            cutAt(segment, walk.position(), flaw, index + 1);
            return false;
        }
        if (isLast) return true;
        segment.file().force();
        segment.end().trim();
        segment.ended(bases.get(index + 1));
        return true;
    }

    /** Writes every byte from {@code from} on where it stands, so that the next force has them all to do. */
    static void writeAgain(DiskFile file, int from, int end) {
        ByteBuffer block = ByteBuffer.allocate(Math.min(Segment.SCAN_BLOCK_BYTES, Math.max(1, end - from)));
        for (int position = from; position < end; position += block.capacity()) {
            block.clear().limit(Math.min(block.capacity(), end - position));
            file.read(block, position);
            file.write(block.flip(), position);
        }
    }

    /**
     * Compaction leaves gaps, and works below the recovery point only. Above it a gap is what a power cut has
     * left of an ended segment: without that a journal would be folded with an event missing.
     */
    private String gap(long end, long nextBase) {
        boolean compacted = config.compacted() && nextBase <= opening.recoveryPoint();
        if (end == nextBase || end < nextBase && compacted) return null;
        return "the file ends with offset " + (end - 1) + ", and the next one begins with offset " + nextBase;
    }

    /** What follows goes first, so that a crash in between never leaves it behind a hole. */
    private void cutAt(Segment segment, int position, String flaw, int firstDropped) {
        int magic = OldMessage.magicAt(segment.file(), position, segment.size());
        if (magic >= 0) {
            throw new DiskFailure(segment.path() + ": at position " + position + " stands a record of the old"
                    + " message format (magic " + magic + "), which Apache Kafka 4 does not read either: have"
                    + " a Kafka broker before 4.0 rewrite the topic, or move the directory away", null);
        }
        String kept = new CutOff(disk, directory, config, segment, position).keep(bases.subList(firstDropped,
                bases.size()));
        cut = segment.path() + " at position " + position + ": " + flaw + kept;
        drop(firstDropped);
        disk.forceDirectory(directory);
        cutBytes += segment.size() - position;
        segment.cut(position);
    }

    /** Removes segments that follow a cut: all of them lie above the recovery point. */
    private void drop(int from) {
        for (int index = bases.size() - 1; index >= from; index--) {
            long base = bases.get(index);
            Segment dropped = Segment.existing(disk, directory, config, base);
            cutBytes += dropped.size();
            dropped.rest();
            disk.delete(LogNames.path(directory, base, LogNames.OFFSET_INDEX));
            disk.delete(LogNames.path(directory, base, LogNames.TIME_INDEX));
            disk.delete(dropped.path());
        }
    }

    /**
     * For good: what was told of batches that are gone must not come back with the next power cut, when
     * others stand in their place.
     */
    private void dropSideFilesAbove() {
        boolean dropped = false;
        for (String name : disk.list(directory)) {
            int dot = name.indexOf('.');
            if (dot < 0) continue;
            String extension = name.substring(dot + 1);
            if (extension.equals(LogNames.LOG)) continue;
            long base = LogNames.base(name, extension);
            boolean orphan = (extension.equals(LogNames.OFFSET_INDEX)
                    || extension.equals(LogNames.TIME_INDEX)) && Collections.binarySearch(bases, base) < 0;
            if (base <= endOffset && (base < 0 || !orphan)) continue;
            disk.delete(directory + "/" + name);
            dropped = true;
        }
        if (dropped) disk.forceDirectory(directory);
    }

    static DiskFailure damaged(String path, int position, long offset, String flaw) {
        return new Damage(path, position, offset, flaw);
    }

    private DiskFailure missing() {
        return new DiskFailure(directory + ": the log ends at offset " + endOffset
                + ", but everything below offset " + opening.recoveryPoint() + " was durable: bytes were"
                + " removed. Restore the directory from a copy, or delete the partition's line in "
                + DataDirectory.RECOVERY_POINTS + " to give them up", null);
    }

    /** Folds every whole batch from {@code offset} on. */
    void fold(long offset) {
        int index = Math.max(0, segments.indexOf(offset));
        for (; index < segments.count(); index++) {
            Segment segment = segments.get(index);
            if (segment.size() == 0) continue;
            boolean resting = segment.resting();
            BatchWalk walk = segment.walk(Segment.SCAN_BLOCK_BYTES).from(0, segment.base());
            if (offset > segment.base()) {
                int position = new Search(segment, null).positionOf(offset);
                if (position == Search.NOT_HERE) continue;
                walk = segment.walk(Segment.SCAN_BLOCK_BYTES).from(position);
            }
            while (walk.next()) {
                boolean checkedAlready = changed && walk.header().nextOffset() > opening.recoveryPoint();
                if (walk.header().baseOffset() < offset) continue;
                if (!checkedAlready && !walk.crcHolds()) break;
                opening.fold(walk.whole());
            }
            if (walk.flaw() != null) throw segment.damaged(walk.position(), walk.endOffset(), walk.flaw());
            String gap = gap(walk.endOffset(), segment.endOffset());
            if (gap != null) throw segment.damaged(walk.position(), walk.endOffset(), gap);
            if (resting) segment.rest();
        }
    }
}
