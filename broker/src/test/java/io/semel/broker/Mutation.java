package io.semel.broker;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Random;
import java.util.function.Supplier;

/** Damages frames, all of it drawn from one seed. One thread. */
final class Mutation {
    /** API key, version, correlation id: mostly left alone, or few mutants would be of a known API. */
    private static final int HEAD = 8;
    private static final int HITS_MAX = 4;
    private static final int CHUNK_MAX = 24;
    private static final long[] ODD = {0, 1, -1, -2, 2, 0x7f, 0x80, 0xff, Short.MAX_VALUE, Short.MIN_VALUE,
        0xffff, Integer.MAX_VALUE, Integer.MIN_VALUE, Long.MAX_VALUE, Long.MIN_VALUE};
    /** Varints that are overlong, too long, or as large as can be. */
    private static final byte[][] VARINTS = {{(byte) 0x80, 0}, {(byte) 0x81, (byte) 0x80, 0},
        {-1, -1, -1, -1, 7}, {-1, -1, -1, -1, 15}, {-1, -1, -1, -1, 0x7f}, {-1, -1, -1, -1, -1, 1},
        {(byte) 0x80, (byte) 0x80, (byte) 0x80, (byte) 0x80, (byte) 0x80, (byte) 0x80, 0},
        {-1, -1, -1, -1, -1, -1, -1, -1, -1, 1}};

    private final Random random;
    private final Supplier<byte[]> others;

    /** @param others whole requests to splice with */
    Mutation(Random random, Supplier<byte[]> others) {
        this.random = random;
        this.others = others;
    }

    byte[] of(byte[] frame) {
        byte[] mutant = frame.clone();
        for (int hits = 1 + random.nextInt(HITS_MAX); hits > 0; hits--) mutant = hit(mutant);
        return mutant;
    }

    private byte[] hit(byte[] frame) {
        int at = place(frame);
        int size = Math.min(1 + random.nextInt(CHUNK_MAX), frame.length - at);
        return switch (random.nextInt(12)) {
            case 0 -> flipped(frame);
            case 1 -> replaced(frame, at, 1, new byte[] {(byte) ODD[random.nextInt(ODD.length)]});
            case 2 -> number(frame, at, Short.BYTES);
            case 3 -> number(frame, at, Integer.BYTES);
            case 4 -> number(frame, at, Long.BYTES);
            case 5 -> replaced(frame, at, 1, VARINTS[random.nextInt(VARINTS.length)]);
            case 6 -> replaced(frame, at, 0, noise());
            case 7 -> replaced(frame, at, 1 + random.nextInt(8), new byte[0]);
            case 8 -> repeated(frame, at, size);
            case 9 -> spliced(frame, at);
            case 10 -> transplanted(frame, at);
            default -> Arrays.copyOf(frame, at);
        };
    }

    private int place(byte[] frame) {
        if (frame.length <= HEAD || random.nextInt(16) == 0) return random.nextInt(Math.max(1, frame.length));
        return HEAD + random.nextInt(frame.length - HEAD);
    }

    private byte[] flipped(byte[] frame) {
        byte[] mutant = frame.clone();
        if (mutant.length == 0) return mutant;
        for (int bits = 1 + random.nextInt(4); bits > 0; bits--) {
            mutant[place(mutant)] ^= (byte) (1 << random.nextInt(8));
        }
        return mutant;
    }

    private byte[] number(byte[] frame, int at, int size) {
        byte[] wide = ByteBuffer.allocate(Long.BYTES).putLong(ODD[random.nextInt(ODD.length)]).array();
        return replaced(frame, at, size, Arrays.copyOfRange(wide, Long.BYTES - size, Long.BYTES));
    }

    private byte[] noise() {
        byte[] noise = new byte[1 + random.nextInt(8)];
        random.nextBytes(noise);
        return noise;
    }

    private byte[] repeated(byte[] frame, int at, int size) {
        byte[] chunk = Arrays.copyOfRange(frame, at, at + size);
        byte[] mutant = frame;
        for (int times = 1 + random.nextInt(3); times > 0; times--) mutant = replaced(mutant, at, 0, chunk);
        return mutant;
    }

    /** The beginning of one request and the end of another. */
    private byte[] spliced(byte[] frame, int at) {
        byte[] other = others.get();
        return replaced(frame, at, frame.length - at, Arrays.copyOfRange(other, place(other), other.length));
    }

    /** A piece of another request in this one's place. */
    private byte[] transplanted(byte[] frame, int at) {
        byte[] other = others.get();
        int from = place(other);
        int size = Math.min(1 + random.nextInt(CHUNK_MAX), other.length - from);
        return replaced(frame, at, random.nextBoolean() ? size : 0,
                Arrays.copyOfRange(other, from, from + size));
    }

    private static byte[] replaced(byte[] frame, int at, int size, byte[] by) {
        int behind = Math.min(frame.length, at + size);
        ByteArrayOutputStream mutant = new ByteArrayOutputStream(frame.length + by.length);
        mutant.write(frame, 0, Math.min(at, frame.length));
        mutant.writeBytes(by);
        mutant.write(frame, behind, frame.length - behind);
        return mutant.toByteArray();
    }
}
