package io.semel.streams.rival;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Records in the order in which both sides get them: event time goes on in small steps with some jumps, and
 * some records come late; times are small numbers, so that the edges of windows are met; keys are few, null
 * keys rare, null values not.
 */
record Input(String topic, String key, String value, long timestampMs) {
    private static final String[] KEYS = {"a", "b", "c", "d", "aa"};

    static List<Input> random(SplittableRandom random, int count, List<String> topics) {
        List<Input> inputs = new ArrayList<>();
        long now = 1_000;
        String topic = topics.get(0);
        for (int i = 0; i < count; i++) {
            now += random.nextInt(40) == 0 ? random.nextInt(60) : random.nextInt(3);
            long late = random.nextInt(4) == 0 ? random.nextInt(14) : 0;
            String key = random.nextInt(30) == 0 ? null : KEYS[random.nextInt(KEYS.length)];
            String value = random.nextInt(8) == 0 ? null : "v" + random.nextInt(20);
            topic = random.nextInt(3) == 0 ? topic : topics.get(random.nextInt(topics.size()));
            inputs.add(new Input(topic, key, value, now - late));
        }
        for (int round = 0; round < 2; round++) {
            now += 10_000;
            for (String each : topics) {
                inputs.add(new Input(each, "end", "v" + round, now));
            }
        }
        return inputs;
    }
}
