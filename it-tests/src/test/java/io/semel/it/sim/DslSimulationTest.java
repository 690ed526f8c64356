package io.semel.it.sim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.semel.streams.run.Saboteur;
import java.io.OutputStream;
import java.io.PrintStream;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A topology's production host over the whole simulated broker: whatever crashes, outputs, state and offsets
 * end like those of the run without faults. {@code -Dsemel.seed=N} plays one seed.
 */
class DslSimulationTest {
    private static final int SEEDS = Integer.getInteger("semel.scale", 1) > 1 ? 8_000 : 200;
    private static final long FIRST_SEED = Long.getLong("semel.seed", 1);
    private static final long LAST_SEED = Long.getLong("semel.seed", (long) SEEDS);
    private static final int FAILURES_SHOWN = 3;
    private static final int SABOTEUR_SEEDS = 200;

    private static PrintStream console;

    /** Stores warn of every file that was struck. */
    @BeforeAll
    static void mute() {
        console = System.err;
        if (System.getProperty("semel.seed") == null) {
            System.setErr(new PrintStream(OutputStream.nullOutputStream()));
        }
    }

    @AfterAll
    static void unmute() {
        System.setErr(console);
    }

    @Test
    void everySeedEndsLikeTheRunWithoutFaults() {
        Map<String, String> expected = new DslStory(1, false, null).play();
        assertEquals(25, expected.size(), expected::toString);
        Queue<String> failures = new ConcurrentLinkedQueue<>();
        LongAdder healed = new LongAdder();
        LongAdder crashes = new LongAdder();
        LongAdder strikes = new LongAdder();
        long beginMs = System.currentTimeMillis();
        // a story is one thread's; they share nothing
        LongStream.rangeClosed(FIRST_SEED, LAST_SEED).parallel().forEach(seed -> {
            if (failures.size() >= FAILURES_SHOWN) return;
            DslStory story = new DslStory(seed, true, null);
            try {
                assertEquals(expected, story.play());
            } catch (AssertionError | RuntimeException failed) {
                failures.add("seed " + seed + ": " + failed + "\n" + story.mermaid());
            }
            healed.add(story.healed());
            crashes.add(story.crashes());
            strikes.add(story.strikes());
        });

        assertTrue(failures.isEmpty(), () -> String.join("\n\n", failures));
        System.out.println("topologies: " + (LAST_SEED - FIRST_SEED + 1) + " seeds in "
                + (System.currentTimeMillis() - beginMs) + " ms, " + crashes + " processes crashed, "
                + strikes + " local files struck, " + healed + " times healed");
        assertTrue(crashes.sum() >= (LAST_SEED - FIRST_SEED) / 2, "hardly anything crashed: " + crashes);
        assertTrue(strikes.sum() >= (LAST_SEED - FIRST_SEED) / 4, "hardly any file was struck: " + strikes);
    }

    @Test
    void tellsTheSameStoryAgain() {
        for (long seed = 1; seed <= 3; seed++) {
            DslStory one = new DslStory(seed, true, null);
            DslStory other = new DslStory(seed, true, null);
            one.play();
            other.play();
            assertEquals(one.mermaid(), other.mermaid(), "seed " + seed);
        }
    }

    @ParameterizedTest
    @EnumSource(Saboteur.class)
    void noticesAHostThatBreaksItsRule(Saboteur saboteur) {
        Map<String, String> expected = new DslStory(1, false, null).play();
        for (long seed = 1; seed <= SABOTEUR_SEEDS; seed++) {
            try {
                if (!expected.equals(new DslStory(seed, true, saboteur).play())) return;
            } catch (AssertionError | RuntimeException broken) {
                return;
            }
        }
        throw new AssertionError(saboteur + " went unnoticed in " + SABOTEUR_SEEDS + " seeds");
    }
}
