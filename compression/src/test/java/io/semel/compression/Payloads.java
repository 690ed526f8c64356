package io.semel.compression;

import java.nio.ByteBuffer;
import java.util.Random;

/** Plain bytes to compress, all drawn from a seed. */
final class Payloads {

    private Payloads() { }

    /** Text-like bytes: words repeat, so that every codec finds matches, yet not trivially. */
    static byte[] text(long seed, int size) {
        Random random = new Random(seed);
        byte[] bytes = new byte[size];
        for (int at = 0; at < size; ) {
            int word = random.nextInt(400), length = Math.min(2 + word % 9, size - at);
            for (int i = 0; i < length; i++) bytes[at++] = (byte) ('a' + (word * 7 + i * 13) % 26);
        }
        return bytes;
    }

    static byte[] noise(long seed, int size) {
        byte[] bytes = new byte[size];
        new Random(seed).nextBytes(bytes);
        return bytes;
    }

    static byte[] bytesOf(Decoded decoded) {
        if (!(decoded instanceof Decoded.Bytes plain)) throw new AssertionError("no bytes but " + decoded);
        byte[] bytes = new byte[plain.bytes().remaining()];
        plain.bytes().get(plain.bytes().position(), bytes);
        return bytes;
    }

    static byte[] repeat(byte[] head, byte[] piece, int sizeMin) {
        int count = (sizeMin - head.length + piece.length - 1) / piece.length;
        ByteBuffer all = ByteBuffer.allocate(head.length + count * piece.length).put(head);
        for (int i = 0; i < count; i++) all.put(piece);
        return all.array();
    }
}
