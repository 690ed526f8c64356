package io.semel.group;

import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

/** KIP-1071 over random lives (checklist row 62); {@code semel.scale} multiplies their number. */
class StreamsWalkTest {
    private static final int LIVES = 60;
    private static final int STEPS = 150;

    @Test
    void noTaskHasTwoOwnersAndInTheEndEachHasOne() {
        int beats = 0;
        int crashes = 0;
        int moves = 0;
        for (int seed = 0; seed < LIVES * Integer.getInteger("semel.scale", 1); seed++) {
            StreamsWalk walk = new StreamsWalk(seed);
            walk.walk(STEPS);
            beats += walk.beats;
            crashes += walk.crashes;
            moves += walk.moves;
        }
        assertTrue(beats > 10 * LIVES && crashes > LIVES && moves > 5 * LIVES,
                beats + " beats, " + crashes + " crashes, " + moves + " moves");
    }
}
