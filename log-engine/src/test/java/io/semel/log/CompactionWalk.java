package io.semel.log;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.semel.compression.CompressionType;
import io.semel.log.KeyedHistory.Entry;
import io.semel.log.KeyedHistory.Lying;
import io.semel.log.KeyedHistory.Written;
import io.semel.log.LogWriters.Aborted;
import io.semel.sim.Dice;
import io.semel.sim.SimWorld;
import io.semel.sim.Survival;
import io.semel.wire.batch.BatchBuilder;
import io.semel.wire.batch.BatchHeader;
import io.semel.wire.batch.BatchSlice;
import io.semel.wire.batch.Marker;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;

/** One seed of {@link CompactionModelTest}. */
final class CompactionWalk {
    /** What the seeds must have met, so that a run that proves nothing fails. */
    enum Tally { CLEANED, PARTLY, SEVERAL_SWAPS, MERGED, THINNED, EMPTIED, MARKER_GONE, TOMBSTONE_GONE,
            CUT_IN_STEP, CUT_IN_SWAP, SWAP_FOUND, ABANDONED, HELD_SLICE, APPENDED_MEANWHILE, POWER_CUT, KILL,
            CLEAN_STOP, HORIZON_SET, OVERDUE, LAGGING, UNCHANGED, TIMESTAMP, START_MOVED, START_IN_SEGMENT,
            ACTIVE_ENDED, CUT_IN_REMOVAL, SEGMENTS_REMOVED }

    /**
     * What is promised and what was done at a point of the walk, so that another walk can go on from there.
     */
    record Moment(List<Written> written, long durable, long checkpoint, long start, long dirtyFrom,
            long nowMs, int[] sequences) {
    }

    private static final String DIRECTORY = "t-0";
    private static final int PRODUCERS = 3;

    private final Dice dice;
    private final int[] tally;
    private final LogConfig config;
    private final long deleteRetentionMs;
    private final KeyedHistory history = new KeyedHistory();
    private final TreeSet<Long> open = new TreeSet<>();
    private final int keys;
    private final int[] sequences = new int[PRODUCERS];
    /** Ranges that readers are told of, by the log's segments. */
    private List<Aborted> told = new ArrayList<>();
    private Ground ground;
    private Consumer<Moment> listener;
    private CuttingDisk disk;
    private PartitionLog log;
    private long nowMs = 10_000;
    private long durable;
    private long checkpoint;
    private long start;
    private long cleanedTo;
    private long dirtyFrom;
    private int step;

    CompactionWalk(long seed, int[] tally) {
        this(seed, tally, Ground.simulated(new SimWorld(seed, 1)));
    }

    CompactionWalk(long seed, int[] tally, Ground ground) {
        this.ground = ground;
        this.dice = new Dice(seed).fork("compaction");
        this.tally = tally;
        this.config = LogConfig.defaults().withCompacted(true).withSegmentBytes(dice.between(300, 3000))
                .withIndexIntervalBytes(dice.between(0, 500)).withSegmentIndexBytes(dice.between(64, 2000));
        this.keys = dice.percent(70) ? 8 : 40;
        this.deleteRetentionMs = dice.percent(30) ? 0 : dice.between(1, 4000);
    }

    /**
     * Goes on where a walk of the same settings was broken off.
     *
     * @param promised at the last moment before that
     * @param done at the first moment after it: as much may have come to be
     */
    CompactionWalk(CompactionWalk like, Moment promised, Moment done, Ground ground, Dice dice) {
        this.ground = ground;
        this.dice = dice;
        this.tally = new int[Tally.values().length];
        this.config = like.config;
        this.deleteRetentionMs = like.deleteRetentionMs;
        this.keys = like.keys;
        history.written.addAll(done.written);
        durable = promised.durable;
        checkpoint = promised.checkpoint;
        start = promised.start;
        dirtyFrom = done.dirtyFrom;
        nowMs = done.nowMs;
        System.arraycopy(done.sequences, 0, sequences, 0, PRODUCERS);
    }

    /** Told what holds, whenever that changes. */
    void onMoment(Consumer<Moment> told) {
        listener = told;
    }

    private void moment() {
        if (listener == null) return;
        listener.accept(new Moment(List.copyOf(history.written), durable, checkpoint, start, dirtyFrom, nowMs,
                sequences.clone()));
    }

