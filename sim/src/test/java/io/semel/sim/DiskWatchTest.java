package io.semel.sim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.semel.kernel.world.DiskFile;
import io.semel.sim.DiskWatch.Act;
import io.semel.sim.DiskWatch.Death;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A process may die of what it does to its disk, in the midst of a turn. */
class DiskWatchTest {
    private final SimWorld world = new SimWorld(7, 1);
    private final List<String> done = new ArrayList<>();
    private SimWorld next;

    private void dieOf(Act act, Death death) {
        world.simDisk().watch((what, path, data) -> {
            if (what != act) return Death.NOT;
            world.simDisk().watch(null, () -> next = dead());
            return death;
        }, () -> next = dead());
    }

    private SimWorld dead() {
        world.crash(Survival.KILL);
        return world.reboot();
    }

    /** Writes four bytes, forces them, renames the file, and goes on. */
    private void play(boolean onLane) {
        Runnable work = () -> {
            try (DiskFile file = world.disk().open("a")) {
                file.write(ByteBuffer.wrap(new byte[] {1, 2, 3, 4}), 0);
                done.add("written");
                file.force();
                done.add("forced");
            } finally {
                world.disk().rename("a", "b");
                done.add("renamed");
            }
        };
        if (onLane) world.lanes().lane(0).post(work);
        else world.io().run(null, () -> {
            work.run();
            return null;
        }, world.lanes().lane(0), (value, thrown) -> done.add("answered"));
        world.run().until(() -> next != null, 100);
    }

    @Test
    void nothingOfTheProcessHasAnEffectAfterIt() {
        for (boolean onLane : List.of(true, false)) {
            DiskWatchTest test = new DiskWatchTest();
            test.dieOf(Act.FORCE, Death.BEFORE);

            test.play(onLane);

            assertEquals(List.of("written"), test.done);
            assertTrue(test.next.disk().exists("a"));
            assertFalse(test.next.disk().exists("b"));
        }
    }

    @Test
    void whatItDiesOfIsDoneWholeInPartOrNotAtAll() {
        assertEquals(0, sizeAfter(Death.BEFORE));
        assertEquals(4, sizeAfter(Death.AFTER));
        assertTrue(sizeAfter(Death.MIDWAY) <= 4);
    }

    private static long sizeAfter(Death death) {
        DiskWatchTest test = new DiskWatchTest();
        test.dieOf(Act.WRITE, death);
        test.play(true);
        assertEquals(List.of(), test.done);
        return test.next.disk().sizeOf("a");
    }

    @Test
    void nobodyDiesUnlessTold() {
        world.simDisk().watch((act, path, data) -> Death.NOT, () -> next = dead());

        play(false);

        assertEquals(List.of("written", "forced", "renamed", "answered"), done);
        assertEquals(1, world.life());
    }
}
