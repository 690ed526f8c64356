package io.semel.txn;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import io.semel.txn.TxnWorld.Sabotage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Rows 16, 17, 20 to 26, 31 and 32 of the checklist, and I1 to I8, over random histories. */
class TxnModelTest {
    private static final int STEPS = 250;

    @Test
    void keepsItsPromisesWhateverHappens() {
        int seeds = 1_000 * Integer.getInteger("semel.scale", 1);
        long crashes = 0;
        long decisions = 0;
        for (long seed = 0; seed < seeds; seed++) {
            TxnWorld world = new TxnWorld(seed, Sabotage.NONE);
            try {
                world.run(STEPS);
                crashes += world.crashes;
                decisions += world.decisions;
            } catch (RuntimeException | AssertionError broken) {
                throw new AssertionError("seed " + seed + ": " + broken.getMessage() + "\n" + world.story(),
                    broken);
            }
        }
        assertTrue(crashes > seeds && decisions > seeds, crashes + " crashes, " + decisions
            + " decisions: nothing was put to the test");
    }

    @ParameterizedTest
    @EnumSource(value = Sabotage.class, names = "NONE", mode = EnumSource.Mode.EXCLUDE)
    void noticesEachSaboteur(Sabotage sabotage) {
        for (long seed = 0; seed < 500; seed++) {
            try {
                new TxnWorld(seed, sabotage).run(STEPS);
            } catch (TxnWorld.Violation noticed) {
                return;
            }
        }
        fail(sabotage + " went unnoticed over 500 seeds");
    }
}
