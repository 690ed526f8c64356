package io.semel.sim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.semel.kernel.world.DiskFailure;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class SimIoTest {
    @Test
    void keepsTheOrderUnderAKeyAndNoOtherOrder() {
        Set<String> orders = new TreeSet<>();
        for (long seed = 1; seed <= 40; seed++) {
            SimWorld world = new SimWorld(seed, 2);
            List<String> done = new ArrayList<>();
            for (int number = 0; number < 4; number++) {
                for (String key : List.of("a", "b")) {
                    String name = key + number;
                    world.io().run(key, () -> done.add(name), world.lanes().lane(0), (value, thrown) ->
                            done.add(name + "!"));
                }
            }

            world.run().until(world::idle, 1_000);

            assertEquals(List.of("a0", "a0!", "a1", "a1!", "a2", "a2!", "a3", "a3!"), only("a", done, seed),
                    "seed " + seed);
            assertEquals(8, only("b", done, seed).size());
            orders.add(done.toString());
        }
        assertTrue(orders.size() > 30, "two keys hardly interleave: " + orders.size());
    }

    private static List<String> only(String key, List<String> done, long seed) {
        assertEquals(16, done.size(), "seed " + seed);
        List<String> chosen = new ArrayList<>();
        for (String name : done) if (name.startsWith(key) && !name.endsWith("!")) chosen.add(name);
        List<String> answers = new ArrayList<>();
        for (String name : done) if (name.startsWith(key) && name.endsWith("!")) answers.add(name);
        List<String> both = new ArrayList<>();
        for (int index = 0; index < chosen.size(); index++) {
            both.add(chosen.get(index));
            both.add(answers.get(index));
        }
        return both;
    }

    @Test
    void answersWithWhatWasThrown() {
        SimWorld world = new SimWorld(9, 1);
        DiskFailure failure = new DiskFailure("broken", null);
        Object[] answer = {"nothing", "nothing"};

        world.io().run(null, () -> {
            throw failure;
        }, world.lanes().lane(0), (value, thrown) -> {
            answer[0] = value;
            answer[1] = thrown;
        });
        world.run().until(world::idle, 100);

        assertNull(answer[0]);
        assertSame(failure, answer[1]);
    }

    @Test
    void takesLongerWhileItIsSlow() {
        SimWorld world = new SimWorld(9, 1);
        world.simIo().slow(100, 5_000);
        long startMs = world.clock().nowMs();
        List<Long> tookMs = new ArrayList<>();
        for (int number = 0; number < 20; number++) {
            world.io().run(null, () -> 0, world.lanes().lane(0), (value, thrown) ->
                    tookMs.add(world.clock().nowMs() - startMs));
        }

        world.run().until(() -> tookMs.size() == 20, 10_000);

        assertEquals(20, tookMs.size());
        assertTrue(tookMs.get(19) > 1_000, "slow work took " + tookMs);
    }
}
