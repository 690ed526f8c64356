package io.semel.compression;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdCompressCtx;
import com.github.luben.zstd.ZstdDecompressCtx;
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
        byte[] out = new byte[Math.toIntExact(Zstd.compressBound(plain.size()))];
        try (ZstdCompressCtx zstd = new ZstdCompressCtx()) {
            zstd.setLevel(LEVEL);
            int size = zstd.compressByteArray(
                out, 0, out.length, plain.array(), plain.offset(), plain.size());
            return Arrays.copyOf(out, size);
        }
    }

    @Override
    ByteBuffer decode(ByteBuffer compressed, Bound bound) throws Refusal {
        Span in = Span.of(compressed);
        int sizeMax = bound.sizeMax();
        int room = (int) Math.min(sizeMax, Math.max(SIZE_FIRST, (long) RATIO_FIRST * in.size()));
        try (ZstdDecompressCtx zstd = new ZstdDecompressCtx()) {
            while (true) {
                ByteBuffer plain = attempt(zstd, in, room);
                if (plain != null) return plain;
                if (room == sizeMax) throw Refusal.tooLarge(sizeMax);
                room = (int) Math.min(sizeMax, (long) GROWTH * room);
            }
        }
    }

    /** Null when the room is too small. */
    private static ByteBuffer attempt(ZstdDecompressCtx zstd, Span in, int room) throws Refusal {
        byte[] out = new byte[room];
        try {
            int size = zstd.decompressByteArray(out, 0, room, in.array(), in.offset(), in.size());
            return ByteBuffer.wrap(out, 0, size).slice();
        } catch (ZstdException refused) {
            if (refused.getErrorCode() == Zstd.errDstSizeTooSmall()) return null;
            throw Refusal.corrupt("zstd: " + refused.getMessage());
        }
    }
}
