package io.semel.examples.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class KillPlanTest {

    @Test void killsTheBrokerTwiceAndTheApplicationOnceAmidTheWork() {
        for (long seed = 0; seed < 1000; seed++) {
            KillPlan plan = KillPlan.of(seed, 20_000);

            assertEquals(2, plan.count(KillPlan.Target.BROKER));
            assertEquals(1, plan.count(KillPlan.Target.APPLICATION));
            List<Long> points = plan.kills().stream().map(KillPlan.Kill::atCounted).toList();
            assertEquals(points.stream().sorted().toList(), points, "seed " + seed);
            assertTrue(points.get(0) >= 2000 && points.get(2) <= 16_000, "seed " + seed + ": " + points);
        }
    }

    @Test void isFixedByItsSeed() {
        Set<KillPlan> plans = new HashSet<>();
        for (long seed = 0; seed < 50; seed++) {
            assertEquals(KillPlan.of(seed, 20_000), KillPlan.of(seed, 20_000));
            plans.add(KillPlan.of(seed, 20_000));
        }

        assertEquals(50, plans.size());
    }

    @Test void fitsTheSmallestFile() {
        assertTrue(KillPlan.of(3, 1).kills().stream().allMatch(kill -> kill.atCounted() == 1));
    }
}
