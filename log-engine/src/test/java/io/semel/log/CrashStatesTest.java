package io.semel.log;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.semel.kernel.world.Disk;
import io.semel.log.disk.FileDisk;
import io.semel.wire.batch.BatchHeader;
import io.semel.wire.batch.BatchSlice;
import io.semel.wire.topic.TopicPartition;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A story of a log with forces, rolls, snapshots, checkpoints, a moving start and restarts is cut between
 * every two changes of the disk, and of the states that each cut can leave (see {@link DiskTrace}) many are
 * opened: all that is promised to somebody is there, what is read is what was written. Then recovery itself
 * is cut at each of its changes, and opened again. Some of the states are put on the real disk and opened
 * there, and whole stories are played there. Cleanings have their own: {@link CleaningCrashStatesTest}.
 */
class CrashStatesTest {
    private static final TopicPartition NAME = new TopicPartition("t", 0);
    private static final LogConfig CONFIG = LogConfig.defaults().withSegmentBytes(1_800)
            .withIndexIntervalBytes(300);
    private static final String DURABLE = "durable";
    private static final String STARTS = "starts";
    private static final String SNAPSHOT = "snapshot";
    private static final int STEPS = 80;
    private static final int SECTOR = 512;
    private static final int TORN_MOST = 16;
    private static final int STATES_LEAST = 2_000;
    private static final int STATES_LEAST_UNDER_SOAK = 20_000;
    private static final int STORIES_UNDER_SOAK = 6;
    private static final int SUBSETS_UNDER_SOAK = 43;
    /** Of the states, one in so many is put on the real disk. */
    private static final int REAL_EVERY = 25;
    private static final int SECOND_CRASHES = 10;
    private static final int SECOND_CRASHES_EVERY = 30;

    @TempDir
    private Path root;
    private Random random;
    private final List<byte[]> batches = new ArrayList<>();
    private final List<Integer> appendedAt = new ArrayList<>();
    private final Set<Long> seen = new HashSet<>();
    private Disk disk;
    private DiskTrace trace;
    private DataDirectory directory;
    private PartitionLog log;
    private int opened;
    private int openedTwice;
    private int openedForReal;

    @Test
    void everyStateACutCanLeaveOpensWithAllThatWasPromised() {
        long first = Long.getLong("semel.seed", 1);
        int stories = Tests.scale() == 1 ? 1 : STORIES_UNDER_SOAK;
        int changes = 0;
        for (long seed = first; seed < first + stories; seed++) {
            trace = new DiskTrace();
            play(seed, trace);
            DiskTrace story = trace;
            for (int end = 1; end <= story.changes().size(); end++) cutBefore(story, end);
            changes += story.changes().size();
        }
        System.out.println("crash states: " + changes + " changes of the disk, " + opened
                + " different states opened, " + openedForReal + " of them on the real disk, " + openedTwice
                + " cuts of a recovery, seeds " + first + " to " + (first + stories - 1));
        int least = Tests.scale() == 1 ? STATES_LEAST : STATES_LEAST_UNDER_SOAK;
        assertTrue(opened >= least && openedTwice > least / 10, opened + ", " + openedTwice);
        assertTrue(openedForReal > least / 30, openedForReal + " on the real disk");
    }

    /** What a real disk shows by itself: restarts and kills, which lose nothing that was written. */
    @Test
    void theSameStoriesHoldOnTheRealDisk() {
        for (long seed = 1; seed <= 3L * Math.min(10, Tests.scale()); seed++) {
            trace = null;
            play(seed, new FileDisk(root.resolve("story-" + seed)));
            long end = log.endOffset();
            assertTrue(end == 0 || end == nextOffset(batches.get(batches.size() - 1)), end + ", " + seed);
            new Promise(end, log.startOffset(), end).judge(disk);
        }
    }

    private void play(long seed, Disk on) {
        random = new Random(seed);
        batches.clear();
        appendedAt.clear();
        disk = on;
        directory = new DataDirectory(on);
        open();
        for (int step = 0; step < STEPS; step++) {
            int choice = random.nextInt(100);
            if (choice < 60) append();
            else if (choice < 80) force();
            else if (choice < 88) checkpoint();
            else if (choice < 94) moveStart();
            else if (choice < 97) restart(true);
            else restart(false);
        }
    }

