package io.semel.idempotence;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class ByProducerTest {
    private static final int SEEDS = 50 * Integer.getInteger("semel.scale", 1);

    @Test
    void behavesAsAMap() {
        for (int seed = 0; seed < SEEDS; seed++) {
            Random random = new Random(seed);
            long stride = random.nextBoolean() ? 1 : random.nextLong();
            int ids = 1 + random.nextInt(300);
            ByProducer<Producer> table = new ByProducer<>();
            TreeMap<Long, Producer> model = new TreeMap<>();
            for (int step = 0; step < 1_000; step++) {
                long id = random.nextInt(ids) * stride;
                assertSame(model.get(id), table.find(id), "seed " + seed);
                if (random.nextBoolean()) {
                    table.remove(id);
                    model.remove(id);
                } else if (!model.containsKey(id)) {
                    Producer producer = new Producer(id, (short) 0);
                    table.add(producer);
                    model.put(id, producer);
                }
                if (random.nextInt(500) == 0) {
                    table.clear();
                    model.clear();
                }
                assertEquals(model.size(), table.size(), "seed " + seed);
            }
            assertArrayEquals(model.values().toArray(), table.sorted(new Producer[table.size()]),
                    "seed " + seed);
        }
    }
}
