package io.semel.log;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.semel.kernel.world.Disk;
import io.semel.kernel.world.DiskFailure;
import io.semel.sim.SimWorld;
import io.semel.wire.batch.BatchHeader;
import io.semel.wire.batch.BatchSlice;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/**
 * One bit of one file of a log is turned, file after file, place after place. What is served afterwards is
 * what was written, or an error; nothing is missing without a word. Of a batch the four bytes of the leader
 * epoch may differ: no CRC covers them.
 */
class BitFlipTest {
    private static final int FLIPS = 2_500;
    private static final int LEADER_EPOCH_AT = 12;
    private static final LogConfig CONFIG = LogConfig.defaults().withSegmentBytes(1_500)
            .withIndexIntervalBytes(200);

    private final List<byte[]> batches = new ArrayList<>();
    private final TreeMap<String, byte[]> files = new TreeMap<>();
    private long end;
    private int refused;
    private int unreadable;
    private int harmless;
    private int cut;

    @Test
    void servesWhatWasWrittenOrAnError() {
        write();
        Random random = new Random(Long.getLong("semel.seed", 1));
        List<String> names = new ArrayList<>(files.keySet());
        for (int flip = 0; flip < FLIPS * Tests.scale(); flip++) {
            String name = names.get(random.nextInt(names.size()));
            byte[] content = files.get(name);
            if (content.length == 0) continue;
            int position = random.nextInt(content.length);
            int bit = random.nextInt(8);
            boolean clean = random.nextInt(3) > 0;
            try {
                judge(name, position, bit, clean);
            } catch (RuntimeException | AssertionError failure) {
                throw new AssertionError("flip " + flip + ", bit " + bit + " of byte " + position + " of "
                        + name + (clean ? ", closed cleanly: " : ", killed: ") + failure.getMessage(),
                        failure);
            }
        }
        System.out.println("bit flips: " + FLIPS * Tests.scale() + ", harmless " + harmless
                + ", logs refused " + refused + ", batches unreadable " + unreadable + ", logs cut " + cut);
        assertTrue(refused > 0 && unreadable > 0 && harmless > 0 && cut > 0);
    }

    private void write() {
        Disk disk = new SimWorld(1, 1).disk();
        Random random = new Random(9);
        PartitionLog log = PartitionLog.open(disk, "t-0", CONFIG, Tests.opening(0, false));
        for (int index = 0; index < 60; index++) {
            ByteBuffer batch = Tests.batch(1 + index % 3, random.nextInt(120), 1_000 + index, random);
            log.append(batch, 0);
            batches.add(Tests.bytes(batch));
        }
        log.close(true);
        end = log.endOffset();
        for (String name : disk.list("t-0")) files.put("t-0/" + name, SmallFile.read(disk, "t-0/" + name));
    }

    private void judge(String flipped, int position, int bit, boolean clean) {
        Disk disk = new SimWorld(1, 1).disk();
        disk.createDirectories("t-0");
        for (Map.Entry<String, byte[]> file : files.entrySet()) {
            byte[] content = file.getValue().clone();
            if (file.getKey().equals(flipped)) content[position] ^= 1 << bit;
            SmallFile.replace(disk, file.getKey(), content, true);
        }
        Tests.Opening opening = Tests.opening(clean ? end : end / 2, clean);
        opening.foldFrom = end / 2;
        PartitionLog log;
        try {
            log = PartitionLog.open(disk, "t-0", CONFIG, opening);
        } catch (DiskFailure failure) {
            assertTrue(failure.getMessage().contains("t-0"), failure.getMessage());
            refused++;
            return;
        }
        if (log.endOffset() < end) {
            assertCutAloud(disk, log);
            cut++;
        }
        int bad = readAll(log, flipped);
        unreadable += bad;
        if (bad == 0 && log.endOffset() == end) harmless++;
        log.close(true);
    }

    /** Only above the recovery point; every whole batch behind the damaged one is in the file set aside. */
    private void assertCutAloud(Disk disk, PartitionLog log) {
        assertTrue(log.endOffset() >= end / 2, "cut at " + log.endOffset());
        assertNotNull(log.recovered().cut());
        List<byte[]> behind = new ArrayList<>();
        for (byte[] batch : batches) if (offsetOf(batch) > log.endOffset()) behind.add(batch);
        if (behind.isEmpty()) return;
        String kept = disk.list("t-0").stream().filter(name -> name.startsWith("cut-")).findFirst()
                .orElse(null);
        assertNotNull(kept, "nothing was set aside");
        byte[] bytes = SmallFile.read(disk, "t-0/" + kept);
        int at = bytes.length;
        for (int index = behind.size() - 1; index >= 0; index--) {
            byte[] batch = behind.get(index);
            at -= batch.length;
            assertSame(batch, Arrays.copyOfRange(bytes, at, at + batch.length));
        }
    }

    /** As a consumer does that seeks past what it cannot have. @return batches it could not have */
    private int readAll(PartitionLog log, String flipped) {
        int bad = 0;
        int next = 0;
        while (next < batches.size() && offsetOf(batches.get(next)) < log.endOffset()) {
            byte[] part = readAt(log, offsetOf(batches.get(next)));
            if (part == null) {
                assertTrue(baseOf(flipped) <= offsetOf(batches.get(next)), "nothing below the damaged file");
                bad++;
                next++;
                continue;
            }
            assertTrue(part.length > 0, "nothing to read at " + offsetOf(batches.get(next)));
            for (int at = 0; at < part.length; next++) {
                byte[] expected = batches.get(next);
                assertSame(expected, Arrays.copyOfRange(part, at, at + expected.length));
                at += expected.length;
            }
        }
        return bad;
    }

    /** 0 for a file that belongs to no segment. */
    private static long baseOf(String file) {
        String name = file.substring(file.indexOf('/') + 1, file.contains(".") ? file.indexOf('.') : 4);
        return name.matches("[0-9]{20}") ? Long.parseLong(name) : 0;
    }

    private byte[] readAt(PartitionLog log, long offset) {
        try {
            List<BatchSlice> slices = log.read(offset, log.endOffset(), 700, true);
            assertNotNull(slices, "nothing at offset " + offset + " of " + log.endOffset());
            ReadCheck check = log.checkOfLastRead();
            if (check == null) return Tests.take(slices);
            check.run();
            log.take(check);
            byte[] good = Tests.take(check.good());
            if (good.length > 0) return good;
            assertTrue(check.failure().getMessage().contains("t-0/"), check.failure().getMessage());
            return null;
        } catch (DiskFailure failure) {
            assertTrue(failure.getMessage().contains("t-0/"), failure.getMessage());
            return null;
        }
    }

    private static void assertSame(byte[] expected, byte[] found) {
        byte[] stamped = found.clone();
        System.arraycopy(expected, LEADER_EPOCH_AT, stamped, LEADER_EPOCH_AT, Integer.BYTES);
        assertEquals(0, Arrays.compare(expected, stamped), "other bytes at offset " + offsetOf(expected));
    }

    private static long offsetOf(byte[] batch) {
        return new BatchHeader().wrap(ByteBuffer.wrap(batch), 0).baseOffset();
    }
}
