package io.semel.it.sim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.semel.streams.run.Saboteur;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A topology's production host over the whole simulated broker: whatever crashes, outputs, state and offsets
 * end like those of the run without faults. {@code -Dsemel.seed=N} plays one seed.
 */
class DslSimulationTest {
    private static final int SEEDS = 60 * Integer.getInteger("semel.scale", 1);
    private static final long FIRST_SEED = Long.getLong("semel.seed", 1);
    private static final long LAST_SEED = Long.getLong("semel.seed", (long) SEEDS);
    private static final int SABOTEUR_SEEDS = 200;

    @Test
    void everySeedEndsLikeTheRunWithoutFaults() {
        Map<String, String> expected = new DslStory(1, false, null).play();
        assertEquals(20, expected.size(), expected::toString);
        long healed = 0;
        long crashes = 0;
        for (long seed = FIRST_SEED; seed <= LAST_SEED; seed++) {
            DslStory story = new DslStory(seed, true, null);
            String told = "seed " + seed;
            try {
                assertEquals(expected, story.play(), told);
            } catch (AssertionError | RuntimeException failed) {
                throw new AssertionError(told + ": " + failed.getMessage() + "\n" + story.mermaid(), failed);
            }
            healed += story.healed();
            crashes += story.crashes();
        }
        System.out.println("topologies: " + (LAST_SEED - FIRST_SEED + 1) + " seeds, " + crashes
                + " processes crashed, " + healed + " times healed");
        assertTrue(crashes >= (LAST_SEED - FIRST_SEED) / 2, "hardly anything crashed: " + crashes);
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
