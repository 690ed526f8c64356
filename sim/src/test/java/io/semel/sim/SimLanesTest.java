package io.semel.sim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.semel.kernel.lane.Lane;
import io.semel.kernel.law.Invariant.InvariantViolation;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class SimLanesTest {
    private static final int SEEDS = 50 * Integer.getInteger("semel.scale", 1);

    @Test
    void keepTheOrderOfEachPosterAndOneTurnAtATime() {
        for (long seed = 1; seed <= SEEDS; seed++) {
            SimWorld world = new SimWorld(seed, 3);
            List<List<Integer>> read = List.of(new ArrayList<>(), new ArrayList<>());
            for (int poster = 0; poster < 2; poster++) postFrom(world, poster, read.get(poster), 0);

            world.run().until(world::idle, 10_000);

            for (List<Integer> mails : read) {
                for (int index = 0; index < 40; index++) assertEquals(index, mails.get(index), "seed "
                        + seed);
            }
        }
    }

    private static void postFrom(SimWorld world, int poster, List<Integer> read, int next) {
        world.lanes().lane(poster).post(() -> {
            boolean[] running = new boolean[1];
            world.lanes().lane(2).post(() -> {
                assertTrue(!running[0], "a turn within a turn");
                running[0] = true;
                read.add(next);
                running[0] = false;
            });
            if (next < 39) postFrom(world, poster, read, next + 1);
        });
    }

    @Test
    void runWhatWasLeftForTheTurnsEndAfterTheTurnsMail() {
        SimWorld world = new SimWorld(3, 1);
        Lane lane = world.lanes().lane(0);
        List<String> order = new ArrayList<>();
        for (int mail = 0; mail < 30; mail++) {
            lane.post(() -> {
                order.add("mail");
                lane.atTurnEnd(() -> order.add("end"));
            });
        }

        world.run().until(world::idle, 100);

        assertEquals("mail", order.get(0));
        assertEquals(60, order.size());
        assertEquals("end", order.get(59));
        int owed = 0;
        for (int index = 0; index < order.size(); index++) {
            owed += order.get(index).equals("mail") ? 1 : -1;
            boolean turnIsOver = order.get(index).equals("end")
                    && (index == 59 || order.get(index + 1).equals("mail"));
            if (turnIsOver) assertEquals(0, owed, "a turn ended with work left, at " + index);
        }
    }

    @Test
    void ringAlarmsWhenTheClockHasReachedThemAndNotBefore() {
        SimWorld world = new SimWorld(5, 1);
        Lane lane = world.lanes().lane(0);
        List<Long> rangMs = new ArrayList<>();
        long startMs = world.clock().nowMs();
        lane.post(() -> {
            lane.wakeAt(startMs + 500, () -> rangMs.add(world.clock().nowMs() - startMs));
            lane.wakeAt(startMs + 100, () -> rangMs.add(world.clock().nowMs() - startMs));
        });

        world.run().until(() -> rangMs.size() == 2, 100);

        assertTrue(rangMs.get(0) >= 100 && rangMs.get(0) < 500, "first rang after " + rangMs);
        assertTrue(rangMs.get(1) >= 500, "second rang after " + rangMs);
    }

    @Test
    void refuseAnAlarmFromOutside() {
        Lane lane = new SimWorld(5, 1).lanes().lane(0);

        assertThrows(InvariantViolation.class, () -> lane.wakeAt(1, () -> { }));
        assertThrows(InvariantViolation.class, () -> lane.atTurnEnd(() -> { }));
    }

    @Test
    void loseTheirMailAndAlarmsWithTheProcess() {
        SimWorld world = new SimWorld(5, 2);
        List<String> ran = new ArrayList<>();
        world.lanes().lane(0).post(() -> ran.add("mail"));
        world.io().run(null, () -> ran.add("work"), world.lanes().lane(0), (value, thrown) ->
                ran.add("answer"));

        world.crash(Survival.KILL);
        world.reboot().run().passMs(1_000);

        assertEquals(List.of(), ran);
    }

    @Test
    void takeUpTimeWhereAnotherWallClockLeavesThem() {
        SimWorld first = new SimWorld(5, 1);
        first.crash(Survival.KILL);
        SimWorld second = first.reboot(-3_600_000);
        long startMs = second.clock().nowMs();
        long[] rangMs = new long[1];
        Lane lane = second.lanes().lane(0);
        lane.post(() -> lane.wakeAt(startMs + 50, () -> rangMs[0] = second.clock().nowMs()));

        second.run().until(() -> rangMs[0] != 0, 100);

        assertEquals(SimRun.START_MS - 3_600_000, startMs);
        assertTrue(rangMs[0] >= startMs + 50 && rangMs[0] < startMs + 100);
    }
}
