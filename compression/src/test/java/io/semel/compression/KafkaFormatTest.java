package io.semel.compression;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.stream.IntStream;
import java.util.zip.GZIPOutputStream;
import net.jpountz.lz4.LZ4FrameOutputStream;
import net.jpountz.lz4.LZ4FrameOutputStream.BLOCKSIZE;
import net.jpountz.lz4.LZ4FrameOutputStream.FLG.Bits;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.RecordBatch;
import org.apache.kafka.common.record.internal.SimpleRecord;
import org.apache.kafka.common.utils.BufferSupplier;
import org.apache.kafka.common.utils.ByteBufferOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.xerial.snappy.Snappy;

/** Our payloads against those of Apache Kafka's own library, in both directions. */
class KafkaFormatTest {

    private static final int RECORDS_OFFSET = 61;
    private static final int[] SIZES = {0, 1, 500, 32 * 1024, 64 * 1024, 64 * 1024 + 1, 400_000};

    @ParameterizedTest @EnumSource
    void sharesIdsAndNamesWithKafka(CompressionType type) {
        var theirs = org.apache.kafka.common.record.internal.CompressionType.forId(type.id());

        assertEquals(theirs.name, type.label());
        assertEquals(type, CompressionType.ofId(type.id()));
        assertNull(CompressionType.ofId(-1));
        assertNull(CompressionType.ofId(5));
    }

    @ParameterizedTest @EnumSource
    void isReadByKafka(CompressionType type) throws IOException {
        for (int size : SIZES) {
            byte[] plain = Payloads.text(size, size);
            ByteBuffer compressed = ByteBuffer.wrap(type.codec().compress(plain));

            assertArrayEquals(plain, readByKafka(type, compressed), type + " of " + size);
        }
    }

    @ParameterizedTest @EnumSource
    void readsWhatKafkaWrites(CompressionType type) throws IOException {
        for (int size : SIZES) {
            byte[] plain = Payloads.text(size, size);

            Decoded decoded = type.codec().decode(writtenByKafka(type, plain), size);

            assertArrayEquals(plain, Payloads.bytesOf(decoded), type + " of " + size);
        }
    }

