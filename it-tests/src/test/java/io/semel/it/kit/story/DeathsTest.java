package io.semel.it.kit.story;

import static io.semel.it.kit.storage.CrashPoint.BETWEEN_MARKERS;
import static io.semel.it.kit.storage.CrashPoint.MARKER_FORCED;
import static io.semel.it.kit.storage.CrashPoint.PREPARE_DURABLE;
import static io.semel.it.kit.storage.CrashPoint.PRODUCE_FORCED;
import static io.semel.it.kit.storage.CrashPoint.PRODUCE_WRITTEN;
import static io.semel.it.kit.storage.CrashPoint.SEGMENT_ROLLED;
import static io.semel.it.kit.storage.CrashPoint.SNAPSHOT_NAMED;
import static io.semel.it.kit.storage.CrashPoint.STATE_NOT_PRUNED;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.fail;

import io.semel.it.kit.storage.CrashPoint;
import io.semel.kernel.world.Saboteur;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Bugs of the simulator's list that show when an engine dies at the wrong moment: real clients notice each
 * within a few seeds, and notice nothing of a right engine.
 */
class DeathsTest {
    private static final boolean WHOLE = Integer.getInteger("semel.scale", 1) > 1;
    private static final int SEEDS = WHOLE ? 60 : 25;

    private static List<CrashPoint> points(Saboteur bug) {
        return switch (bug) {
            case FORGET_DUTIES_ON_RELOAD -> List.of(PREPARE_DURABLE, BETWEEN_MARKERS, MARKER_FORCED);
            case SNAPSHOT_ONE_BATCH_LATE -> List.of(SNAPSHOT_NAMED, SEGMENT_ROLLED, PRODUCE_FORCED,
                    PRODUCE_WRITTEN);
            case STATE_ONE_BATCH_LATE -> List.of(STATE_NOT_PRUNED);
            default -> List.of(CrashPoint.values());
        };
    }

    @Test
    void costNothingOnARightEngine() throws Exception {
        for (long seed = 1; seed <= (WHOLE ? 20 : 1); seed++) {
            assertNull(new Deaths(seed, List.of(CrashPoint.values())).noticed(), "seed " + seed);
        }
    }

    /** @param noticed the seed that noticed it first when it was tried, where a build begins */
    @ParameterizedTest
    @CsvSource({"FORGET_DUTIES_ON_RELOAD, 1", "SNAPSHOT_ONE_BATCH_LATE, 6", "STATE_ONE_BATCH_LATE, 18"})
    void areNoticedOnAWrongOne(Saboteur bug, long noticed) throws Exception {
        long first = WHOLE ? 1 : noticed;
        for (long seed = first; seed < first + SEEDS; seed++) {
            String told = new Deaths(seed, points(bug)).noticed(bug);
            if (told == null) continue;
            System.out.println(bug + " noticed at seed " + seed + ": " + told.lines().limit(3).toList());
            return;
        }
        fail(bug + " went unnoticed for " + SEEDS + " seeds");
    }
}
