package io.semel.compression;

import java.nio.ByteBuffer;

/**
 * What became of a decode: the bytes, or why there are none. Bad input is a value here, never an exception.
 * Immutable but for the buffer's position; belongs to the caller.
 */
public sealed interface Decoded permits Decoded.Bytes, Decoded.Corrupt, Decoded.TooLarge {

    /**
     * The decompressed bytes, from position to limit. Of type none they are a view of the input, not a
     * copy.
     */
    record Bytes(ByteBuffer bytes) implements Decoded { }

    /** The input is not of its format, ends early, or fails its own check sums. */
    record Corrupt(String reason) implements Decoded { }

    /** The input means more than {@code sizeMax} bytes; decoding stopped there. */
    record TooLarge(int sizeMax) implements Decoded { }
}
