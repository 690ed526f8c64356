package io.semel.it.sim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Queue;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/**
 * The broker against dozens of crashes a story, most of them in the midst of a step. {@code -Dsemel.seed=N}
 * plays one.
 */
class DenseCrashTest {
    private static final int SEEDS = 100 * Integer.getInteger("semel.scale", 1);
    private static final long FIRST_SEED = Long.getLong("semel.seed", 1);
    private static final long LAST_SEED = Long.getLong("semel.seed", (long) SEEDS);
    private static final List<CrashStep> OFTEN = List.of(CrashStep.ENLISTMENT, CrashStep.PREPARE,
            CrashStep.MARKER, CrashStep.COMPLETE, CrashStep.GROUP_COMMIT, CrashStep.ROLL, CrashStep.SNAPSHOT);
    private static final int FAILURES_SHOWN = 3;

    @Test
    void keepsEveryPromiseThroughDozensOfCrashes() {
        Queue<String> failures = new ConcurrentLinkedQueue<>();
        TreeMap<String, Long> crashes = new TreeMap<>();
        LongStream.rangeClosed(FIRST_SEED, LAST_SEED).parallel().forEach(seed -> {
            if (failures.size() >= FAILURES_SHOWN) return;
            Story story = Story.dense(seed);
            String failure = Telling.of(story);
            if (failure != null) failures.add(failure);
            synchronized (crashes) {
                story.ambushed().forEach((where, count) -> crashes.merge(where, count, Long::sum));
            }
        });

        assertTrue(failures.isEmpty(), String.join("\n\n", failures));
        System.out.println("dense crashes: " + (LAST_SEED - FIRST_SEED + 1) + " seeds, " + crashes);
        if (LAST_SEED - FIRST_SEED + 1 < SEEDS) return;
        for (CrashStep step : OFTEN) {
            assertTrue(crashes.containsKey("at " + step.words()), step + " was never crashed at: " + crashes);
        }
        assertTrue(crashes.get("in recovery") > SEEDS, "hardly ever in recovery: " + crashes);
    }

    @Test
    void tellsTheSameStoryAgain() {
        for (long seed = 1; seed <= 3; seed++) assertEquals(digest(seed), digest(seed), "seed " + seed);
    }

    private static long digest(long seed) {
        Story story = Story.dense(seed);
        Telling.of(story);
        return story.run().trace().digest();
    }
}
