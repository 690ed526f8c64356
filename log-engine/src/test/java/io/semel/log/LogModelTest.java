package io.semel.log;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.semel.kernel.world.DiskFailure;
import io.semel.kernel.world.DiskFile;
import io.semel.sim.Dice;
import io.semel.sim.SimDisk;
import io.semel.sim.SimWorld;
import io.semel.sim.Survival;
import io.semel.wire.batch.BatchHeader;
import io.semel.wire.batch.BatchSlice;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * Random operations on a log over the simulated disk, each compared with a list of batches in memory:
 * appends, reads, forces, rolls, full disks, clean closes, kills, power cuts, lost and damaged index files,
 * starts that move up with a crash at any point. A failing seed is printed; run it alone with -Dsemel.seed=N.
 */
class LogModelTest {
    private static final int SEEDS = 1_000;
    private static final int STEPS = 120;

    @Test
    void behavesLikeAListOfBatches() {
        Long only = Long.getLong("semel.seed");
        long first = only == null ? 1 : only;
        long last = only == null ? (long) SEEDS * Tests.scale() : only;
        int[] tally = new int[Tally.values().length];
        for (long seed = first; seed <= last; seed++) {
            Walk walk = new Walk(seed, tally);
            try {
                walk.go();
            } catch (RuntimeException | AssertionError failure) {
                throw new AssertionError("seed " + seed + ", step " + walk.step + ": " + failure.getMessage()
                        + "\n" + walk.world.run().trace().tail(), failure);
            }
        }
        if (only != null) return;
        for (Tally what : Tally.values()) assertTrue(tally[what.ordinal()] > 0, "never seen: " + what);
    }

    /** What the seeds must have met, so that a run that proves nothing fails. */
    private enum Tally { ROLL, FULL, KILL, POWER_CUT, LOST_UNFORCED, CUT, CLEAN, DAMAGED_INDEX, READ_ACROSS,
            TIMESTAMP, MID_FORCE, START_MOVED, REMOVED, REMOVED_LATE, HELD_SLICE, EMPTIED, DATED, CHECKED }

    private record Stored(long baseOffset, long nextOffset, long maxTimestamp, long firstTimestamp,
            byte[] bytes) {
    }

    private static final class Walk {
        private final Dice dice;
        private final Random random;
        private final int[] tally;
        private final LogConfig config;
        /** From the start on. */
        private final List<Stored> model = new ArrayList<>();
        /** And what lies below it, of which a part may still be there. */
        private final List<Stored> everything = new ArrayList<>();
        private SimWorld world;
        private PartitionLog log;
        private long durable;
        private long checkpoint;
        private long timestamp = 1_000;
        private PartitionLog.Forcing begun;
        private SegmentRemoval owedRemoval;
        private long start;
        int step;

        Walk(long seed, int[] tally) {
            this.world = new SimWorld(seed, 1);
            this.dice = new Dice(seed).fork("walk");
            this.random = new Random(seed);
            this.tally = tally;
            this.config = LogConfig.defaults().withSegmentBytes(dice.between(300,
                    6000)).withIndexIntervalBytes(dice.between(0, 500))
                    .withSegmentIndexBytes(dice.between(64, 2000)).withSegmentMs(dice.between(50, 5000));
        }

        void go() {
            open(false);
            for (step = 0; step < STEPS; step++) {
                int choice = dice.below(100);
                if (choice < 43) append();
                else if (choice < 46) moveStart();
                else if (choice < 47) expire();
                else if (choice < 70) read();
                else if (choice < 78) force();
                else if (choice < 82) beginForce();
                else if (choice < 88) timestamps();
                else if (choice < 90) fullDisk();
                else if (choice < 93) checkpoint = log.recoveryPoint();
                else if (choice < 95) closeCleanly();
                else if (choice < 98) crash(Survival.POWER_CUT);
                else crash(Survival.KILL);
            }
            readAll();
        }

