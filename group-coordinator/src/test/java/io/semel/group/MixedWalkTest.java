package io.semel.group;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.semel.group.MixedWalk.Speaking;
import org.junit.jupiter.api.Test;

/** KIP-848 groups, and groups on their way between the protocols (row G3). */
class MixedWalkTest {
    private static final int SEEDS = 150 * Integer.getInteger("semel.scale", 1);

    @Test
    void noPartitionOfAModernGroupEverHasTwoOwners() {
        long crashes = 0;
        long epochs = 0;

        for (long seed = 1; seed <= SEEDS; seed++) {
            MixedWalk walk = walk(seed, Speaking.MODERN);
            crashes += walk.crashes;
            epochs += walk.epochs;
        }

        assertTrue(crashes > SEEDS && epochs > 10L * SEEDS, crashes + " crashes, " + epochs
                + " epochs: too tame");
    }

    @Test
    void aGroupChangesItsProtocolWhileItLives() {
        long upgrades = 0;
        long downgrades = 0;

        for (long seed = 1; seed <= SEEDS; seed++) {
            MixedWalk walk = walk(seed, Speaking.BOTH);
            upgrades += walk.upgrades;
            downgrades += walk.downgrades;
        }

        assertTrue(upgrades > SEEDS && downgrades > SEEDS / 5, upgrades + " upgrades, " + downgrades
                + " downgrades: too tame");
    }

    @Test
    void noticesRepliesThatLeaveTooEarly() {
        int noticed = 0;

        for (long seed = 1; seed <= 40; seed++) {
            try {
                new MixedWalk(seed, Speaking.MODERN, true).run();
            } catch (AssertionError expected) {
                noticed++;
            }
        }

        assertTrue(noticed > 4, "noticed in " + noticed + " of 40 walks");
    }

    private static MixedWalk walk(long seed, Speaking speaking) {
        MixedWalk walk = new MixedWalk(seed, speaking);
        try {
            walk.run();
        } catch (RuntimeException | AssertionError failure) {
            throw new AssertionError("seed " + seed + ": " + failure.getMessage(), failure);
        }
        return walk;
    }
}