    int step() {
        return step;
    }

    long digest() {
        return ground.digest();
    }

    void leave() {
        log.close(false);
    }

    void go(int steps) {
        reopen(false);
        for (step = 0; step < steps; step++) {
            nowMs += dice.below(200);
            moment();
            int choice = dice.below(100);
            if (choice < 53) append();
            else if (choice < 68) force();
            else if (choice < 83) clean();
            else if (choice < 87) moveStart();
            else if (choice < 90) check();
            else if (choice < 92) timestamps();
            else if (choice < 94) closeCleanly();
            else if (choice < 97) crash(Survival.POWER_CUT);
            else crash(Survival.KILL);
        }
        check();
    }

    private void count(Tally what) {
        tally[what.ordinal()]++;
    }

    void reopen(boolean clean) {
        disk = new CuttingDisk(ground.disk());
        Tests.Opening opening = Tests.opening(checkpoint, clean);
        opening.start = start;
        opening.openSegments = new OpenSegments(dice.between(1, 4));
        boolean swapFound = ground.disk().list(DIRECTORY).stream()
                .anyMatch(name -> name.endsWith(".log.swap"));
        if (swapFound) count(Tally.SWAP_FOUND);
        log = PartitionLog.open(disk, DIRECTORY, config, opening);
        log.onRoll(base -> writeAborted(log.segmentBases().get(log.segmentBases().size() - 1), base));
        assertTrue(log.startOffset() >= start, "starts at " + log.startOffset() + ", not at " + start);
        assertTrue(log.endOffset() >= durable, "durable up to " + durable + ", found " + log.endOffset());
        history.cutAt(log.endOffset());
        assertEquals(history.end(), log.endOffset());
        durable = log.endOffset();
        open.clear();
        for (Written batch : history.written) {
            if (batch.marker() != null) open.remove(batch.producerId());
            else if (batch.transactional()) open.add(batch.producerId());
        }
        ground.disk().list(DIRECTORY).forEach(name -> assertTrue(!name.contains(".swap")
                && !name.contains(".cleaned"), name));
        readAborted();
        check();
        moment();
    }

    /** What a partition keeps beside an ended segment, and the snapshot that vouches for it. */
    private void writeAborted(long base, long end) {
        TreeSet<Long> markers = new TreeSet<>();
        for (Aborted range : history.aborted()) {
            boolean within = range.markerOffset() >= base && range.markerOffset() < end;
            if (within && told.contains(range)) markers.add(range.markerOffset());
        }
        log.sideFiles().write(base, "txnindex", encode(markers), true);
        log.sideFiles().write(Math.min(end, log.endOffset()), "snapshot", new byte[1], true);
    }

    private static byte[] encode(SortedSet<Long> markers) {
        ByteBuffer bytes = ByteBuffer.allocate(markers.size() * Long.BYTES);
        for (long marker : markers) bytes.putLong(marker);
        return bytes.array();
    }

    /** As an opening does: by the files a snapshot vouches for, and for the last segments by folding. */
    private void readAborted() {
        long vouched = log.sideFiles().list("snapshot").stream().mapToLong(Long::longValue).max().orElse(0);
        TreeSet<Long> markers = new TreeSet<>();
        List<Long> bases = log.segmentBases();
        for (int index = 0; index < bases.size(); index++) {
            byte[] file = log.sideFiles().read(bases.get(index), "txnindex");
            long end = index + 1 < bases.size() ? bases.get(index + 1) : Long.MAX_VALUE;
            boolean trusted = file != null && end <= vouched;
            if (file != null) assertNotEquals(SideFileState.CHANGED, log.sideFiles().stateOf(bases.get(index),
                    "txnindex", file), "no crash leaves a file and a check sum that do not fit");
            if (trusted) {
                ByteBuffer entries = ByteBuffer.wrap(file);
                while (entries.hasRemaining()) markers.add(entries.getLong());
                continue;
            }
            for (Aborted range : history.aborted()) {
                boolean within = range.markerOffset() >= bases.get(index) && range.markerOffset() < end;
                if (within) markers.add(range.markerOffset());
            }
        }
        markers.headSet(log.startOffset()).clear();
        told = new ArrayList<>();
        for (Aborted range : history.aborted()) if (markers.contains(range.markerOffset())) told.add(range);
        for (int index = 0; index + 1 < bases.size(); index++) {
            if (bases.get(index + 1) > vouched) writeAborted(bases.get(index), bases.get(index + 1));
        }
    }

