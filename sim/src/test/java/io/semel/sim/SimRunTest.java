package io.semel.sim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class SimRunTest {
    @Test
    void repeatsASeedToTheLastStep() {
        for (long seed = 1; seed <= 50; seed++) {
            assertEquals(Bustle.digest(seed), Bustle.digest(seed), "seed " + seed);
        }
    }

    @Test
    void repeatsASeedInAnotherJvmWithOtherHashCodes() throws Exception {
        String java = System.getProperty("java.home") + File.separator + "bin" + File.separator + "java";
        Process other = new ProcessBuilder(java, "-XX:+UnlockExperimentalVMOptions", "-XX:hashCode=2",
                "-XX:TieredStopAtLevel=1",
                "-cp", System.getProperty("java.class.path"), Bustle.class.getName(), "77")
                        .redirectErrorStream(true).start();

        String said = new String(other.getInputStream().readAllBytes(), StandardCharsets.UTF_8).trim();

        assertEquals(0, other.waitFor(), said);
        assertEquals(Long.toString(Bustle.digest(77)), said);
    }

    @Test
    void takesAnotherCourseWithAnotherSeed() {
        Set<Long> digests = new TreeSet<>();

        for (long seed = 1; seed <= 50; seed++) digests.add(Bustle.digest(seed));

        assertEquals(50, digests.size());
    }

    @Test
    void jumpsToTheNextTimerWhenNobodyCanDoAnything() {
        SimRun run = new SimRun(1);
        long[] rangAtMs = new long[1];
        run.after(60_000, "late", () -> rangAtMs[0] = run.nowMs());

        boolean done = run.until(() -> rangAtMs[0] != 0, 10);

        assertTrue(done);
        assertTrue(rangAtMs[0] >= SimRun.START_MS + 60_000);
        assertFalse(run.step(), "nothing is left to do");
    }

    @Test
    void namesItsSeedWhenALanesMailThrows() {
        SimWorld world = new SimWorld(4711, 1);
        world.lanes().lane(0).post(() -> {
            throw new IllegalStateException("broken");
        });

        SimDefect defect = org.junit.jupiter.api.Assertions.assertThrows(SimDefect.class, world.run()::step);

        assertTrue(defect.getMessage().contains("seed 4711"), defect.getMessage());
        assertTrue(defect.getMessage().contains("lane 0 1"), "the trace's tail is missing");
    }
}
