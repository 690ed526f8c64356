package io.semel.compression;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import net.jpountz.lz4.LZ4Compressor;
import net.jpountz.lz4.LZ4Exception;
import net.jpountz.lz4.LZ4Factory;
import net.jpountz.lz4.LZ4SafeDecompressor;
import net.jpountz.xxhash.XXHash32;
import net.jpountz.xxhash.XXHashFactory;

/**
 * Type lz4: one LZ4 frame (format 1.6). Written as independent blocks of 64 KiB without check sums; read
 * with any block size, with or without content size and check sums, which are verified. Blocks that depend
 * on earlier ones and dictionaries are refused, as Kafka's own reader refuses them; what follows the end
 * mark is ignored, as there.
 */
final class Lz4Codec extends Codec {

    private static final int MAGIC = 0x184D2204;
    private static final int STORED = 0x80000000;
    private static final int VERSION_MASK = 0xc0, VERSION = 0x40;
    private static final int INDEPENDENT = 0x20, BLOCK_SUM = 0x10;
    private static final int CONTENT_SIZE = 0x08, CONTENT_SUM = 0x04, UNKNOWN = 0x03;
    private static final int DESCRIPTOR_SIZE_MIN = 3;
    /** Of what is written: code 4 of the format. */
    private static final int BLOCK_SIZE = 64 * 1024, BLOCK_SIZE_CODE = 4, HEADER_SIZE = 7;
    /** A byte of LZ4 yields at most 255; the rest is for the end of a block. */
    private static final int RATIO_MAX = 255, SLACK = 64;

    @Override
    byte[] compress(Span plain) {
        ByteBuffer out = compress(plain, new CodecRoom());
        return Arrays.copyOf(out.array(), out.limit());
    }

    @Override
    ByteBuffer compress(Span plain, CodecRoom room) {
        int blocks = (plain.size() + BLOCK_SIZE - 1) / BLOCK_SIZE;
        int bound = Math.addExact(HEADER_SIZE + Integer.BYTES, Math.addExact(plain.size(), blocks * SLACK)
            + Library.DEFLATE.maxCompressedLength(BLOCK_SIZE));
        ByteBuffer out = ByteBuffer.wrap(room.compressed(bound)).order(ByteOrder.LITTLE_ENDIAN);
        out.putInt(MAGIC).put((byte) (VERSION | INDEPENDENT)).put((byte) (BLOCK_SIZE_CODE << 4));
        out.put((byte) (hash(out.array(), Integer.BYTES, 2) >> 8));
        for (int from = plain.offset(); from < plain.end(); from += BLOCK_SIZE) {
            writeBlock(new Span(plain.array(), from, Math.min(BLOCK_SIZE, plain.end() - from)), out);
        }
        return out.putInt(0).flip();
    }

    private static void writeBlock(Span block, ByteBuffer out) {
        int at = out.position() + Integer.BYTES;
        int size = Library.DEFLATE.compress(block.array(), block.offset(), block.size(), out.array(), at);
        boolean stored = size >= block.size();
        if (stored) System.arraycopy(block.array(), block.offset(), out.array(), at, block.size());
        out.putInt(stored ? block.size() | STORED : size);
        out.position(at + (stored ? block.size() : size));
    }

    @Override
    ByteBuffer decode(ByteBuffer compressed, Bound bound) throws Refusal {
        return decode(compressed, new Output(bound));
    }

    @Override
    ByteBuffer decode(ByteBuffer compressed, Bound bound, CodecRoom room) throws Refusal {
        Output out = new Output(bound, room.plain(0));
        ByteBuffer plain = decode(compressed, out);
        room.keepPlain(out.array());
        return plain;
    }

    private static ByteBuffer decode(ByteBuffer compressed, Output out) throws Refusal {
        Span span = Span.of(compressed);
        ByteBuffer in = ByteBuffer.wrap(span.array(), span.offset(), span.size());
        in.order(ByteOrder.LITTLE_ENDIAN);
        Frame frame = readFrame(in);
        int word = readInt(in);
        while ((word & ~STORED) != 0) {
            readBlock(in, word, frame, out);
            word = readInt(in);
        }
        if (frame.has(CONTENT_SIZE) && frame.contentSize() != out.size()) {
            throw Refusal.corrupt("lz4: wrong content size");
        }
        if (frame.has(CONTENT_SUM) && readInt(in) != hash(out.array(), 0, out.size())) {
            throw Refusal.corrupt("lz4: wrong content check sum");
        }
        return out.bytes();
    }

