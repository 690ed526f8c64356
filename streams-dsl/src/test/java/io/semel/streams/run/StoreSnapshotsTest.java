package io.semel.streams.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.semel.streams.task.MemoryBase;
import io.semel.streams.task.StampedBytes;
import io.semel.streams.task.StoreBase;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StoreSnapshotsTest {
    private static final int LOG_END = 60_000;
    private static final int KEYS = 25_000;

    @TempDir
    Path dir;
    private final ExecutorService writer = Executors.newSingleThreadExecutor();
    private long nowMs = 1_000_000;

    @AfterEach
    void stop() {
        writer.shutdown();
    }

    @Test
    void takesACopyWhileTheStoreMovesOnAndReplayFromItsPositionGivesTheStoreBack() throws Exception {
        MemoryBase base = new MemoryBase();
        StoreSnapshots snapshots = snapshots();
        for (long offset = 0; offset < LOG_END; offset++) {
            change(base, offset);
            if (offset % 500 == 0) {
                nowMs += 1_000;
                snapshots.turn(base);
                settle();
            }
        }
        settle();

        MemoryBase again = new MemoryBase();
        snapshots().load(again, LOG_END);

        assertTrue(again.position() > LOG_END / 4, "position " + again.position());
        for (long offset = again.position(); offset < LOG_END; offset++) {
            change(again, offset);
        }
        assertEquals(rows(base), rows(again));
    }

    @Test
    void beginsOnlyWhenTheLogHasMovedOnEnough() throws Exception {
        MemoryBase base = new MemoryBase();
        StoreSnapshots snapshots = snapshots();
        for (long offset = 0; offset < 4_999; offset++) {
            change(base, offset);
        }

        snapshots.turn(base);
        settle();
        snapshots.turn(base);
        settle();

        assertEquals(List.of(), files());
    }

    @Test
    void waitsBetweenTwoSnapshots() throws Exception {
        MemoryBase base = new MemoryBase();
        StoreSnapshots snapshots = snapshots();
        for (long offset = 0; offset < 40_000; offset++) {
            change(base, offset);
            if (offset % 2_000 == 0) {
                nowMs += 500;
                snapshots.turn(base);
                settle();
            }
        }

        MemoryBase again = new MemoryBase();
        snapshots().load(again, LOG_END);

        assertEquals(26_001, again.position());
    }

    @Test
    void aLargeStoreWaitsForAnEighthOfItsRowsToChange() throws Exception {
        MemoryBase base = new MemoryBase();
        StoreSnapshots snapshots = snapshots();
        TreeMap<byte[], StampedBytes> rows = new TreeMap<>(MemoryBase.KEY_ORDER);
        for (long row = 0; row < 80_000; row++) {
            rows.put(key(row), new StampedBytes(key(row), row));
        }
        base.apply(rows, 80_000);
        List<Integer> files = new ArrayList<>();

        for (long position : new long[] {80_000, 85_000, 89_999, 90_000, 95_000, 100_000}) {
            base.apply(single(key(1), new StampedBytes(key(1), position)), position);
            nowMs += 60_000;
            snapshots.turn(base);
            settle();
            files.add(files().size());
        }

        assertEquals(List.of(1, 1, 1, 2, 2, 2), files);
        assertEquals("00000000000000100000.snapshot", files().get(0).getFileName().toString());
    }

    @Test
    void passesOverAFileThatIsDamagedAnywhereAndTakesTheOlderOne() throws Exception {
        long position = take();
        Path newest = files().get(0);
        byte[] whole = Files.readAllBytes(newest);
        SplittableRandom random = new SplittableRandom(5);

        for (int i = 0; i < 30; i++) {
            byte[] damaged = whole.clone();
            int at = i < 8 ? i : random.nextInt(whole.length);
            damaged[at] ^= (byte) (1 << random.nextInt(8));
            assertTakesTheOlder(newest, damaged, position, "bit at " + at);
        }
        for (int i = 0; i < 20; i++) {
            int length = i < 8 ? i : random.nextInt(whole.length);
            assertTakesTheOlder(newest, java.util.Arrays.copyOf(whole, length), position, "cut at " + length);
        }
        assertTakesTheOlder(newest, "garbage".repeat(1000).getBytes(), position, "garbage");
    }

    @Test
    void keepsTwo() throws Exception {
        MemoryBase base = new MemoryBase();
        StoreSnapshots snapshots = snapshots();
        for (long offset = 0; offset < LOG_END; offset++) {
            change(base, offset);
            if (offset % 6_000 == 0) {
                nowMs += 10_000;
                snapshots.turn(base);
                settle();
            }
        }

        assertEquals(2, files().size());
    }

    @Test
    void takesALastOneSoThatNothingIsReplayed() throws Exception {
        MemoryBase base = new MemoryBase();
        for (long offset = 0; offset < 100; offset++) {
            change(base, offset);
        }
        StoreSnapshots snapshots = snapshots();

        snapshots.last(base);
        settle();

        MemoryBase again = new MemoryBase();
        snapshots().load(again, LOG_END);
        assertEquals(100, again.position());
        assertEquals(rows(base), rows(again));
    }

    @Test
    void passesOverAFileThatIsAheadOfItsLog() throws Exception {
        take();
        MemoryBase again = new MemoryBase();

        snapshots().load(again, KEYS / 4 - 1);

        assertEquals(0, again.size());
        assertEquals(0, again.position());
        assertEquals(List.of(), files());
    }

    @Test
    void passesOverAnOldFileUnlessTheLogStoodStill() throws Exception {
        long position = take();
        nowMs += Duration.ofHours(13).toMillis();
        MemoryBase level = new MemoryBase();
        MemoryBase behind = new MemoryBase();

        snapshots().load(level, position);
        snapshots().load(behind, position + 1);

        assertEquals(0, behind.size());
        assertEquals(KEYS / 2, level.size());
    }

    /** Two snapshots: at a quarter of the keys and at a half of them. */
    private long take() throws Exception {
        MemoryBase base = new MemoryBase();
        StoreSnapshots snapshots = snapshots();
        for (long offset = 0; offset < KEYS / 2; offset++) {
            base.apply(single(key(offset), new StampedBytes(key(offset), offset)), offset + 1);
            if (offset + 1 == KEYS / 4 || offset + 1 == KEYS / 2) {
                nowMs += 60_000;
                snapshots.turn(base);
                settle();
            }
        }
        assertEquals(2, files().size());
        return base.position();
    }

    private void assertTakesTheOlder(Path newest, byte[] content, long position, String what)
            throws IOException {
        Files.write(newest, content);
        MemoryBase again = new MemoryBase();
        snapshots().load(again, LOG_END);
        assertEquals(position / 2, again.position(), what);
        assertEquals(position / 2, again.size(), what);
        assertFalse(Files.exists(newest), what);
    }

    /** The log: key and value are functions of the offset; some records remove. */
    private static void change(StoreBase base, long offset) {
        long key = offset * 7919 % KEYS;
        byte[] value = offset % 11 == 0 ? null : key(offset);
        base.apply(single(key(key), new StampedBytes(value, offset)), offset + 1);
    }

    private static TreeMap<byte[], StampedBytes> single(byte[] key, StampedBytes value) {
        TreeMap<byte[], StampedBytes> changes = new TreeMap<>(MemoryBase.KEY_ORDER);
        changes.put(key, value);
        return changes;
    }

    private static Map<String, String> rows(StoreBase base) {
        Map<String, String> rows = new TreeMap<>();
        base.scan(null, null, (key, value) -> rows.put(ByteBuffer.wrap(key).getLong() + "",
                ByteBuffer.wrap(value.value()).getLong() + "@" + value.timestampMs()) == null);
        return rows;
    }

    private static byte[] key(long number) {
        return ByteBuffer.allocate(8).putLong(number).array();
    }

    private List<Path> files() throws IOException {
        try (Stream<Path> files = Files.list(dir)) {
            return files.sorted(Comparator.reverseOrder()).toList();
        }
    }

    private StoreSnapshots snapshots() {
        return new StoreSnapshots(dir, writer, () -> nowMs, "new");
    }

    private void settle() throws Exception {
        writer.submit(() -> { }).get();
    }
}
