package io.semel.compression;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdException;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * Type zstd: one or more zstd frames, level 3. Read in one call into an array rather than as a stream: a
 * stream must allocate the window that the frame claims (128 MiB by default limits), one call uses its
 * output as the window and allocates none, so that frames of level 22 can be read under any bound.
 */
final class ZstdCodec extends Codec {

    private static final int LEVEL = 3;
    private static final int SIZE_FIRST = 64 * 1024, RATIO_FIRST = 16, GROWTH = 4;

    @Override
    byte[] compress(Span plain) {
        CodecRoom room = new CodecRoom();
        try {
            ByteBuffer out = compress(plain, room);
            return Arrays.copyOf(out.array(), out.limit());
        } finally {
            room.release();
        }
    }

    @Override
    ByteBuffer compress(Span plain, CodecRoom room) {
        byte[] out = room.compressed(Math.toIntExact(Zstd.compressBound(plain.size())));
        int size = room.zstdOut(LEVEL).compressByteArray(out, 0, out.length, plain.array(), plain.offset(),
            plain.size());
        return ByteBuffer.wrap(out, 0, size);
    }

    @Override
    ByteBuffer decode(ByteBuffer compressed, Bound bound) throws Refusal {
        CodecRoom room = new CodecRoom();
        try {
            return decode(compressed, bound, room);
        } finally {
            room.release();
        }
    }

    @Override
    ByteBuffer decode(ByteBuffer compressed, Bound bound, CodecRoom kept) throws Refusal {
        Span in = Span.of(compressed);
        int sizeMax = bound.sizeMax();
        long first = Math.max(kept.plain(SIZE_FIRST).length, (long) RATIO_FIRST * in.size());
        int room = (int) Math.min(sizeMax, first);
        while (true) {
            ByteBuffer plain = attempt(kept, in, room);
            if (plain != null) return plain;
            if (room == sizeMax) throw Refusal.tooLarge(sizeMax);
            room = (int) Math.min(sizeMax, (long) GROWTH * room);
        }
    }

    /** Null when the room is too small. */
    private static ByteBuffer attempt(CodecRoom kept, Span in, int room) throws Refusal {
        byte[] out = kept.plain(room);
        try {
            int size = kept.zstdIn().decompressByteArray(out, 0, room, in.array(), in.offset(), in.size());
            return ByteBuffer.wrap(out, 0, size).slice();
        } catch (ZstdException refused) {
            if (refused.getErrorCode() == Zstd.errDstSizeTooSmall()) return null;
            throw Refusal.corrupt("zstd: " + refused.getMessage());
        }
    }
}