    private static void readBlock(ByteBuffer in, int word, Frame frame, Output out) throws Refusal {
        int size = word & ~STORED;
        if (size > frame.blockMax()) throw Refusal.corrupt("lz4: block of " + size + " bytes");
        if (size > in.remaining()) throw Refusal.corrupt("lz4: ends within a block");
        int start = in.position();
        if ((word & STORED) != 0) {
            if (out.room(size) < size) throw out.tooLarge();
            System.arraycopy(in.array(), start, out.array(), out.size(), size);
            out.advance(size);
        } else {
            inflate(new Span(in.array(), start, size), frame.blockMax(), out);
        }
        in.position(start + size);
        if (frame.has(BLOCK_SUM) && readInt(in) != hash(in.array(), start, size)) {
            throw Refusal.corrupt("lz4: wrong block check sum");
        }
    }

    private static void inflate(Span block, int blockMax, Output out) throws Refusal {
        int wanted = (int) Math.min(blockMax, (long) RATIO_MAX * block.size() + SLACK);
        int room = out.room(wanted);
        try {
            out.advance(Library.INFLATE.decompress(
                block.array(), block.offset(), block.size(), out.array(), out.size(), room));
        } catch (LZ4Exception damagedOrLarge) {
            // The library does not say which: with less room than a block may need, the bound stopped it.
            throw room < wanted ? out.tooLarge() : Refusal.corrupt("lz4: bad block");
        }
    }

    private static Frame readFrame(ByteBuffer in) throws Refusal {
        if (readInt(in) != MAGIC) throw Refusal.corrupt("lz4: bad magic");
        if (in.remaining() < DESCRIPTOR_SIZE_MIN) throw Refusal.corrupt("lz4: ends within its header");
        int start = in.position();
        int flags = in.get() & 0xff, sizes = in.get() & 0xff;
        if ((flags & VERSION_MASK) != VERSION) throw Refusal.corrupt("lz4: unknown version");
        if ((flags & UNKNOWN) != 0) throw Refusal.corrupt("lz4: unknown flags");
        if ((flags & INDEPENDENT) == 0) throw Refusal.corrupt("lz4: dependent blocks");
        int sizeCode = sizes >> 4;
        if ((sizes & 0x8f) != 0 || sizeCode < 4) throw Refusal.corrupt("lz4: unknown block size");
        long contentSize = 0;
        if ((flags & CONTENT_SIZE) != 0) {
            if (in.remaining() < Long.BYTES + 1) throw Refusal.corrupt("lz4: ends within its header");
            contentSize = in.getLong();
        }
        int sum = hash(in.array(), start, in.position() - start) >> 8;
        if (in.get() != (byte) sum) throw Refusal.corrupt("lz4: wrong header check sum");
        return new Frame(flags, 1 << (2 * sizeCode + 8), contentSize);
    }

    private static int readInt(ByteBuffer in) throws Refusal {
        if (in.remaining() < Integer.BYTES) throw Refusal.corrupt("lz4: ends early");
        return in.getInt();
    }

    private static int hash(byte[] bytes, int offset, int size) {
        return Library.HASH.hash(bytes, offset, size, 0);
    }

    private record Frame(int flags, int blockMax, long contentSize) {
        boolean has(int flag) {
            return (flags & flag) != 0;
        }
    }

    /** Loaded with the first lz4 payload, since it brings a native library along. */
    private static final class Library {
        static final LZ4Compressor DEFLATE = LZ4Factory.fastestInstance().fastCompressor();
        static final LZ4SafeDecompressor INFLATE = LZ4Factory.fastestInstance().safeDecompressor();
        static final XXHash32 HASH = XXHashFactory.fastestInstance().hash32();
    }
}
