package io.semel.streams.dsl;

import static io.semel.streams.dsl.Via.via;
import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.semel.streams.Serdes;
import io.semel.streams.Store;
import io.semel.streams.StreamsError.Incompatible;
import io.semel.streams.TimeWindows;
import io.semel.streams.Topic;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.Consumer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a lock tells of each change, and what the start lets pass. */
class TopologiesTest {
    private static final Topic<String, String> IN = Topic.of("in", Serdes.string(), Serdes.string());
    private static final Topic<String, String> HOP = Topic.of("hop", Serdes.string(), Serdes.string());
    private static final Topic<String, Long> COUNTS = Topic.of("counts", Serdes.string(), Serdes.int64());
    private static final Store<String, Long> COUNT = Store.keyed("count", Serdes.string(), Serdes.int64());

    @TempDir
    Path directory;
    private Path lock;

    private static Topology app(Consumer<Sources> description) {
        return Topology.of("app", description);
    }

    @BeforeEach
    void lockThePlainProgram() {
        lock = directory.resolve("topology.lock");
        Topologies.writeLock(app(s -> s.from(IN).rekey(v -> v, via(HOP)).count(COUNT).to(COUNTS)), lock);
    }

    @Test
    void isAFileToReadAndToCompare() throws IOException {
        assertEquals("""
                # What stored state depends on. Written by Topologies.writeLock; keep it with the code.
                application = app
                input in = key=string value=string
                store count = keyed key=string value=int64
                via hop = key=string value=string
                """, Files.readString(lock));
    }

    @Test
    void statelessStepsChangeNothing() {
        Topology more = app(s -> s.from(IN).filter((k, v) -> !v.isEmpty()).mapValues(String::strip)
                .rekey(v -> v, via(HOP)).peek((k, v) -> { }).count(COUNT).latest().mapValues(n -> n + 1)
                .to(COUNTS));

        assertDoesNotThrow(() -> Topologies.assertCompatible(more, lock));
    }

    @Test
    void tellsARenamedStore() {
        refuses("store count is gone; if it is called 'counted' now, what it holds does not follow",
                "give it its old name back", app(s -> s.from(IN).rekey(v -> v, via(HOP))
                        .count(Store.keyed("counted", Serdes.string(), Serdes.int64())).to(COUNTS)));
    }

    @Test
    void tellsAStoreOfAnotherTypeOrLayout() {
        refuses("store count was 'keyed key=string value=int64' and is"
                + " 'expiring key=string value=int64 ttl=60000ms'",
                "./semel streams reset --application app --store count", app(s -> s.from(IN)
                        .rekey(v -> v, via(HOP)).count(COUNT.ttl(Duration.ofMinutes(1))).to(COUNTS)));
        refuses("is 'windowed key=string value=int64 size=10000ms advance=10000ms grace=0ms'", "new name",
                app(s -> s.from(IN).rekey(v -> v, via(HOP))
                        .windowed(TimeWindows.tumbling(Duration.ofSeconds(10))).count(COUNT)));
    }

    @Test
    void tellsWhatIsOrphanedAndWhatIsNoLongerRead() {
        Topology less = app(s -> s.from(IN).mapValues(v -> 1L).to(COUNTS));

        refuses("store count is orphaned", "./semel streams reset --application app --store count", less);
        refuses("via hop is no longer read", "let the old version drain it first", less);
    }

    @Test
    void tellsAnotherApplication() {
        refuses("application 'app' is called 'other' now", "give it its old name", Topology.of("other",
                s -> s.from(IN).rekey(v -> v, via(HOP)).count(COUNT).to(COUNTS)));
    }

    @Test
    void aNewStoreFailsTheTestButNotTheStart() {
        Topology more = app(s -> {
            s.from(IN).rekey(v -> v, via(HOP)).count(COUNT).to(COUNTS);
            s.from(IN).count(Store.keyed("more", Serdes.string(), Serdes.int64()));
        });

        Incompatible refused =
                assertThrows(Incompatible.class, () -> Topologies.assertCompatible(more, lock));
        assertTrue(refused.what().contains("store more is new and begins empty"), refused.what());
        assertDoesNotThrow(() -> more.lockedBy(lock));
    }

    @Test
    void theStartRefusesWhatBreaksState() {
        Topology less = app(s -> s.from(IN).mapValues(v -> 1L).to(COUNTS));

        assertThrows(Incompatible.class, () -> less.lockedBy(lock).start("127.0.0.1:1"));
    }

    @Test
    void aLockThatIsNotThereOrNotReadableSaysWhatToDo() throws IOException {
        Topology program = app(s -> s.from(IN).to(HOP));
        Path absent = directory.resolve("absent");
        Incompatible none =
                assertThrows(Incompatible.class, () -> Topologies.assertCompatible(program, absent));
        assertTrue(none.getMessage().contains("-Dsemel.topology.lock=write"), none.getMessage());

        Files.writeString(lock, "application = app\nstore count keyed\n");
        Incompatible bad = assertThrows(Incompatible.class, () -> Topologies.assertCompatible(program, lock));
        assertTrue(bad.what().contains("not a line of a topology lock: 'store count keyed'"), bad.what());
    }

    private void refuses(String what, String action, Topology topology) {
        Incompatible refused =
                assertThrows(Incompatible.class, () -> Topologies.assertCompatible(topology, lock));
        assertTrue(refused.what().contains(what), refused.what());
        assertTrue(refused.what().contains(action), refused.what());
    }
}