        private void open(boolean clean) {
            Tests.Opening opening = Tests.opening(checkpoint, clean);
            opening.openSegments = new OpenSegments(dice.between(1, 4));
            opening.foldFrom = dice.below((int) end() + 1);
            opening.start = start;
            begun = null;
            owedRemoval = null;
            log = PartitionLog.open(world.disk(), "t-0", config, opening);
            log.onRoll(base -> {
                assertEquals(end(), base);
                tally[Tally.ROLL.ordinal()]++;
            });
            if (log.recovered().cut() != null) tally[Tally.CUT.ordinal()]++;
            if (log.endOffset() < end()) tally[Tally.LOST_UNFORCED.ordinal()]++;
            everything.removeIf(batch -> batch.baseOffset >= log.endOffset());
            model.removeIf(batch -> batch.baseOffset >= log.endOffset() || batch.nextOffset <= start);
            assertEquals(start, log.startOffset());
            assertTrue(log.firstBase() <= start, log.firstBase() + " above " + start);
            assertEquals(log.firstBase(), log.firstBaseFor(start), "a whole segment below the start");
            assertNothingBelow(log.firstBase());
            assertEquals(end(), log.endOffset(), "the end falls between batches");
            assertTrue(end() >= durable, "durable up to " + durable + ", found up to " + end());
            durable = end();
            assertEquals(end(), log.recoveryPoint());
            int fold = 0;
            for (byte[] batch : opening.folded) if (nextOffset(batch) <= start) fold++;
            for (Stored batch : model) {
                if (batch.baseOffset >= opening.foldFrom) {
                    assertArrayEquals(batch.bytes, opening.folded.get(fold++));
                }
            }
            assertEquals(fold, opening.folded.size());
        }

        private static long nextOffset(byte[] batch) {
            return new BatchHeader().wrap(ByteBuffer.wrap(batch), 0).nextOffset();
        }

        private void assertNothingBelow(long firstBase) {
            for (String name : world.disk().list("t-0")) {
                if (Character.isDigit(name.charAt(0))) {
                    long base = Long.parseLong(name.substring(0, 20));
                    assertTrue(base >= firstBase, name + " below " + firstBase);
                }
            }
        }

        /** Up to what is durable, as a broker does; what is removed may wait for a while, or for ever. */
        private void moveStart() {
            long newStart = dice.percent(20) ? durable : dice.between((int) start, (int) durable);
            if (newStart == end() && dice.percent(50)) log.endActive();
            moveStart(newStart);
        }

        private void moveStart(long newStart) {
            if (owedRemoval != null || begun != null) return;
            start = newStart;
            tally[Tally.START_MOVED.ordinal()]++;
            long from = log.startOffset();
            List<BatchSlice> held = model.isEmpty() ? null : log.read(from, Long.MAX_VALUE, 1000, true);
            byte[] before = expected(from, Long.MAX_VALUE, 1000, true);
            if (dice.percent(10)) {
                if (held != null) held.forEach(BatchSlice::release);
                crash(dice.percent(50) ? Survival.KILL : Survival.POWER_CUT);
                return;
            }
            owedRemoval = log.advanceStart(newStart);
            model.removeIf(batch -> batch.nextOffset <= newStart);
            if (model.isEmpty()) tally[Tally.EMPTIED.ordinal()]++;
            if (owedRemoval != null && dice.percent(70)) remove();
            if (held == null) return;
            tally[Tally.HELD_SLICE.ordinal()]++;
            byte[] after = Tests.take(held);
            assertArrayEquals(Arrays.copyOf(before, after.length), after);
        }

        private void remove() {
            owedRemoval.run();
            owedRemoval = null;
            tally[Tally.REMOVED.ordinal()]++;
            assertNothingBelow(log.firstBase());
        }

        /** By age or by size; what is found is what a look at every batch finds. */
        private void expire() {
            Retention retention = new Retention(dice.percent(50) ? -1 : dice.below(2000),
                    dice.percent(50) ? -1 : dice.below(8000));
            Retention.Expiry expiry = log.expiry(retention, durable, timestamp);
            while (expiry.undated() != null) {
                tally[Tally.DATED.ordinal()]++;
                expiry.undated().run();
                log.take(expiry.undated());
                expiry = log.expiry(retention, durable, timestamp);
            }
            assertEquals(expectedStart(retention), expiry.newStart());
            if (expiry.rollFirst()) log.endActive();
            moveStart(expiry.newStart());
        }