    private void append() {
        int producer = dice.below(PRODUCERS + 1) - 1;
        if (producer >= 0 && open.contains((long) producer) && dice.percent(40)) {
            boolean commit = dice.percent(60);
            ByteBuffer bytes = Marker.build(producer, (short) 0, commit, 0, nowMs);
            write(bytes, producer, true, new Marker(commit, 0), List.of());
            open.remove((long) producer);
            if (commit) return;
            for (Aborted range : history.aborted()) {
                if (range.markerOffset() == log.endOffset() - 1) told.add(range);
            }
            return;
        }
        boolean transactional = producer >= 0 && (open.contains((long) producer) || dice.percent(60));
        BatchBuilder builder = new BatchBuilder();
        int records = dice.between(1, 4);
        if (producer >= 0) {
            builder.producer(producer, (short) 0, sequences[producer]);
            sequences[producer] += records;
        }
        builder.transactional(transactional);
        if (dice.percent(40)) builder.compression(CompressionType.values()[dice.below(5)]);
        if (dice.percent(20)) builder.logAppendTime(nowMs);
        List<Entry> entries = new ArrayList<>();
        for (int index = 0; index < records; index++) {
            String key = "k" + dice.below(keys);
            byte[] value = dice.percent(25) ? null : new byte[dice.below(60)];
            if (value != null) Arrays.fill(value, (byte) (dice.below(100)));
            long timestamp = nowMs + dice.between(-50, 50);
            builder.add(timestamp, key.getBytes(StandardCharsets.UTF_8), value);
            entries.add(new Entry(log.endOffset() + index, key, value, timestamp, nowMs));
        }
        ByteBuffer bytes = builder.build();
        if (transactional) open.add((long) producer);
        write(bytes, producer, transactional, null, entries);
    }

    private void write(ByteBuffer bytes, long producerId, boolean transactional, Marker marker,
            List<Entry> entries) {
        log.append(bytes, nowMs);
        BatchHeader header = new BatchHeader().wrap(bytes, 0);
        List<Entry> stored = new ArrayList<>();
        for (Entry entry : entries) {
            stored.add(new Entry(entry.offset(), entry.key(), entry.value(), header.isLogAppendTime()
                    ? header.maxTimestamp() : entry.timestamp(), entry.appendedMs()));
        }
        history.written.add(new Written(header.baseOffset(), header.nextOffset(), producerId, transactional,
                marker, stored, Tests.bytes(bytes)));
        moment();
    }

    private void force() {
        PartitionLog.Forcing forcing = log.beginForce();
        forcing.run();
        log.markDurable(forcing.offset());
        durable = Math.max(durable, forcing.offset());
        if (dice.percent(70)) checkpoint = log.recoveryPoint();
        moment();
    }

    /** Retention, at a segment's base, or DeleteRecords, anywhere: written down first, then removed. */
    private void moveStart() {
        if (log.segmentBases().isEmpty() || durable <= log.startOffset()) return;
        if (dice.percent(30)) {
            log.endActive();
            count(Tally.ACTIVE_ENDED);
            force();
        }
        long wanted = dice.between((int) log.startOffset(), (int) durable);
        if (dice.percent(50)) {
            List<Long> bases = log.segmentBases();
            wanted = Math.max(log.startOffset(), Math.min(durable, bases.get(dice.below(bases.size()))));
        }
        start = wanted;
        moment();
        boolean cuts = dice.percent(25);
        if (cuts) disk.cutAfter(dice.below(12));
        try {
            SegmentRemoval removal = log.advanceStart(start);
            if (removal != null) removal.run();
            if (removal != null) count(Tally.SEGMENTS_REMOVED);
        } catch (CuttingDisk.Cut cut) {
            count(Tally.CUT_IN_REMOVAL);
            crash(dice.percent(50) ? Survival.KILL : Survival.POWER_CUT);
            return;
        }
        disk.cutAfter(Integer.MAX_VALUE);
        told.removeIf(range -> range.markerOffset() < start);
        count(log.firstBase() == start ? Tally.START_MOVED : Tally.START_IN_SEGMENT);
        check();
    }