    private void open() {
        log = opened(disk);
        log.onRoll(base -> log.sideFiles().write(base, SNAPSHOT, stateAt(base), true));
    }

    private void told(String what, long value) {
        if (trace != null) trace.told(what, value);
    }

    private void append() {
        ByteBuffer batch = Tests.batch(1 + random.nextInt(3), random.nextInt(700), 1_000, random);
        appendedAt.add(trace == null ? 0 : trace.changes().size());
        log.append(batch, 0);
        batches.add(Tests.bytes(batch));
    }

    private void force() {
        PartitionLog.Forcing forcing = log.beginForce();
        forcing.run();
        log.markDurable(forcing.offset());
        told(DURABLE, forcing.offset());
    }

    private void checkpoint() {
        directory.writeRecoveryPoints(new TreeMap<>(Map.of(NAME, log.recoveryPoint())));
    }

    /** In the order that a broker keeps. */
    private void moveStart() {
        long durable = log.recoveryPoint();
        long start = log.startOffset() + (long) (random.nextDouble() * (durable - log.startOffset()));
        long firstBase = log.firstBaseFor(start);
        boolean secured = log.sideFiles().list(SNAPSHOT).stream().anyMatch(offset -> offset >= firstBase);
        if (firstBase > log.firstBase() && !secured) return;
        directory.writeLogStarts(new TreeMap<>(Map.of(NAME, start)));
        told(STARTS, start);
        SegmentRemoval removal = log.advanceStart(start);
        if (removal != null) removal.run();
    }

    private void restart(boolean cleanly) {
        log.close(cleanly);
        if (cleanly) {
            told(DURABLE, log.endOffset());
            checkpoint();
            directory.leaveCleanMark();
        }
        open();
        told(DURABLE, log.endOffset());
    }

    private void cutBefore(DiskTrace story, int end) {
        List<Integer> pending = story.pending(end);
        Set<Integer> all = new HashSet<>(pending);
        judge(story, end, all, -1, 0);
        judge(story, end, Set.of(), -1, 0);
        judge(story, end, only(story, pending, true), -1, 0);
        judge(story, end, only(story, pending, false), -1, 0);
        for (int back = 1; back <= Math.min(8, pending.size()); back++) {
            Set<Integer> butOne = new HashSet<>(all);
            butOne.remove(pending.get(pending.size() - back));
            judge(story, end, butOne, -1, 0);
            judge(story, end, new HashSet<>(pending.subList(pending.size() - back, pending.size())), -1, 0);
        }
        int subsets = Tests.scale() == 1 ? 4 : SUBSETS_UNDER_SOAK;
        for (int round = 0; round < subsets; round++) {
            Set<Integer> some = new HashSet<>();
            for (int index : pending) if (random.nextBoolean()) some.add(index);
            judge(story, end, some, -1, 0);
        }
        tear(story, end, pending, all);
    }

    private static Set<Integer> only(DiskTrace story, List<Integer> pending, boolean names) {
        Set<Integer> only = new HashSet<>();
        for (int index : pending) if (story.changes().get(index).ofNames() == names) only.add(index);
        return only;
    }

    private void tear(DiskTrace story, int end, List<Integer> pending, Set<Integer> all) {
        int last = -1;
        for (int index : pending) {
            if (story.changes().get(index).kind() == DiskTrace.Kind.WRITE) last = index;
        }
        if (last < 0) return;
        int size = story.changes().get(last).data().length;
        for (int bytes = 0; bytes < size && bytes < TORN_MOST * SECTOR; bytes += SECTOR) {
            judge(story, end, all, last, bytes);
            judge(story, end, Set.of(last), last, bytes);
        }
    }

