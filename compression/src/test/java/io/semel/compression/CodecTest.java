package io.semel.compression;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class CodecTest {

    private static final int SCALE = Integer.getInteger("semel.scale", 1);
    private static final int MIB = 1 << 20;

    @ParameterizedTest @EnumSource
    void returnsWhatWasCompressed(CompressionType type) {
        int[] sizes = {0, 1, 13, 1000, 32 * 1024 - 1, 32 * 1024, 64 * 1024, 64 * 1024 + 1, 300_001, 3 * MIB};
        for (int size : sizes) {
            byte[][] plains = {new byte[size], Payloads.text(size, size), Payloads.noise(size, size)};
            for (byte[] plain : plains) {
                byte[] compressed = type.codec().compress(plain);

                Decoded decoded = type.codec().decode(ByteBuffer.wrap(compressed), 4 * MIB);

                assertArrayEquals(plain, Payloads.bytesOf(decoded), type + " of " + size);
            }
        }
    }

    /** It changes nothing: large after small, damaged in between, bounds, native memory given back. */
    @ParameterizedTest @EnumSource
    void aRoomThatIsKeptServesOnePayloadAfterTheOther(CompressionType type) {
        CodecRoom room = new CodecRoom();
        int[] sizes = {1_000, 0, 300_001, 13, 6 * MIB, 64 * 1024 + 1, 70, 3 * MIB, 5_000};
        for (int size : sizes) {
            byte[] plain = size % 2 == 0 ? Payloads.text(size, size) : Payloads.noise(size, size);
            ByteBuffer out = type.codec().compress(ByteBuffer.wrap(plain), room);
            byte[] compressed = new byte[out.remaining()];
            out.get(out.position(), compressed);

            assertArrayEquals(type.codec().compress(plain), compressed, type + " of " + size);
            Decoded decoded = type.codec().decode(ByteBuffer.wrap(compressed), 8 * MIB, room);
            assertArrayEquals(plain, Payloads.bytesOf(decoded), type + " of " + size);
            ByteBuffer cut = ByteBuffer.wrap(compressed, 0, compressed.length / 2);
            assertEquals(type.codec().decode(cut, 8 * MIB).getClass(),
                type.codec().decode(cut, 8 * MIB, room).getClass());
            if (size > 0) {
                assertEquals(new Decoded.TooLarge(size - 1),
                    type.codec().decode(ByteBuffer.wrap(compressed), size - 1, room));
            }
            if (size == 13) room.release();
        }
        room.release();
        room.release();
    }

    @ParameterizedTest @EnumSource
    void takesEveryKindOfBufferAndLeavesItsPosition(CompressionType type) {
        byte[] plain = Payloads.text(7, 50_000);
        byte[] compressed = type.codec().compress(plain);
        ByteBuffer direct = ByteBuffer.allocateDirect(compressed.length + 9);
        direct.position(5).put(compressed).flip().position(5);
        ByteBuffer heap = ByteBuffer.allocate(compressed.length + 9);
        heap.position(5).put(compressed).flip().position(5);
        ByteBuffer slice = heap.slice();

        for (ByteBuffer buffer : new ByteBuffer[] {direct, heap, slice, heap.asReadOnlyBuffer()}) {
            int position = buffer.position();

            assertArrayEquals(plain, Payloads.bytesOf(type.codec().decode(buffer, plain.length)));
            assertEquals(position, buffer.position());
            ByteBuffer again = ByteBuffer.wrap(type.codec().compress(ByteBuffer.wrap(plain)));
            assertArrayEquals(plain, Payloads.bytesOf(type.codec().decode(again, plain.length)));
        }
    }

    @ParameterizedTest @EnumSource
    void keepsToTheBoundToTheByte(CompressionType type) {
        for (int size : new int[] {1, 1000, 65_536, 200_000}) {
            ByteBuffer compressed = ByteBuffer.wrap(type.codec().compress(Payloads.text(size, size)));

            assertInstanceOf(Decoded.Bytes.class, type.codec().decode(compressed, size));
            assertEquals(new Decoded.TooLarge(size - 1), type.codec().decode(compressed, size - 1));
            assertEquals(new Decoded.TooLarge(0), type.codec().decode(compressed, 0));
        }
    }

    @ParameterizedTest @EnumSource
    void decodesNothingUnderABoundOfNothing(CompressionType type) {
        ByteBuffer compressed = ByteBuffer.wrap(type.codec().compress(new byte[0]));

        assertEquals(0, Payloads.bytesOf(type.codec().decode(compressed, 0)).length);
    }

    @ParameterizedTest @EnumSource
    void neverTakesATruncatedPayloadForTheWholeOne(CompressionType type) {
        byte[] plain = Payloads.text(3, 3000);
        byte[] compressed = type.codec().compress(plain);

        for (int size = 0; size < compressed.length; size++) {
            Decoded decoded = type.codec().decode(ByteBuffer.wrap(compressed, 0, size), plain.length);

            if (decoded instanceof Decoded.Bytes) {
                assertFalse(Arrays.equals(plain, Payloads.bytesOf(decoded)), type + " cut to " + size);
            }
        }
    }

    @ParameterizedTest @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "NONE")
    void answersNoiseAsCorrupt(CompressionType type) {
        for (int size = 1; size < 300; size++) {
            Decoded decoded = type.codec().decode(ByteBuffer.wrap(Payloads.noise(size * 31L, size)), MIB);

            boolean accepted = decoded instanceof Decoded.Bytes plain && plain.bytes().remaining() > 64;
            assertFalse(accepted, type + " of " + size);
        }
    }

    @ParameterizedTest @EnumSource
    void survivesAnyMutationWithinItsBound(CompressionType type) {
        byte[][] payloads = {
            type.codec().compress(Payloads.text(1, 200)),
            type.codec().compress(Payloads.text(2, 70_000)),
            type.codec().compress(Payloads.noise(3, 3000)),
            type.codec().compress(new byte[500_000]),
        };
        for (int seed = 0; seed < 1500 * SCALE; seed++) {
            Random random = new Random(seed);
            byte[] mutant = mutate(payloads[random.nextInt(payloads.length)].clone(), random);
            int sizeMax = random.nextInt(2) == 0 ? 100_000 : random.nextInt(600_000);
            try {
                Decoded decoded = type.codec().decode(ByteBuffer.wrap(mutant), sizeMax);

                assertTrue(!(decoded instanceof Decoded.Bytes plain) || plain.bytes().remaining() <= sizeMax);
            } catch (Throwable thrown) {
                throw new AssertionError(type + " mutated with seed " + seed, thrown);
            }
        }
    }

    private static byte[] mutate(byte[] bytes, Random random) {
        int changes = 1 + random.nextInt(4);
        for (int i = 0; i < changes && bytes.length > 0; i++) {
            // Half of the changes hit the first bytes: that is where formats keep what they claim.
            int at = random.nextInt(random.nextBoolean() ? bytes.length : Math.min(32, bytes.length));
            switch (random.nextInt(6)) {
                case 0 -> bytes[at] ^= (byte) (1 << random.nextInt(8));
                case 1 -> bytes[at] = (byte) random.nextInt();
                case 2 -> bytes[at] = random.nextBoolean() ? (byte) 0xff : 0;
                case 3 -> Arrays.fill(bytes, at, Math.min(bytes.length, at + 4), (byte) random.nextInt());
                case 4 -> bytes = Arrays.copyOf(bytes, at);
                default -> bytes = Arrays.copyOf(bytes, bytes.length + random.nextInt(9));
            }
        }
        return bytes;
    }
}
