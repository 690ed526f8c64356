package io.semel.compression;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.GZIPOutputStream;
import java.util.zip.Inflater;

/**
 * Type gzip: RFC 1952, one or more members. Members are walked in a loop: the JDK's GZIPInputStream calls
 * itself for each further one, so that a payload of many empty members overflows its stack. What follows
 * the last member is ignored, as there.
 */
final class GzipCodec extends Codec {

    private static final int ID1 = 0x1f, ID2 = 0x8b, DEFLATE = 8;
    private static final int HEADER_SIZE = 10, TRAILER_SIZE = 8;
    private static final int FLAG_CRC = 2, FLAG_EXTRA = 4, FLAG_NAME = 8, FLAG_COMMENT = 16;
    private static final int STEP = 32 * 1024;

    @Override
    byte[] compress(Span plain) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(Math.max(64, plain.size() / 2));
        try (GZIPOutputStream gzip = new GZIPOutputStream(out, 8 * 1024)) {
            gzip.write(plain.array(), plain.offset(), plain.size());
        } catch (IOException impossible) {
            throw new UncheckedIOException("writing to memory", impossible);
        }
        return out.toByteArray();
    }

    @Override
    ByteBuffer decode(ByteBuffer compressed, Bound bound) throws Refusal {
        ByteBuffer in = compressed.slice().order(ByteOrder.LITTLE_ENDIAN);
        Output out = new Output(bound);
        Inflater inflater = new Inflater(true);
        try {
            if (!skipHeader(in)) throw Refusal.corrupt("gzip: bad header");
            do {
                inflater.reset();
                inflateMember(in, inflater, out);
            } while (skipHeader(in));
            return out.bytes();
        } finally {
            inflater.end();
        }
    }

    private static void inflateMember(ByteBuffer in, Inflater inflater, Output out) throws Refusal {
        int start = out.size();
        inflater.setInput(in);
        while (!inflater.finished()) {
            int room = out.room(STEP);
            if (room > 0) {
                out.advance(inflate(inflater, out.array(), out.size(), room));
            } else if (inflate(inflater, new byte[1], 0, 1) > 0) {
                throw out.tooLarge();
            }
        }
        CRC32 crc = new CRC32();
        crc.update(out.array(), start, out.size() - start);
        if (in.remaining() < TRAILER_SIZE) throw Refusal.corrupt("gzip: ends within a trailer");
        if (in.getInt() != (int) crc.getValue()) throw Refusal.corrupt("gzip: wrong check sum");
        if (in.getInt() != out.size() - start) throw Refusal.corrupt("gzip: wrong length");
    }

    private static int inflate(Inflater inflater, byte[] target, int offset, int room) throws Refusal {
        try {
            int written = inflater.inflate(target, offset, room);
            if (written == 0 && !inflater.finished()) {
                throw Refusal.corrupt(inflater.needsDictionary() ? "gzip: dictionary" : "gzip: ends early");
            }
            return written;
        } catch (DataFormatException damaged) {
            throw Refusal.corrupt("gzip: " + damaged.getMessage());
        }
    }

    /** Moves past a member's header; false when there is none to be read. */
    private static boolean skipHeader(ByteBuffer in) {
        int start = in.position();
        if (in.remaining() < HEADER_SIZE) return false;
        if ((in.get() & 0xff) != ID1 || (in.get() & 0xff) != ID2 || in.get() != DEFLATE) return false;
        int flags = in.get();
        in.position(start + HEADER_SIZE);
        if ((flags & FLAG_EXTRA) != 0 && !skipExtra(in)) return false;
        if ((flags & FLAG_NAME) != 0 && !skipText(in)) return false;
        if ((flags & FLAG_COMMENT) != 0 && !skipText(in)) return false;
        return (flags & FLAG_CRC) == 0 || headerIsSound(in, start);
    }

    private static boolean skipExtra(ByteBuffer in) {
        if (in.remaining() < Short.BYTES) return false;
        int size = in.getShort() & 0xffff;
        if (in.remaining() < size) return false;
        in.position(in.position() + size);
        return true;
    }

    private static boolean skipText(ByteBuffer in) {
        while (in.hasRemaining()) {
            if (in.get() == 0) return true;
        }
        return false;
    }

    private static boolean headerIsSound(ByteBuffer in, int start) {
        if (in.remaining() < Short.BYTES) return false;
        CRC32 crc = new CRC32();
        crc.update(in.slice(start, in.position() - start));
        return in.getShort() == (short) crc.getValue();
    }
}