    private void judge(DiskTrace story, int end, Set<Integer> kept, int torn, int tornBytes) {
        DiskTrace found = story.after(end, kept, torn, tornBytes);
        if (!seen.add(found.digest() * 31 + story.toldBefore(end, DURABLE))) return;
        try {
            long appended = 0;
            for (int index = 0; index < batches.size() && appendedAt.get(index) < end; index++) {
                appended = nextOffset(batches.get(index));
            }
            long durable = story.toldBefore(end, DURABLE);
            Promise promise = new Promise(durable, story.toldBefore(end, STARTS), appended);
            if (opened++ % REAL_EVERY == 0) onTheRealDisk(found, promise);
            long reached = promise.judge(found);
            if (opened % SECOND_CRASHES_EVERY != 1) return;
            int stride = Math.max(1, found.changes().size() / SECOND_CRASHES);
            for (int again = 1; again <= found.changes().size(); again += stride) {
                Set<Integer> some = new HashSet<>();
                for (int index : found.pending(again)) if (random.nextBoolean()) some.add(index);
                new Promise(promise.durable, promise.start, reached).judge(found.after(again, some, -1, 0));
                openedTwice++;
            }
        } catch (RuntimeException | AssertionError failure) {
            throw new AssertionError("cut before change " + end + " of " + story.changes().size() + ", kept "
                    + kept + " of " + story.pending(end) + (torn < 0 ? "" : ", " + torn + " torn at "
                    + tornBytes) + ": " + failure.getMessage() + story.lastBefore(end), failure);
        }
    }

    /** The same files in a real directory, opened by the code that opens a broker's. */
    private void onTheRealDisk(DiskTrace found, Promise promise) {
        FileDisk real = new FileDisk(root.resolve("state-" + openedForReal++));
        found.copyTo(real);
        promise.judge(real);
    }

    /** What was told to somebody before the cut, and what had been written. */
    private final class Promise {
        private final long durable;
        private final long start;
        private final long appended;

        Promise(long durable, long start, long appended) {
            this.durable = durable;
            this.start = start;
            this.appended = appended;
        }

        /** @return the end of the log that was found */
        long judge(Disk found) {
            PartitionLog reopened = opened(found);
            long end = reopened.endOffset();
            assertTrue(end >= durable, "durable up to " + durable + ", found up to " + end);
            assertTrue(end <= appended, "written up to " + appended + ", found up to " + end);
            assertTrue(reopened.startOffset() >= start, "the start has fallen back below " + start);
            long offset = reopened.startOffset();
            for (byte[] batch : batches) {
                if (nextOffset(batch) <= offset || nextOffset(batch) > end) continue;
                List<BatchSlice> slices = reopened.read(offset, end, batch.length, true);
                byte[] read = Tests.take(slices);
                assertArrayEquals(batch, Arrays.copyOf(read, batch.length));
                offset = nextOffset(batch);
            }
            assertEquals(end, offset);
            reopened.close(false);
            return end;
        }
    }

    /** As a broker does: what was written down is all that is known; a snapshot counts when it is whole. */
    private PartitionLog opened(Disk found) {
        DataDirectory known = new DataDirectory(found);
        List<Long> snapshots = new ArrayList<>();
        Tests.Opening opening = new Tests.Opening() {
            @Override
            public long loadNewestSnapshot(PartitionLog.SideFiles files, long notAbove) {
                List<Long> bases = files.segmentBases();
                for (long offset : files.list(SNAPSHOT)) {
                    if (offset > notAbove || !bases.isEmpty() && offset < bases.get(0)) continue;
                    if (Arrays.equals(stateAt(offset), files.read(offset, SNAPSHOT))) snapshots.add(offset);
                }
                return snapshots.isEmpty() ? 0 : snapshots.get(snapshots.size() - 1);
            }
        };
        opening.recoveryPoint = known.recoveryPoints().getOrDefault(NAME, 0L);
        opening.start = known.logStarts().getOrDefault(NAME, 0L);
        opening.clean = known.takeCleanMark();
        PartitionLog reopened = PartitionLog.open(found, NAME.toString(), CONFIG, opening);
        boolean wholeLog = reopened.firstBase() == 0 || reopened.firstBase() == reopened.endOffset();
        assertTrue(wholeLog || !snapshots.isEmpty(), "no snapshot stands for what was removed below "
                + reopened.firstBase());
        return reopened;
    }

    /** What a fold would have made of everything below an offset. */
    private byte[] stateAt(long offset) {
        long state = 1;
        for (byte[] batch : batches) {
            if (nextOffset(batch) <= offset) state = state * 31 + Arrays.hashCode(batch);
        }
        return ByteBuffer.allocate(16).putLong(offset).putLong(state).array();
    }

    private static long nextOffset(byte[] batch) {
        return new BatchHeader().wrap(ByteBuffer.wrap(batch), 0).nextOffset();
    }
}
