package io.semel.group;

import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class GroupWalkTest {
    private static final int SEEDS = 500 * Integer.getInteger("semel.scale", 1);

    @Test
    void everyLifeOfAGroupKeepsItsPromises() {
        long crashes = 0;
        long assignments = 0;

        for (long seed = 1; seed <= SEEDS; seed++) {
            GroupWalk walk = new GroupWalk(seed);
            try {
                walk.run();
            } catch (RuntimeException | AssertionError failure) {
                throw new AssertionError("seed " + seed + ": " + failure.getMessage(), failure);
            }
            crashes += walk.crashes();
            assignments += walk.assignments();
        }

        assertTrue(crashes > SEEDS && assignments > 10L * SEEDS, crashes + " crashes, " + assignments
                + " assignments: too tame");
    }

    @Test
    void noticesRepliesThatLeaveTooEarly() {
        int noticed = 0;

        for (long seed = 1; seed <= 20; seed++) {
            try {
                new GroupWalk(seed, true).run();
            } catch (AssertionError expected) {
                noticed++;
            }
        }

        assertTrue(noticed > 10, "noticed in " + noticed + " of 20 walks");
    }
}