    @ParameterizedTest @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = {"ZSTD"})
    void writesTheVeryBytesOfKafka(CompressionType type) throws IOException {
        for (int size : SIZES) {
            byte[] plain = Payloads.text(size, size);

            byte[] ours = type.codec().compress(plain);

            ByteBuffer theirs = writtenByKafka(type, plain);
            assertEquals(theirs, ByteBuffer.wrap(ours), type + " of " + size);
        }
    }

    @ParameterizedTest @EnumSource
    void readsTheRecordsOfAKafkaBatch(CompressionType type) {
        SimpleRecord[] records = IntStream.range(0, 500)
            .mapToObj(i -> new SimpleRecord(1000 + i, ("key-" + i % 7).getBytes(), Payloads.text(i, i)))
            .toArray(SimpleRecord[]::new);
        ByteBuffer plain = MemoryRecords.withRecords(Compression.NONE, records).buffer();

        ByteBuffer batch = MemoryRecords.withRecords(theirs(type), records).buffer();

        Decoded decoded = type.codec().decode(batch.position(RECORDS_OFFSET), 1 << 20);
        assertEquals(plain.position(RECORDS_OFFSET), ((Decoded.Bytes) decoded).bytes());
    }

    @Test void readsRawSnappyAsKafkaDoes() throws IOException {
        byte[] plain = Payloads.text(5, 100_000);
        ByteBuffer raw = ByteBuffer.wrap(Snappy.compress(plain));

        Decoded decoded = CompressionType.SNAPPY.codec().decode(raw, plain.length);

        assertArrayEquals(plain, Payloads.bytesOf(decoded));
    }

    @Test void readsConcatenatedSnappyStreamsAndGzipMembers() throws IOException {
        for (CompressionType type : new CompressionType[] {CompressionType.SNAPPY, CompressionType.GZIP}) {
            byte[] one = type.codec().compress("one ".getBytes());
            byte[] two = type.codec().compress("two".getBytes());
            ByteBuffer both = ByteBuffer.allocate(one.length + two.length).put(one).put(two).flip();

            Decoded decoded = type.codec().decode(both, 7);

            assertEquals("one two", new String(Payloads.bytesOf(decoded)));
        }
    }

    @Test void readsGzipHeadersWithAllOptionalFields() throws IOException {
        byte[] plainMember = CompressionType.GZIP.codec().compress("body".getBytes());
        byte[] fields = {
            0x1f, (byte) 0x8b, 8, 4 | 8 | 16, 0, 0, 0, 0, 0, 0, 2, 0, 'e', 'x', 'n', 0, 'c', 'o', 0};
        ByteBuffer member = ByteBuffer.allocate(fields.length + plainMember.length - 10);
        member.put(fields).put(plainMember, 10, plainMember.length - 10).flip();

        assertEquals("body", new String(Payloads.bytesOf(CompressionType.GZIP.codec().decode(member, 100))));
    }

    @Test void readsLz4FramesWithSizesAndCheckSumsAndVerifiesThem() throws IOException {
        byte[] plain = Payloads.text(5, 5_000_000);
        for (BLOCKSIZE blockSize : BLOCKSIZE.values()) {
            byte[] frame = lz4(plain, blockSize,
                Bits.BLOCK_INDEPENDENCE, Bits.BLOCK_CHECKSUM, Bits.CONTENT_CHECKSUM, Bits.CONTENT_SIZE);

            assertArrayEquals(plain, Payloads.bytesOf(lz4Decode(frame, plain.length)));
            frame[frame.length - 1] ^= 1;
            assertEquals(new Decoded.Corrupt("lz4: wrong content check sum"), lz4Decode(frame, plain.length));
        }
        byte[] blocksSummed = lz4(plain, BLOCKSIZE.SIZE_64KB, Bits.BLOCK_INDEPENDENCE, Bits.BLOCK_CHECKSUM);
        blocksSummed[blocksSummed.length - 5] ^= 1;
        Decoded decoded = lz4Decode(blocksSummed, plain.length);
        assertEquals(new Decoded.Corrupt("lz4: wrong block check sum"), decoded);
    }

    @Test void namesADamagedGzipByItsCheckSum() throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (OutputStream gzip = new GZIPOutputStream(out)) {
            gzip.write(Payloads.text(1, 100));
        }
        byte[] damaged = out.toByteArray();
        damaged[damaged.length - 8] ^= 1;

        Decoded decoded = CompressionType.GZIP.codec().decode(ByteBuffer.wrap(damaged), 100);

        assertEquals("gzip: wrong check sum", assertInstanceOf(Decoded.Corrupt.class, decoded).reason());
    }

    private static byte[] lz4(byte[] plain, BLOCKSIZE blockSize, Bits... bits) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (OutputStream lz4 = new LZ4FrameOutputStream(out, blockSize, plain.length, bits)) {
            lz4.write(plain);
        }
        return out.toByteArray();
    }

    private static Decoded lz4Decode(byte[] frame, int sizeMax) {
        return CompressionType.LZ4.codec().decode(ByteBuffer.wrap(frame), sizeMax);
    }

    private static ByteBuffer writtenByKafka(CompressionType type, byte[] plain) throws IOException {
        ByteBufferOutputStream buffer = new ByteBufferOutputStream(1024);
        try (OutputStream out = theirs(type).wrapForOutput(buffer, RecordBatch.MAGIC_VALUE_V2)) {
            out.write(plain);
        }
        return buffer.buffer().flip();
    }

    private static byte[] readByKafka(CompressionType type, ByteBuffer compressed) throws IOException {
        byte magic = RecordBatch.MAGIC_VALUE_V2;
        try (InputStream in = theirs(type).wrapForInput(compressed, magic, BufferSupplier.NO_CACHING)) {
            return in.readAllBytes();
        }
    }

    private static Compression theirs(CompressionType type) {
        return Compression.of(type.label()).build();
    }
}
