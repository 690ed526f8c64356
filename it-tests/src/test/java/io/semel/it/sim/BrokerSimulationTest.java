package io.semel.it.sim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.nio.charset.StandardCharsets;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/**
 * The broker against crashes, cuts, pauses and zombies, seed after seed. {@code -Dsemel.seed=N} plays one of
 * them; {@code ./semel sim} as many as there is time for.
 */
class BrokerSimulationTest {
    private static final int SEEDS = Integer.getInteger("semel.scale", 1) > 1 ? 10_000 : 1_500;
    private static final long FIRST_SEED = Long.getLong("semel.seed", 1);
    private static final long LAST_SEED = Long.getLong("semel.seed", (long) SEEDS);
    private static final int FAILURES_SHOWN = 3;

    @Test
    void keepsEveryPromiseInEveryStory() {
        Queue<String> failures = new ConcurrentLinkedQueue<>();
        LongAdder committed = new LongAdder();
        LongAdder steps = new LongAdder();
        // a story is one thread's; they share nothing
        LongStream.rangeClosed(FIRST_SEED, LAST_SEED).parallel().forEach(seed -> {
            if (failures.size() >= FAILURES_SHOWN) return;
            Story story = new Story(seed);
            String failure = Telling.of(story);
            if (failure != null) failures.add(failure);
            committed.add(story.history().count(Fate.COMMITTED));
            steps.add(story.run().steps());
        });

        assertTrue(failures.isEmpty(), String.join("\n\n", failures));
        System.out.println("simulation: " + (LAST_SEED - FIRST_SEED + 1) + " seeds, " + steps + " steps, "
                + committed + " committed");
        assertTrue(committed.sum() > (LAST_SEED - FIRST_SEED), "hardly anything was committed: " + committed);
    }

    @Test
    void tellsTheSameStoryAgain() {
        for (long seed = 1; seed <= 10; seed++) assertEquals(digest(seed), digest(seed), "seed " + seed);
    }

    @Test
    void tellsTheSameStoriesInAnotherJvmWithOtherHashCodes() throws Exception {
        String java = System.getProperty("java.home") + File.separator + "bin" + File.separator + "java";
        Process other = new ProcessBuilder(java, "-XX:+UnlockExperimentalVMOptions", "-XX:hashCode=2",
                "-XX:TieredStopAtLevel=1",
                "-Dorg.slf4j.simpleLogger.defaultLogLevel=off", "-cp", System.getProperty("java.class.path"),
                BrokerSimulationTest.class.getName()).redirectErrorStream(true).start();

        String said = new String(other.getInputStream().readAllBytes(), StandardCharsets.UTF_8).trim();

        assertEquals(0, other.waitFor(), said);
        assertEquals(tenDigests(), said);
    }

    /** Prints the digests of ten stories. */
    public static void main(String[] args) {
        System.out.println(tenDigests());
    }

    private static String tenDigests() {
        StringBuilder digests = new StringBuilder();
        for (long seed = 1; seed <= 10; seed++) digests.append(seed == 1 ? "" : " ").append(digest(seed));
        return digests.toString();
    }

    private static long digest(long seed) {
        Story story = new Story(seed);
        Telling.of(story);
        return story.run().trace().digest();
    }
}
