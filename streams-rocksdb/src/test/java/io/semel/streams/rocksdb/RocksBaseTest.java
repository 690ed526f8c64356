package io.semel.streams.rocksdb;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.semel.streams.task.StoreBase;
import io.semel.streams.task.StoreContract;
import io.semel.streams.task.StoreView;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RocksBaseTest extends StoreContract {
    private static final int ROWS = 50_000;

    @TempDir
    Path directory;
    private final RocksStores stores = RocksStores.withMemory(32 << 20);
    private final List<StoreBase> opened = new ArrayList<>();
    private int places;

    @Override
    protected StoreBase store() {
        return open(directory.resolve("place-" + places++));
    }

    private StoreBase open(Path place) {
        StoreBase base = stores.open(place);
        opened.add(base);
        return base;
    }

    @AfterEach
    void close() {
        opened.forEach(StoreBase::close);
        assertEquals(0, stores.openStores());
        stores.close();
    }

    @Test
    void findsEverythingAgain() {
        StoreBase base = open(directory);
        base.apply(changes("a", "1", "b", "2", "c", "3"), 7);
        base.apply(changes("b", null), 9);
        long beforeMs = System.currentTimeMillis();
        base.close();

        StoreBase again = open(directory);

        assertEquals(9, again.position());
        assertEquals(2, again.size());
        assertEquals(List.of("a=1@5", "c=3@5"), rows(again, null, null));
        assertTrue(again.foundFromMs() > beforeMs - 60_000 && again.foundFromMs() <= beforeMs);
    }

    @Test
    void forgetsEverythingForGood() {
        StoreBase base = open(directory);
        base.apply(changes("a", "1", "b", "2"), 7);

        base.clear();
        base.apply(changes("c", "3"), 1);
        base.close();

        StoreBase again = open(directory);
        assertEquals(1, again.position());
        assertEquals(1, again.size());
        assertEquals(List.of("c=3@5"), rows(again, null, null));
    }

    @Test
    void aTaskThatMovesIsOpenedThereBeforeItIsClosedHere() {
        StoreBase here = open(directory);
        here.apply(changes("a", "1"), 3);

        StoreBase there = open(directory);
        here.close();
        there.apply(changes("b", "2"), 4);

        assertEquals(1, stores.openStores());
        assertEquals(List.of("a=1@5", "b=2@5"), rows(there, null, null));
    }

    @Test
    void aViewOfAClosedStoreShowsNothing() {
        StoreBase base = open(directory);
        base.apply(changes("a", "1"), 3);
        StoreView view = base.view();
        assertEquals(List.of("a=1@5"), rows(view, null, null));

        base.close();

        assertNull(view.get("a".getBytes(StandardCharsets.UTF_8)));
        assertEquals(List.of(), rows(view, null, null));
    }

    @Test
    void readersNeverMeetAStoreThatIsBeingClosed() throws Exception {
        StoreBase base = open(directory);
        base.apply(changes("a", "1"), 1);
        StoreView view = base.view();
        boolean[] seen = new boolean[1];
        Thread reader = new Thread(() -> {
            while (view.get("a".getBytes(StandardCharsets.UTF_8)) != null) {
                seen[0] = rows(view, null, null).size() <= 1;
            }
        });
        reader.start();

        for (int turn = 2; turn < 2_000; turn++) {
            base.apply(changes("a", "" + turn), turn);
        }
        base.close();
        reader.join();

        assertTrue(seen[0]);
    }

    @Test
    void damagedFilesAreGivenUpAndTheStoreBeginsEmpty() throws Exception {
        StoreBase base = open(directory);
        base.apply(changes("a", "1"), 3);
        base.close();
        Files.writeString(file("CURRENT"), "nonsense");

        StoreBase again = open(directory);

        assertEquals(0, again.position());
        assertEquals(List.of(), rows(again, null, null));
        again.apply(changes("b", "2"), 4);
        assertEquals(List.of("b=2@5"), rows(again, null, null));
    }

    @Test
    void aRowThatCannotBeReadIsAnErrorNowAndAReplayLater() throws Exception {
        StoreBase base = open(directory);
        for (int row = 0; row < ROWS; row += 100) {
            String[] changes = new String[200];
            for (int i = 0; i < 200; i += 2) {
                changes[i] = "key" + (row + i / 2);
                changes[i + 1] = "value" + (row * 31L + i) + "x".repeat(200);
            }
            base.apply(changes(changes), row + 1);
        }
        base.close();
        int flipped = 0;
        for (Path table : files(".sst")) {
            byte[] bytes = Files.readAllBytes(table);
            if (bytes.length > 100_000) {
                for (int at = 4_096; at < bytes.length / 2; at += 512) bytes[at] ^= 1;
                Files.write(table, bytes);
                flipped++;
            }
        }
        assertTrue(flipped > 0, "no table was written");

        StoreBase damaged = open(directory);
        UncheckedIOException met = assertThrows(UncheckedIOException.class, () -> rows(damaged, null, null));
        damaged.close();
        StoreBase again = open(directory);

        assertTrue(met.getMessage().contains("is read from its log"), met.getMessage());
        assertEquals(0, again.position());
        assertEquals(0, again.size());
    }

    @Test
    void anotherProcessIsTurnedAway() throws Exception {
        Process holder = child("hold");
        try (BufferedReader said = holder.inputReader()) {
            assertEquals("1", said.readLine());

            IllegalStateException refused = assertThrows(IllegalStateException.class, () -> open(directory));

            assertTrue(refused.getMessage().contains("give every running instance its own stateDir"),
                    refused.getMessage());
        } finally {
            holder.destroyForcibly().waitFor();
        }
        assertEquals(1, open(directory).position());
    }

    /** Nothing that was applied before the kill is missing, and rows and position belong together. */
    @Test
    void aKilledProcessLosesNothing() throws Exception {
        for (int life = 1; life <= 5; life++) {
            Process writer = child("write");
            long last = 0;
            try (BufferedReader said = writer.inputReader()) {
                for (int line = 0; line < 200 * life; line++) {
                    last = Long.parseLong(said.readLine());
                }
            } finally {
                writer.destroyForcibly().waitFor();
            }

            StoreBase base = open(directory);
            long position = base.position();
            assertTrue(position >= last, position + " is below " + last);
            for (long row = 0; row < 10; row++) {
                long newest = position - (position - row + 10) % 10;
                byte[] key = ("row" + row).getBytes(StandardCharsets.UTF_8);
                if (newest > 0) {
                    assertArrayEquals(("" + newest).getBytes(StandardCharsets.UTF_8),
                            base.get(key).value(), "life " + life + ", row " + row + " at " + position);
                }
            }
            base.close();
        }
    }

    private Process child(String what) throws IOException {
        String java = System.getProperty("java.home") + File.separator + "bin" + File.separator + "java";
        return new ProcessBuilder(java, "-XX:TieredStopAtLevel=1", "-cp",
                System.getProperty("java.class.path"), RocksBaseTest.class.getName(), what,
                directory.toString()).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    }

    /** Writes {@code position} into one of ten rows at every position, and prints it; until killed. */
    public static void main(String[] args) throws IOException {
        StoreBase base = RocksStores.withMemory(16 << 20).open(Path.of(args[1]));
        if (args[0].equals("hold")) {
            base.apply(changes("a", "1"), 1);
            System.out.println(1);
            System.out.flush();
            System.in.read();
            return;
        }
        for (long position = base.position() + 1; ; position++) {
            base.apply(changes("row" + position % 10, "" + position), position);
            System.out.println(position);
        }
    }

    private Path file(String name) {
        return directory.resolve("rocksdb").resolve(name);
    }

    private List<Path> files(String suffix) throws IOException {
        try (Stream<Path> all = Files.list(directory.resolve("rocksdb"))) {
            return all.filter(file -> file.toString().endsWith(suffix)).toList();
        }
    }
}
