package io.semel.log;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class OffsetMapTest {
    private static ByteBuffer key(int number) {
        return ByteBuffer.allocate(4).putInt(0, number);
    }

    @Test
    void tellsTheLatestOffsetOfEachKeyWhileItGrows() {
        OffsetMap map = new OffsetMap(64 << 20, 1_000_000);
        Map<Integer, Long> model = new HashMap<>();
        Random random = new Random(7);

        for (long offset = 0; offset < 200_000; offset++) {
            int number = random.nextInt(100_000);
            assertTrue(map.takes(1));
            map.put(key(number), offset);
            model.put(number, offset);
        }

        assertEquals(model.size(), map.count());
        for (int number = 0; number < 100_000; number++) {
            assertEquals(model.getOrDefault(number, -1L), map.get(key(number)));
        }
    }

    @Test
    void takesMostOfTheKeysThatItsBytesHold() {
        int bytes = 24 * 100_000;
        OffsetMap map = new OffsetMap(bytes, Long.MAX_VALUE / 2);
        int taken = 0;
        while (map.takes(100)) {
            for (int key = 0; key < 100; key++) map.put(key(taken++), taken);
        }

        assertTrue(taken >= 50_000 && taken <= 100_000, "keys taken: " + taken);
        assertEquals(0, map.get(key(0)) - 1);
    }

    @Test
    void anEmptyOneTakesAnyBatch() {
        for (int slots : new int[] {16, 5_000, 9_000, 20_000, 40_000}) {
            for (int keys : new int[] {15, 4_000, 8_000, 30_000}) {
                OffsetMap map = new OffsetMap(24 * slots, 1L << 40);

                assertTrue(map.takes(keys), keys + " keys in " + slots);

                for (int key = 0; key < keys; key++) map.put(key(key), key);
                assertEquals(keys - 1, map.get(key(keys - 1)));
                assertFalse(map.takes(1_000_000));
            }
        }
    }
}
