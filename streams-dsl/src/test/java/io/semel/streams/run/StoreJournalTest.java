package io.semel.streams.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.semel.streams.task.MemoryBase;
import io.semel.streams.task.StampedBytes;
import io.semel.streams.task.StoreBase;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A process that dies between two snapshots has its newest batches beside them. */
class StoreJournalTest {
    private static final int BATCHES = 3_500;
    private static final int KEYS = 5_000;
    private static final int RECORDS = 5;
    private static final long JOURNAL_BYTES = 4_000;

    @TempDir
    Path dir;
    private final ExecutorService writer = Executors.newSingleThreadExecutor();
    private long nowMs = 1_000_000;

    @AfterEach
    void stop() {
        writer.shutdown();
    }

    @Test
    void bringsAStoreBackToItsLastBatch() throws Exception {
        MemoryBase base = run(BATCHES);

        MemoryBase again = load(base.position());

        assertEquals(base.position(), again.position());
        assertEquals(rows(base), rows(again));
        assertTrue(files(".snapshot").size() == 2 && files(".journal").size() <= 3,
                "files: " + files(""));
    }

    @Test
    void bringsAStoreBackBeforeItsFirstSnapshot() throws Exception {
        MemoryBase base = run(10);

        assertEquals(List.of(), files(".snapshot"));
        assertEquals(rows(base), rows(load(base.position())));
    }

    @Test
    void goesOnFromLifeToLife() throws Exception {
        MemoryBase base = run(20);
        for (int life = 1; life < 5; life++) {
            base = load(base.position());
            StoreSnapshots snapshots = snapshots();
            for (int batch = life * 20; batch < life * 20 + 20; batch++) take(snapshots, base, batch);
        }

        assertEquals(rows(run(new MemoryBase(), 100)), rows(load(base.position())));
    }