        private long expectedStart(Retention retention) {
            List<Long> bases = new ArrayList<>(log.segmentBases());
            bases.add(end());
            long excess = log.sizeInBytes() - retention.bytes();
            long found = start;
            for (int index = 0; index + 1 < bases.size(); index++) {
                long latest = -1;
                long size = 0;
                for (Stored batch : everything) {
                    if (batch.baseOffset < bases.get(index)) continue;
                    if (batch.baseOffset >= bases.get(index + 1)) continue;
                    latest = Math.max(latest, batch.maxTimestamp);
                    size += batch.bytes.length;
                }
                boolean large = retention.bytes() >= 0 && excess >= size;
                boolean old = retention.ms() >= 0 && latest >= 0 && timestamp - latest > retention.ms();
                boolean gone = bases.get(index + 1) <= found && index + 2 < bases.size();
                if (size == 0 || bases.get(index + 1) > durable || !large && !old && !gone) break;
                found = Math.max(found, bases.get(index + 1));
                excess -= size;
            }
            return found;
        }

        private void append() {
            timestamp += dice.between(-200, 400);
            ByteBuffer batch = Tests.batch(dice.between(1, 5), dice.below(200), Math.max(0, timestamp),
                    random);
            long base = log.append(batch, world.clock().nowMs());
            assertEquals(end(), base);
            remember(batch);
            assertEquals(end(), log.endOffset());
        }

        private void remember(ByteBuffer batch) {
            BatchHeader header = new BatchHeader().wrap(batch, 0);
            Stored stored = new Stored(header.baseOffset(), header.nextOffset(), header.maxTimestamp(),
                    header.baseTimestamp(), Tests.bytes(batch));
            model.add(stored);
            everything.add(stored);
        }

        private void fullDisk() {
            SimDisk disk = world.simDisk();
            disk.faults().capacity(usedBytes() + dice.below(100));
            for (int count = 0; count < 3; count++) {
                ByteBuffer batch = Tests.batch(2, 100, Math.max(0, timestamp), random);
                try {
                    log.append(batch, world.clock().nowMs());
                    remember(batch);
                } catch (DiskFailure failure) {
                    assertTrue(failure.full(), failure.getMessage());
                    tally[Tally.FULL.ordinal()]++;
                }
                assertEquals(end(), log.endOffset());
            }
            readAll();
            disk.faults().heal();
        }

        private long usedBytes() {
            long used = 0;
            for (String path : world.simDisk().files()) {
                if (path.endsWith("index")) continue;
                try (DiskFile file = world.disk().open(path)) {
                    used += file.size();
                }
            }
            return used;
        }

        private void force() {
            PartitionLog.Forcing forcing = begun != null ? begun : log.beginForce();
            begun = null;
            forcing.run();
            durable = Math.max(durable, forcing.offset());
            if (dice.percent(90)) log.markDurable(forcing.offset());
            if (owedRemoval == null) return;
            tally[Tally.REMOVED_LATE.ordinal()]++;
            remove();
        }

        private void beginForce() {
            if (begun != null) return;
            begun = log.beginForce();
            tally[Tally.MID_FORCE.ordinal()]++;
        }

        private void closeCleanly() {
            if (begun != null || owedRemoval != null) force();
            log.close(true);
            assertEquals(end(), log.recoveryPoint());
            durable = end();
            checkpoint = end();
            boolean told = dice.percent(80);
            if (dice.percent(30)) damageAnIndex();
            if (dice.percent(30)) {
                world.crash(Survival.POWER_CUT);
                world = world.reboot();
            }
            tally[Tally.CLEAN.ordinal()]++;
            open(told);
        }

        private void crash(Survival survival) {
            world.crash(survival);
            tally[survival == Survival.KILL ? Tally.KILL.ordinal() : Tally.POWER_CUT.ordinal()]++;
            world = world.reboot();
            if (dice.percent(20)) damageAnIndex();
            if (survival == Survival.KILL) durable = end();
            open(false);
        }

        private void damageAnIndex() {
            List<String> indexes = new ArrayList<>(world.simDisk().files());
            indexes.removeIf(path -> !path.endsWith("index"));
            if (indexes.isEmpty()) return;
            String path = indexes.get(dice.below(indexes.size()));
            tally[Tally.DAMAGED_INDEX.ordinal()]++;
            int how = dice.below(path.endsWith("timeindex") ? 2 : 4);
            if (how == 0) {
                world.disk().delete(path);
                return;
            }
            try (DiskFile file = world.disk().open(path)) {
                byte[] garbage = new byte[(int) file.size() + dice.below(20)];
                random.nextBytes(garbage);
                if (how == 1) file.write(ByteBuffer.wrap(garbage), 0);
                else if (how == 2) file.truncate(file.size() / 2 / 8 * 8);
                else if (file.size() >= 8) file.write(ByteBuffer.wrap(garbage, 0,
                        Math.min(4, garbage.length)), file.size() - 8);
            }
        }

