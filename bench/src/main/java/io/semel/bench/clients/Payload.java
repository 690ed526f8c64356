package io.semel.bench.clients;

import java.util.SplittableRandom;

/** Values that compress about as well as business data does. Immutable. */
final class Payload {
    private static final int KINDS = 1_024;
    private static final String ALPHABET = "0123456789abcdef";

    private final byte[][] values = new byte[KINDS][];

    /** @param size bytes of a value: half of them drawn, half of them alike */
    Payload(int size) {
        SplittableRandom random = new SplittableRandom(11);
        for (int kind = 0; kind < KINDS; kind++) {
            byte[] value = new byte[size];
            for (int at = 0; at < size; at++) {
                boolean drawn = at / 8 % 2 == 0;
                value[at] = (byte) (drawn ? ALPHABET.charAt(random.nextInt(16)) : 'a' + at % 8);
            }
            values[kind] = value;
        }
    }

    byte[] value(long number) {
        return values[(int) (number % KINDS)];
    }
}
