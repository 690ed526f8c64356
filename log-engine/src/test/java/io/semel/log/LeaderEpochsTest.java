package io.semel.log;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.semel.kernel.law.Invariant;
import io.semel.sim.SimWorld;
import io.semel.sim.Survival;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;

class LeaderEpochsTest {
    private final Random random = new Random(1);
    private SimWorld world = new SimWorld(2, 1);

    @Test
    void tellWhereEachEpochEnded() {
        PartitionLog log = open(0, false);
        appendUnder(log, 3);
        appendUnder(log, 3);
        appendUnder(log, 5);

        assertNull(log.endOfEpoch(2));
        assertEquals(new PartitionLog.EpochEnd(3, 4), log.endOfEpoch(3));
        assertEquals(new PartitionLog.EpochEnd(3, 4), log.endOfEpoch(4));
        assertEquals(new PartitionLog.EpochEnd(5, 6), log.endOfEpoch(9));
        assertThrows(Invariant.InvariantViolation.class, () -> log.leadUnder(4));
    }

    @Test
    void standInKafkasCheckpointOnceForced() {
        PartitionLog log = open(0, false);
        appendUnder(log, 3);
        appendUnder(log, 5);

        log.beginForce().run();

        assertEquals("0\n2\n3 0\n5 2\n", SmallFile.readText(world.disk(), "t-0/leader-epoch-checkpoint"));
    }

    @Test
    void areFoundAgainInTheBatchesWhenTheFileIsLostOrNonsense() {
        PartitionLog log = open(0, false);
        appendUnder(log, 3);
        appendUnder(log, 5);
        log.beginForce().run();
        SmallFile.replace(world.disk(), "t-0/leader-epoch-checkpoint",
                "nonsense".getBytes(StandardCharsets.UTF_8), false);
        world.crash(Survival.KILL);
        world = world.reboot();

        PartitionLog again = open(0, false);

        assertEquals(5, again.leaderEpoch());
        assertEquals(new PartitionLog.EpochEnd(3, 2), again.endOfEpoch(3));
        assertEquals("0\n2\n3 0\n5 2\n", SmallFile.readText(world.disk(), "t-0/leader-epoch-checkpoint"));
    }

    @Test
    void survivePowerCutsWithTheBatchesThatBeganThem() {
        for (int seed = 1; seed <= 60; seed++) {
            world = new SimWorld(seed, 1);
            PartitionLog log = open(0, false);
            appendUnder(log, 1);
            log.beginForce().run();
            appendUnder(log, 2);
            if (seed % 2 == 0) log.beginForce().run();
            appendUnder(log, 7);
            world.crash(Survival.POWER_CUT);
            world = world.reboot();

            PartitionLog again = open(2, false);

            int expected = again.endOffset() == 2 ? 1 : again.endOffset() == 4 ? 2 : 7;
            assertEquals(expected, again.leaderEpoch(), "seed " + seed);
            assertEquals(new PartitionLog.EpochEnd(1, 2), again.endOfEpoch(1), "seed " + seed);
        }
    }

    private PartitionLog open(long recoveryPoint, boolean clean) {
        return PartitionLog.open(world.disk(), "t-0", LogConfig.defaults(), Tests.opening(recoveryPoint,
                clean));
    }

    private void appendUnder(PartitionLog log, int epoch) {
        log.leadUnder(epoch);
        log.append(Tests.batch(2, 10, 0, random), 0);
    }
}