    @Test
    void stopsAtAFrameThatIsTornOrDamagedAndTheLogGivesTheRest() throws Exception {
        MemoryBase base = run(BATCHES);
        Map<String, String> whole = rows(base);
        List<Path> journals = files(".journal");
        Path newest = journals.get(journals.size() - 1);
        byte[] bytes = Files.readAllBytes(newest);
        SplittableRandom random = new SplittableRandom(3);
        int shorter = 0;

        for (int round = 0; round < 60; round++) {
            byte[] bad = round % 2 == 0 ? Arrays.copyOf(bytes, random.nextInt(bytes.length)) : bytes.clone();
            if (round % 2 == 1) bad[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
            Files.write(newest, bad);

            MemoryBase again = load(base.position());

            if (again.position() < base.position()) shorter++;
            assertEquals(0, again.position() % RECORDS, "half a batch, round " + round);
            assertEquals(whole, rows(run(again, BATCHES)), "round " + round);
        }
        assertTrue(shorter > 50, "hardly any damage was seen: " + shorter);
    }

    @Test
    void neverLeadsItsLog() throws Exception {
        MemoryBase base = run(100);

        MemoryBase again = load(base.position() - 7);

        assertEquals(base.position() - 2 * RECORDS, again.position());
        assertEquals(rows(base), rows(run(again, 100)));
    }

    /** Kafka forgets a deleted key's tombstone after a day: what is older could bring the dead back. */
    @Test
    void doesNotGoOnFromAnOldBatchUnlessTheLogStoodStill() throws Exception {
        for (int batches : new int[] {10, BATCHES / 2, BATCHES}) {
            MemoryBase base = run(batches);
            nowMs += Duration.ofHours(13).toMillis();

            MemoryBase level = load(base.position());
            MemoryBase behind = load(base.position() + 1);

            assertEquals(rows(base), rows(level), batches + " batches");
            assertEquals(0, behind.size(), batches + " batches");
            assertEquals(0, behind.position(), batches + " batches");
            assertEquals(List.of(), files(""), batches + " batches");
        }
    }

    @Test
    void aYoungBatchMakesAnOldSnapshotGood() throws Exception {
        MemoryBase base = run(BATCHES);
        nowMs += Duration.ofHours(13).toMillis();
        take(snapshots(), base, BATCHES);

        assertEquals(rows(base), rows(load(base.position() + 1)));
    }

    @Test
    void passesOverABatchThatDoesNotFollow() throws Exception {
        MemoryBase base = run(10);
        snapshots().took(base.position() + 40, run(new MemoryBase(), 30), batch(29));

        assertEquals(base.position(), load(1_000).position());
    }

    /** Each failed snapshot gives the journal as much again, on trial, and no more. */
    @Test
    void isBoundedWhileSnapshotsFailAndGoesOnWithTheFirstThatIsWritten() throws Exception {
        Files.createDirectories(dir.resolve("new").resolve("in the way"));
        MemoryBase base = new MemoryBase();
        StoreSnapshots snapshots = bounded();
        for (int batch = 0; batch < 1_000; batch++) {
            take(snapshots, base, batch);
            snapshots.turn(base);
            writer.submit(() -> { }).get();
            assertTrue(journalBytes() <= 2 * JOURNAL_BYTES, batch + ": " + journalBytes());
            if (batch % 100 == 99) {
                MemoryBase again = new MemoryBase();
                bounded().load(again, base.position());
                assertTrue(again.position() > 0 && again.position() < base.position());
                assertEquals(rows(base), rows(run(again, batch + 1)), "batch " + batch);
            }
        }

        Files.delete(dir.resolve("new").resolve("in the way"));
        Files.delete(dir.resolve("new"));
        for (int batch = 1_000; batch < 1_100; batch++) {
            take(snapshots, base, batch);
            snapshots.turn(base);
            writer.submit(() -> { }).get();
            assertTrue(journalBytes() <= 2 * JOURNAL_BYTES, batch + ": " + journalBytes());
        }

        MemoryBase again = new MemoryBase();
        bounded().load(again, base.position());
        assertEquals(base.position(), again.position());
        assertEquals(rows(base), rows(again));
    }

    private StoreSnapshots bounded() {
        return new StoreSnapshots(dir, writer, () -> nowMs, "new",
                new StoreSnapshots.Pace(50, KEYS, 0, JOURNAL_BYTES));
    }

    private long journalBytes() throws IOException {
        long bytes = 0;
        for (Path file : files(".journal")) bytes += Files.size(file);
        return bytes;
    }

    private MemoryBase run(int batches) throws Exception {
        MemoryBase base = new MemoryBase();
        StoreSnapshots snapshots = snapshots();
        for (int batch = 0; batch < batches; batch++) {
            take(snapshots, base, batch);
            nowMs += 10;
            snapshots.turn(base);
            writer.submit(() -> { }).get();
        }
        return base;
    }

    /** Without a journal: what the log would give. */
    private static MemoryBase run(MemoryBase base, int batches) {
        for (long batch = base.position() / RECORDS; batch < batches; batch++) {
            base.apply(batch(batch), (batch + 1) * RECORDS);
        }
        return base;
    }

    private static void take(StoreSnapshots snapshots, MemoryBase base, int batch) {
        long from = base.position();
        base.apply(batch(batch), from + RECORDS);
        snapshots.took(from, base, batch(batch));
    }

    private static NavigableMap<byte[], StampedBytes> batch(long number) {
        NavigableMap<byte[], StampedBytes> changes = new TreeMap<>(MemoryBase.KEY_ORDER);
        for (long record = 0; record < RECORDS; record++) {
            long at = number * RECORDS + record;
            changes.put(bytes(at * 7919 % KEYS), new StampedBytes(at % 11 == 0 ? null : bytes(at), at));
        }
        return changes;
    }

    /** Another store's file, whole in itself, is none of this one. */
    @Test
    void doesNotTakeWhatAnotherStoreHasWritten() throws Exception {
        run(BATCHES);
        Path other = dir.resolve("other");
        Files.createDirectories(other);
        for (Path file : files("l")) Files.copy(file, other.resolve(file.getFileName()));
        for (Path file : files("t")) Files.copy(file, other.resolve(file.getFileName()));

        MemoryBase base = new MemoryBase();
        new StoreSnapshots(other, writer, () -> nowMs, "new").load(base, 1_000_000);

        assertEquals(0, base.position());
        assertEquals(0, base.size());
    }

    private MemoryBase load(long end) {
        MemoryBase base = new MemoryBase();
        snapshots().load(base, end);
        return base;
    }

    private StoreSnapshots snapshots() {
        return new StoreSnapshots(dir, writer, () -> nowMs, "new");
    }

    private static Map<String, String> rows(StoreBase base) {
        Map<String, String> rows = new TreeMap<>();
        base.scan(null, null, (key, value) -> rows.put(ByteBuffer.wrap(key).getLong() + "",
                ByteBuffer.wrap(value.value()).getLong() + "@" + value.timestampMs()) == null);
        return rows;
    }

    private static byte[] bytes(long number) {
        return ByteBuffer.allocate(8).putLong(number).array();
    }

    private List<Path> files(String suffix) throws IOException {
        try (Stream<Path> files = Files.list(dir)) {
            return files.filter(file -> file.toString().endsWith(suffix)).sorted().toList();
        }
    }
}
