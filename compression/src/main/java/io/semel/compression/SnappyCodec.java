package io.semel.compression;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import org.xerial.snappy.Snappy;
import org.xerial.snappy.SnappyOutputStream;

/**
 * Type snappy: written in the framing of snappy-java's streams (a 16-byte header, then chunks of 32 KiB
 * plain bytes, each behind its size); read in that framing or, without its magic, as one raw snappy block,
 * which is what several clients send. A header may stand again between two chunks: streams may be
 * concatenated.
 */
final class SnappyCodec extends Codec {

    private static final byte[] MAGIC = {(byte) 0x82, 'S', 'N', 'A', 'P', 'P', 'Y', 0};
    private static final int MAGIC_HEAD = 0x82534e41;
    private static final int HEADER_SIZE = 16, VERSION_AT = 8, VERSION_MIN = 1;
    /**
     * No element of the format yields more than 64 bytes from 3; a greater claim is a lie and nothing is
     * allocated for it.
     */
    private static final int RATIO_MAX = 22;

    @Override
    byte[] compress(Span plain) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(HEADER_SIZE + plain.size() / 2);
        try (SnappyOutputStream snappy = new SnappyOutputStream(out)) {
            snappy.write(plain.array(), plain.offset(), plain.size());
        } catch (IOException impossible) {
            throw new UncheckedIOException("writing to memory", impossible);
        }
        return out.toByteArray();
    }

    @Override
    ByteBuffer decode(ByteBuffer compressed, Bound bound) throws Refusal {
        Span in = Span.of(compressed);
        if (in.size() == 0) throw Refusal.corrupt("snappy: empty");
        Output out = new Output(bound);
        if (isHeader(ByteBuffer.wrap(in.array(), in.offset(), in.size()))) {
            decodeFramed(in, out);
        } else {
            decodeBlock(in, out);
        }
        return out.bytes();
    }

    private static void decodeFramed(Span framed, Output out) throws Refusal {
        ByteBuffer in = ByteBuffer.wrap(framed.array(), framed.offset(), framed.size());
        skipHeader(in);
        while (in.hasRemaining()) {
            if (in.remaining() < Integer.BYTES) throw Refusal.corrupt("snappy: ends within a chunk size");
            int size = in.getInt();
            if (size == MAGIC_HEAD) {
                in.position(in.position() - Integer.BYTES);
                skipHeader(in);
            } else if (size < 0 || size > in.remaining()) {
                throw Refusal.corrupt("snappy: chunk of " + size + " bytes, left are " + in.remaining());
            } else {
                decodeBlock(new Span(framed.array(), in.position(), size), out);
                in.position(in.position() + size);
            }
        }
    }

    private static void decodeBlock(Span block, Output out) throws Refusal {
        try {
            int plain = Snappy.uncompressedLength(block.array(), block.offset(), block.size());
            if (plain < 0 || plain > (long) RATIO_MAX * block.size()) {
                throw Refusal.corrupt("snappy: " + block.size() + " bytes claim to be " + plain);
            }
            if (out.room(plain) < plain) throw out.tooLarge();
            out.advance(Snappy.uncompress(
                block.array(), block.offset(), block.size(), out.array(), out.size()));
        } catch (IOException damaged) {
            throw Refusal.corrupt("snappy: " + damaged.getMessage());
        }
    }

    private static boolean isHeader(ByteBuffer in) {
        if (in.remaining() < HEADER_SIZE) return false;
        for (int i = 0; i < MAGIC.length; i++) {
            if (in.get(in.position() + i) != MAGIC[i]) return false;
        }
        return true;
    }

    private static void skipHeader(ByteBuffer in) throws Refusal {
        if (!isHeader(in)) throw Refusal.corrupt("snappy: bad header");
        int version = in.getInt(in.position() + VERSION_AT);
        if (version < VERSION_MIN) throw Refusal.corrupt("snappy: unknown version");
        in.position(in.position() + HEADER_SIZE);
    }
}