    /** A whole cleaning, unless the world ends in it. */
    private void clean() {
        Compaction how = new Compaction(dice.percent(20) ? dice.below(3000) : 0,
                dice.percent(20) ? dice.below(3000) : Long.MAX_VALUE, dice.percent(50) ? 0 : 0.5,
                deleteRetentionMs);
        long bound = Math.min(history.stableOffset(durable), checkpoint);
        Compaction.Cleanable found = log.compactor().cleanable(how, cleanedTo, bound, nowMs);
        while (found.undated() != null) {
            found.undated().run();
            log.take(found.undated());
            found = log.compactor().cleanable(how, cleanedTo, bound, nowMs);
        }
        if (found.overdue()) count(Tally.OVERDUE);
        if (how.lagMs() > 0 && found.dirtyBytes() == 0) count(Tally.LAGGING);
        if (!how.isDue(found)) return;
        int mapBytes = dice.percent(70) ? 1 << 16 : 24 * 16;
        Cleaning cleaning = log.compactor().begin(new Cleaning.Order(found.firstDirty(), found.end(), nowMs,
                deleteRetentionMs, mapBytes), new Writers());
        boolean cuts = dice.percent(25);
        if (cuts) disk.cutAfter(dice.below(40));
        int swaps = 0;
        boolean inSwap = false;
        try {
            for (Cleaning.Next next = cleaning.step(); next != Cleaning.Next.DONE; next = cleaning.step()) {
                if (!cuts && dice.percent(10)) {
                    append();
                    count(Tally.APPENDED_MEANWHILE);
                }
                if (!cuts && dice.percent(3)) {
                    if (cleaning.made() != null) cleaning.made().discard();
                    cleaning.abandon();
                    count(Tally.ABANDONED);
                    check();
                    return;
                }
                if (next != Cleaning.Next.SWAP) continue;
                inSwap = true;
                swap(cleaning.made());
                inSwap = false;
                swaps++;
            }
        } catch (CuttingDisk.Cut cut) {
            count(inSwap ? Tally.CUT_IN_SWAP : Tally.CUT_IN_STEP);
            crash(dice.percent(50) ? Survival.KILL : Survival.POWER_CUT);
            return;
        }
        disk.cutAfter(Integer.MAX_VALUE);
        cleanedTo = cleaning.cleanedTo();
        dirtyFrom = Math.max(dirtyFrom, found.end());
        count(cleanedTo < found.end() ? Tally.PARTLY : Tally.CLEANED);
        if (swaps > 1) count(Tally.SEVERAL_SWAPS);
        if (swaps == 0) count(Tally.UNCHANGED);
        List<Lying> lying = check();
        history.isClean(lying, cleanedTo);
        tallyWhatIsGone(lying);
    }

    private void swap(CleanedGroup group) {
        assertTrue(log.compactor().takes(group));
        long from = Math.max(group.base(), log.startOffset());
        List<BatchSlice> held = dice.percent(30) ? log.read(from, Long.MAX_VALUE, 2000, true) : null;
        byte[] before = held == null ? null : Tests.peek(held);
        int segmentsBefore = log.segmentBases().size();
        dirtyFrom = Math.max(dirtyFrom, group.endOffset());
        moment();
        group.decide();
        log.compactor().take(group);
        told.removeIf(range -> range.markerOffset() >= group.base()
                && range.markerOffset() < group.endOffset()
                && !Writers.kept.contains(range.markerOffset()));
        if (dice.percent(30)) check();
        group.complete();
        log.compactor().settle(group);
        if (log.segmentBases().size() < segmentsBefore) count(Tally.MERGED);
        if (held == null) return;
        assertTrue(Arrays.equals(before, Tests.take(held)));
        count(Tally.HELD_SLICE);
    }

    private final class Writers implements LogWriters {
        /** Of the group made last. */
        private static SortedSet<Long> kept = new TreeSet<>();

        private final List<Aborted> ranges = new ArrayList<>(told);
        private final Map<Long, Long> last = history.lastOffsets(durable);

        Writers() {
            ranges.sort((one, other) -> Long.compare(one.firstOffset(), other.firstOffset()));
        }

