package io.semel.it.kit.chaos;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.semel.broker.config.Durability;
import io.semel.it.kit.engine.Mode;
import io.semel.it.kit.engine.RunningEngine;
import io.semel.it.kit.faults.Faults;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/**
 * None of the anomalies in histories of nine clients under kills, pauses, broken connections and broken
 * requests (FAULTS C.1): 20,000 operations in every build, 1,000,000 and sixty windows of faults under soak.
 */
class FaultWindowsTest {
    private static final int SCALE = Integer.getInteger("semel.scale", 1);
    private static final long SEED = Long.getLong("semel.seed", 20_261_128);
    private static final long OPERATIONS = SCALE > 1 ? 1_000_000 : 20_000;
    private static final int WINDOWS = SCALE > 1 ? 60 : 2;
    private static final Duration ROUND = Duration.ofSeconds(SCALE > 1 ? 45 : 12);
    private static final int ROUNDS_MOST = SCALE > 1 ? 60 : 6;

    @Test
    void holdNoAnomaly() {
        Tally tally = new Tally();
        Progress progress = new Progress(System.out, false, ROUND.toMillis() * ROUNDS_MOST);
        SplittableRandom seeds = new SplittableRandom(SEED);
        try (RunningEngine engine = RunningEngine.start(Mode.PROCESS, Durability.FORCE, 1);
                Faults faults = Faults.before(engine.bootstrap(), SEED)) {
            for (int round = 1; round <= ROUNDS_MOST && isWanting(tally); round++) {
                new Round("windows-" + round, seeds.nextLong(), ROUND, Mix.everything(true), tally, progress)
                        .run(faults, engine);
            }
        }
        System.out.printf("%,d operations, %d windows of faults in %d rounds, seed %d%n", tally.operations(),
                tally.blows().size(), tally.roundsDone(), SEED);

        assertEquals(List.of(), tally.complaints());
        assertEquals(Map.of(), tally.anomalies());
        assertTrue(tally.operations() >= OPERATIONS, () -> tally.operations() + " operations");
        assertTrue(tally.blows().size() >= WINDOWS, () -> tally.blows().size() + " windows");
    }

    private static boolean isWanting(Tally tally) {
        return tally.complaints().isEmpty()
                && (tally.operations() < OPERATIONS || tally.blows().size() < WINDOWS);
    }
}
