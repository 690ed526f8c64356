package io.semel.it.kit.faults;

import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;

/** Cuts a stream into frames, each without the four bytes of its size. Stateless. */
final class Frames {
    /** Larger ones end their connection (I14); brokers take 100 MiB. */
    static final int SIZE_MAX = 104_857_600;

    private Frames() { }

    /** @throws EOFException the stream has ended, or is no stream of frames */
    static byte[] read(DataInputStream in) throws IOException {
        int size = in.readInt();
        if (size < Integer.BYTES || size > SIZE_MAX) throw new EOFException("a frame of " + size + " bytes");
        byte[] frame = in.readNBytes(size);
        if (frame.length < size) throw new EOFException("a frame cut short");
        return frame;
    }

    static byte[] sized(byte[] frame) {
        return ByteBuffer.allocate(Integer.BYTES + frame.length).putInt(frame.length).put(frame).array();
    }

    static int correlationId(byte[] frame) {
        return ByteBuffer.wrap(frame).getInt();
    }
}
