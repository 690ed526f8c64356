package io.semel.log;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

/**
 * Random operations on a compacted log over the simulated disk, each compared with a plain history in memory:
 * keyed records of several producers, in transactions that commit and abort, in every codec; cleanings with
 * little memory for keys, starts that move, crashes at any operation on the disk, beside appends, forces,
 * readers and clocks that run. A failing seed is printed; run it alone with -Dsemel.seed=N.
 */
class CompactionModelTest {
    private static final int SEEDS = 1000;
    private static final int STEPS = 100;

    @Test
    void keepsWhatIsCommittedLastOfEachKey() {
        Long only = Long.getLong("semel.seed");
        long first = only == null ? 1 : only;
        long last = only == null ? (long) SEEDS * Tests.scale() : only;
        int[] tally = new int[CompactionWalk.Tally.values().length];
        for (long seed = first; seed <= last; seed++) {
            CompactionWalk walk = new CompactionWalk(seed, tally);
            try {
                walk.go(STEPS);
            } catch (RuntimeException | AssertionError failure) {
                throw new AssertionError("seed " + seed + ", step " + walk.step() + ": "
                        + failure.getMessage(), failure);
            }
        }
        if (only != null) return;
        for (CompactionWalk.Tally what : CompactionWalk.Tally.values()) {
            assertTrue(tally[what.ordinal()] > 0, "never seen: " + what);
        }
    }

    /** The same seed is the same walk. */
    @Test
    void walksTheSameWayAgain() {
        for (long seed = 1; seed <= 3; seed++) assertEquals(digest(seed), digest(seed));
    }

    private static long digest(long seed) {
        CompactionWalk walk = new CompactionWalk(seed, new int[CompactionWalk.Tally.values().length]);
        walk.go(STEPS);
        return walk.digest();
    }
}
