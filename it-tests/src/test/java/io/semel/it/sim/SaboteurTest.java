package io.semel.it.sim;

import static org.junit.jupiter.api.Assertions.fail;

import io.semel.kernel.world.Saboteur;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Each bug with a name must be noticed within so many seeds, or the simulation is blind to it. */
class SaboteurTest {
    private static final int SEEDS_MAX = 1_500 * Integer.getInteger("semel.scale", 1);

    @ParameterizedTest
    @EnumSource(Saboteur.class)
    void isNoticed(Saboteur saboteur) {
        for (long seed = 1; seed <= SEEDS_MAX; seed++) {
            // static members that linger are in dense stories only
            Story story = saboteur == Saboteur.NO_STATIC_FENCING ? Story.dense(seed, saboteur)
                    : new Story(seed, saboteur);
            String telling = Telling.of(story);
            if (telling == null) continue;
            System.out.println("saboteur " + saboteur + " noticed at seed " + seed + ": " + telling.lines()
                    .findFirst().orElse(""));
            return;
        }
        fail(saboteur + " went unnoticed for " + SEEDS_MAX + " seeds");
    }
}
