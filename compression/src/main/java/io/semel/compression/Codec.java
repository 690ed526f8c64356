package io.semel.compression;

import java.nio.ByteBuffer;

/**
 * Compresses and decompresses whole payloads in one wire format. Stateless and usable from any thread; a
 * decode may take milliseconds and belongs on the I/O pool, not on a lane. Sizes are in bytes; every decode
 * obeys I14, its bound.
 */
public abstract class Codec {

    Codec() { }

    /** Compresses the bytes from position to limit; the buffer's position stays. */
    public final byte[] compress(ByteBuffer plain) {
        return compress(Span.of(plain));
    }

    /** Compresses the whole array. */
    public final byte[] compress(byte[] plain) {
        return compress(new Span(plain, 0, plain.length));
    }

    /**
     * Decompresses the bytes from position to limit; the buffer's position stays. At most {@code sizeMax}
     * bytes come out and at most about twice as many are allocated, whatever sizes the input claims. Input
     * that is both damaged and too large is reported as whichever is met first.
     */
    public final Decoded decode(ByteBuffer compressed, int sizeMax) {
        if (sizeMax < 0) throw new IllegalArgumentException("sizeMax " + sizeMax);
        try {
            return new Decoded.Bytes(decode(compressed, new Bound(sizeMax)));
        } catch (Refusal refusal) {
            return refusal.decoded();
        }
    }

    /** As {@link #compress(ByteBuffer)}, with a room that is kept: the result is good until its next use. */
    public final ByteBuffer compress(ByteBuffer plain, CodecRoom room) {
        return compress(Span.of(plain), room);
    }

    /**
     * As {@link #decode(ByteBuffer, int)}, with a room that is kept: the bytes are good until its next use.
     */
    public final Decoded decode(ByteBuffer compressed, int sizeMax, CodecRoom room) {
        if (sizeMax < 0) throw new IllegalArgumentException("sizeMax " + sizeMax);
        try {
            return new Decoded.Bytes(decode(compressed, new Bound(sizeMax), room));
        } catch (Refusal refusal) {
            return refusal.decoded();
        }
    }

    abstract byte[] compress(Span plain);

    ByteBuffer compress(Span plain, CodecRoom room) {
        return ByteBuffer.wrap(compress(plain));
    }

    /** Codecs that keep nothing make no use of the room. */
    ByteBuffer decode(ByteBuffer compressed, Bound bound, CodecRoom room) throws Refusal {
        return decode(compressed, bound);
    }

    /** The size bound as a type of its own, so that no other int can be taken for it. */
    record Bound(int sizeMax) { }

    abstract ByteBuffer decode(ByteBuffer compressed, Bound bound) throws Refusal;
}
