package io.semel.compression;

import com.github.luben.zstd.ZstdCompressCtx;
import com.github.luben.zstd.ZstdDecompressCtx;

/**
 * What codecs keep from one payload to the next for one owner, who has many: arrays, and the native contexts
 * of zstd, which take longer to make than a small payload to read. What comes out of a codec that was given a
 * room is good until the room is used for the same again. One thread at a time; {@link #release} before it is
 * dropped, or native memory (about 1 MiB) stays until the garbage collector finds it.
 */
public final class CodecRoom {
    /** Larger arrays are not kept. */
    private static final int KEPT_BYTES = 4 << 20;
    private static final byte[] NOTHING = {};

    private byte[] plain = NOTHING;
    private byte[] compressed = NOTHING;
    private ZstdCompressCtx zstdOut;
    private ZstdDecompressCtx zstdIn;

    /** Of this size at least, for what is decoded next. */
    byte[] plain(int size) {
        if (plain.length >= size) return plain;
        byte[] array = new byte[size];
        if (size <= KEPT_BYTES) plain = array;
        return array;
    }

    /** What was decoded has outgrown its array. */
    void keepPlain(byte[] array) {
        if (array.length > plain.length && array.length <= KEPT_BYTES) plain = array;
    }

    /** Of this size at least, for what is compressed next. */
    byte[] compressed(int size) {
        if (compressed.length >= size) return compressed;
        byte[] array = new byte[size];
        if (size <= KEPT_BYTES) compressed = array;
        return array;
    }

    ZstdCompressCtx zstdOut(int level) {
        if (zstdOut == null) zstdOut = new ZstdCompressCtx().setLevel(level);
        return zstdOut;
    }

    ZstdDecompressCtx zstdIn() {
        if (zstdIn == null) zstdIn = new ZstdDecompressCtx();
        return zstdIn;
    }

    /** Gives native memory back; the room can be used again. */
    public void release() {
        if (zstdOut != null) zstdOut.close();
        if (zstdIn != null) zstdIn.close();
        zstdOut = null;
        zstdIn = null;
    }
}