        @Override
        public List<Aborted> aborted() {
            return ranges;
        }

        @Override
        public boolean isLastOfProducer(BatchHeader batch) {
            Long offset = last.get(batch.producerId());
            return offset != null && offset == batch.lastOffset();
        }

        @Override
        public byte[] abortedIndex(SortedSet<Long> markerOffsets) {
            kept = markerOffsets;
            return encode(markerOffsets);
        }
    }

    private List<Lying> check() {
        List<Lying> lying = KeyedHistory.readAll(log, log.startOffset());
        long begin = log.startOffset();
        history.nothingIsInvented(lying, Math.max(begin, dirtyFrom));
        history.committedStateIsWhole(lying, told, begin, nowMs, deleteRetentionMs);
        long from = Math.max(begin, dice.below((int) history.end() + 1));
        history.committedStateIsWhole(lying.stream().filter(batch -> batch.header().nextOffset() > from)
                .toList(), told.stream().filter(range -> range.markerOffset() >= from).toList(), from, nowMs,
                deleteRetentionMs);
        history.decisionsAndSequencesStay(lying, begin);
        List<Long> bases = log.segmentBases();
        long size = 0;
        TreeSet<Long> ends = new TreeSet<>();
        for (Lying batch : lying) {
            size += batch.bytes().length;
            ends.add(batch.header().nextOffset());
        }
        if (begin == log.firstBase()) assertEquals(size, log.sizeInBytes());
        else assertTrue(size <= log.sizeInBytes());
        for (long base : bases.subList(Math.min(1, bases.size()), bases.size())) {
            assertTrue(base <= begin || ends.contains(base), "no batch ends at the segment's base " + base);
        }
        return lying;
    }

    private void tallyWhatIsGone(List<Lying> lying) {
        TreeSet<Long> there = new TreeSet<>();
        TreeMap<Long, Written> originals = new TreeMap<>();
        for (Written batch : history.written) originals.put(batch.baseOffset(), batch);
        for (Lying batch : lying) {
            there.add(batch.header().baseOffset());
            Written original = originals.get(batch.header().baseOffset());
            if (batch.header().hasDeleteHorizon()) count(Tally.HORIZON_SET);
            if (original.marker() != null) continue;
            if (batch.entries().isEmpty()) count(Tally.EMPTIED);
            else if (batch.entries().size() < original.entries().size()) count(Tally.THINNED);
        }
        TreeMap<String, Entry> last = new TreeMap<>();
        for (Written batch : history.written) {
            if (batch.baseOffset() < log.startOffset()) continue;
            if (batch.marker() != null && !there.contains(batch.baseOffset())) count(Tally.MARKER_GONE);
            if (batch.marker() != null || !Boolean.TRUE.equals(history.decision(batch))) continue;
            for (Entry entry : batch.entries()) last.put(entry.key(), entry);
        }
        for (Lying batch : lying) for (Entry entry : batch.entries()) last.remove(entry.key());
        if (!last.isEmpty()) count(Tally.TOMBSTONE_GONE);
    }

    /** Found as by looking at every record that is left. */
    private void timestamps() {
        List<Lying> lying = KeyedHistory.readAll(log, log.startOffset());
        long wanted = nowMs - dice.below(4000);
        TimestampOffset expected = KeyedHistory.firstSince(wanted, lying, log.startOffset());
        assertEquals(expected, log.findByTimestamp(wanted, Long.MAX_VALUE), "timestamp " + wanted);
        count(Tally.TIMESTAMP);
    }

    private void closeCleanly() {
        log.close(true);
        durable = log.endOffset();
        checkpoint = log.endOffset();
        long base = log.segmentBases().isEmpty() ? -1 : log.segmentBases().get(log.segmentBases().size() - 1);
        if (base >= 0) writeAborted(base, Long.MAX_VALUE);
        moment();
        if (dice.percent(50)) ground = ground.after(Survival.POWER_CUT);
        count(Tally.CLEAN_STOP);
        reopen(true);
    }

    private void crash(Survival survival) {
        if (survival == Survival.KILL) durable = log.endOffset();
        ground = ground.after(survival);
        count(survival == Survival.KILL ? Tally.KILL : Tally.POWER_CUT);
        reopen(false);
    }
}