        private void read() {
            if (model.isEmpty()) {
                assertNull(log.read(start, Long.MAX_VALUE, 1000, true));
                return;
            }
            long offset = dice.between((int) start, (int) end() + 1);
            long bound = dice.percent(50) ? Long.MAX_VALUE : dice.below((int) end() + 2);
            int bytesMax = dice.percent(10) ? 0 : dice.below(dice.percent(50) ? 500 : 20_000);
            boolean oneAtLeast = dice.percent(70);
            List<BatchSlice> slices = log.read(offset, bound, bytesMax, oneAtLeast);
            check(log.checkOfLastRead());
            byte[] expected = expected(offset, bound, bytesMax, oneAtLeast);
            if (expected.length == 0) {
                assertNull(slices, () -> "read " + offset + " below " + bound + " of " + bytesMax);
                return;
            }
            if (slices.size() > 1) tally[Tally.READ_ACROSS.ordinal()]++;
            boolean capped = slices.size() == 16;
            byte[] found = Tests.take(slices);
            assertTrue(found.length == expected.length || capped && found.length < expected.length,
                    () -> "read " + offset + " below " + bound + " of " + bytesMax + ": " + found.length
                            + " not " + expected.length);
            assertArrayEquals(Arrays.copyOf(expected, found.length), found);
        }

        /** Nothing is rotten on this disk. */
        private void check(ReadCheck check) {
            if (check == null) return;
            tally[Tally.CHECKED.ordinal()]++;
            check.run();
            assertNull(check.failure());
            log.take(check);
        }

        private byte[] expected(long offset, long bound, int bytesMax, boolean oneAtLeast) {
            ByteBuffer all = ByteBuffer.allocate(200 * 1024);
            for (Stored batch : model) {
                if (batch.nextOffset <= offset) continue;
                boolean first = all.position() == 0;
                boolean fits = all.position() + batch.bytes.length <= bytesMax || first && oneAtLeast;
                if (batch.nextOffset > bound || offset >= bound || !fits) break;
                all.put(batch.bytes);
            }
            return Tests.bytes(all.flip());
        }

        private void readAll() {
            long offset = start;
            int index = 0;
            while (offset < end()) {
                byte[] part = Tests.take(log.read(offset, Long.MAX_VALUE, 3000, true));
                for (int start : Tests.starts(part)) {
                    byte[] stored = model.get(index++).bytes;
                    assertArrayEquals(stored, Arrays.copyOfRange(part, start, start + stored.length));
                }
                offset = model.get(index - 1).nextOffset;
            }
            assertEquals(model.size(), index);
        }

        private void timestamps() {
            long bound = dice.percent(50) ? Long.MAX_VALUE : dice.below((int) end() + 2);
            long wanted = Math.max(0, timestamp + dice.between(-1000, 300));
            tally[Tally.TIMESTAMP.ordinal()]++;
            assertEquals(expectedAt(wanted, bound), log.findByTimestamp(wanted, bound), () -> "timestamp "
                    + wanted + " below " + bound);
            long highest = -1;
            for (Stored batch : model) {
                if (batch.nextOffset <= bound) highest = Math.max(highest, batch.maxTimestamp);
            }
            assertEquals(highest < 0 ? null : expectedAt(highest, bound), log.maxTimestamp(bound), () ->
                    "maximum below " + bound);
        }

        /** Records of a batch are a millisecond apart. */
        private TimestampOffset expectedAt(long wanted, long bound) {
            for (Stored batch : model) {
                if (batch.nextOffset > bound) return null;
                if (batch.maxTimestamp < wanted) continue;
                long delta = Math.max(wanted - batch.firstTimestamp, Math.max(0, start - batch.baseOffset));
                return new TimestampOffset(batch.firstTimestamp + delta, batch.baseOffset + delta);
            }
            return null;
        }

        private long end() {
            return model.isEmpty() ? start : model.get(model.size() - 1).nextOffset;
        }
    }
}
