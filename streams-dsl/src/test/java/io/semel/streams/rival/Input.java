package io.semel.streams.rival;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Records in the order in which both sides get them: event time goes on in small steps with some jumps, and
 * some records come late; keys are few, null keys rare, null values not.
 */
record Input(String topic, String key, String value, long timestampMs) {
    private static final String[] KEYS = {"a", "b", "c", "d", "aa"};

    static List<Input> random(SplittableRandom random, int count, List<String> topics) {
        List<Input> inputs = new ArrayList<>();
        long now = 1_000;
        for (int i = 0; i < count; i++) {
            now += random.nextInt(40) == 0 ? random.nextInt(200) : random.nextInt(8);
            long late = random.nextInt(4) == 0 ? random.nextInt(40) : 0;
            String key = random.nextInt(30) == 0 ? null : KEYS[random.nextInt(KEYS.length)];
            String value = random.nextInt(8) == 0 ? null : "v" + random.nextInt(20);
            inputs.add(new Input(topics.get(random.nextInt(topics.size())), key, value, now - late));
        }
        for (int round = 0; round < 2; round++) {
            now += 10_000;
            for (String topic : topics) {
                inputs.add(new Input(topic, "end", "v" + round, now));
            }
        }
        return inputs;
    }
}
