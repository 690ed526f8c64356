package io.semel.compression;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdOutputStreamNoFinalizer;
import com.sun.management.ThreadMXBean;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.zip.Deflater;
import org.junit.jupiter.api.Test;

/** FAULTS C.6: 10 MiB that mean gigabytes end with TooLarge within a second and within 32 MiB of heap. */
class BombTest {

    private static final int MIB = 1 << 20;
    private static final int SIZE_MAX = 16 * MIB, BOMB = 10 * MIB;
    private static final byte[] NOTHING = {};

    @Test void stopsGzipAtTheBound() {
        Deflater deflater = new Deflater(9, true);
        deflater.setInput(new byte[16 * MIB]);
        byte[] piece = new byte[MIB];
        int size = deflater.deflate(piece, 0, piece.length, Deflater.FULL_FLUSH);
        deflater.end();
        byte[] header = {0x1f, (byte) 0x8b, 8, 0, 0, 0, 0, 0, 0, 0};

        assertDefused(CompressionType.GZIP, Payloads.repeat(header, Arrays.copyOf(piece, size), BOMB));
    }

    @Test void stopsSnappyAtTheBound() {
        byte[] framed = CompressionType.SNAPPY.codec().compress(new byte[32 * 1024]);
        byte[] header = Arrays.copyOf(framed, 16);

        assertDefused(CompressionType.SNAPPY,
            Payloads.repeat(header, Arrays.copyOfRange(framed, 16, framed.length), BOMB));
    }

    @Test void stopsLz4AtTheBound() {
        byte[] framed = CompressionType.LZ4.codec().compress(new byte[64 * 1024]);
        byte[] header = Arrays.copyOf(framed, 7);

        assertDefused(CompressionType.LZ4,
            Payloads.repeat(header, Arrays.copyOfRange(framed, 7, framed.length - 4), BOMB));
    }

    @Test void stopsZstdAtTheBound() {
        byte[] frame = Zstd.compress(new byte[64 * MIB]);

        assertDefused(CompressionType.ZSTD, Payloads.repeat(NOTHING, frame, BOMB));
    }

    @Test void walksManyEmptyGzipMembersWithoutDeepeningTheStack() {
        byte[] member = CompressionType.GZIP.codec().compress(NOTHING);
        byte[] bomb = Payloads.repeat(NOTHING, member, 2 * MIB);

        Decoded decoded = CompressionType.GZIP.codec().decode(ByteBuffer.wrap(bomb), 100);

        assertEquals(0, Payloads.bytesOf(decoded).length);
    }

    @Test void allocatesNoWindowThatAZstdFrameClaims() throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        byte[] plain = Payloads.text(1, 3000);
        try (var zstd = new ZstdOutputStreamNoFinalizer(out, 1).setLong(27)) {
            zstd.write(plain);
            zstd.flush();
        }

        Decoded decoded = CompressionType.ZSTD.codec().decode(ByteBuffer.wrap(out.toByteArray()), 3000);

        assertArrayEquals(plain, Payloads.bytesOf(decoded));
    }

    @Test void refusesSnappyChunksOfNegativeOrHugeSize() {
        byte[] header = Arrays.copyOf(CompressionType.SNAPPY.codec().compress(NOTHING), 16);
        for (int size : new int[] {-1, Integer.MIN_VALUE, Integer.MAX_VALUE, 512 * MIB, 5}) {
            ByteBuffer payload = ByteBuffer.allocate(24).put(header).putInt(size).putInt(0).flip();

            Decoded decoded = CompressionType.SNAPPY.codec().decode(payload, SIZE_MAX);

            assertInstanceOf(Decoded.Corrupt.class, decoded);
        }
    }

    @Test void refusesASnappyBlockThatClaimsMoreThanItCanHold() {
        byte[] claimsAllOfTheBound = {(byte) 0x80, (byte) 0x80, (byte) 0x80, 0x08, 0, 'x'};
        byte[] claimsFourGigabytes = {-1, -1, -1, -1, 0x0f, 0, 'x'};

        for (byte[] block : new byte[][] {claimsAllOfTheBound, claimsFourGigabytes}) {
            assertInstanceOf(Decoded.Corrupt.class,
                CompressionType.SNAPPY.codec().decode(ByteBuffer.wrap(block), SIZE_MAX));
        }
    }

    private static void assertDefused(CompressionType type, byte[] bomb) {
        assertTrue(bomb.length >= BOMB);
        type.codec().decode(ByteBuffer.wrap(type.codec().compress(NOTHING)), 1);      // loads the library
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long allocatedBefore = threads.getCurrentThreadAllocatedBytes(), startNs = System.nanoTime();

        Decoded decoded = type.codec().decode(ByteBuffer.wrap(bomb), SIZE_MAX);

        long ms = (System.nanoTime() - startNs) / 1_000_000;
        long allocated = threads.getCurrentThreadAllocatedBytes() - allocatedBefore;
        assertEquals(new Decoded.TooLarge(SIZE_MAX), decoded);
        assertTrue(allocated <= 33L * MIB, type + " allocated " + allocated + " bytes");
        assertTrue(ms <= 1000, type + " took " + ms + " ms");
    }
}
