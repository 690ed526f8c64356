package io.semel.compression;

import java.nio.ByteBuffer;
import java.util.Arrays;

/** Type none: the bytes stand for themselves. */
final class NoneCodec extends Codec {

    @Override
    byte[] compress(Span plain) {
        return Arrays.copyOfRange(plain.array(), plain.offset(), plain.end());
    }

    @Override
    ByteBuffer decode(ByteBuffer compressed, Bound bound) throws Refusal {
        if (compressed.remaining() > bound.sizeMax()) throw Refusal.tooLarge(bound.sizeMax());
        return compressed.slice();
    }
}
