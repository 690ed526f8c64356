package io.semel.wire.message;

import io.semel.kernel.world.DiskFile;
import io.semel.wire.batch.BatchSlice;
import java.nio.ByteBuffer;
import java.util.List;

/**
 * A frame ready to be sent: bytes and file ranges in their order, the size in front included. Has one owner
 * at a time, who sends it or not and then {@link #release}s it.
 */
public final class Reply {
    /** A part of a frame. */
    public sealed interface Chunk {
        int sizeInBytes();
    }

    /** Bytes from position to limit, not changed by anybody from now on. */
    public record Bytes(ByteBuffer bytes) implements Chunk {
        @Override
        public int sizeInBytes() {
            return bytes.remaining();
        }
    }

    /** A range of a file. */
    public record Range(BatchSlice slice) implements Chunk {
        @Override
        public int sizeInBytes() {
            return slice.sizeInBytes();
        }
    }

    private final List<Chunk> chunks;
    private final int sizeInBytes;
    private boolean released;

    Reply(List<Chunk> chunks) {
        this.chunks = List.copyOf(chunks);
        int size = 0;
        for (Chunk chunk : chunks) size = Math.addExact(size, chunk.sizeInBytes());
        this.sizeInBytes = size;
    }

    public List<Chunk> chunks() {
        return chunks;
    }

    /** Bytes of the whole frame with the size in front. */
    public int sizeInBytes() {
        return sizeInBytes;
    }

    /** Gives the file ranges back; again does no harm. */
    public void release() {
        if (released) return;
        released = true;
        for (Chunk chunk : chunks) if (chunk instanceof Range range) range.slice().release();
    }

    /**
     * The frame's bytes, file ranges read; for the simulator and tests. Blocks on the disk. Does not release.
     */
    public ByteBuffer materialise() {
        ByteBuffer frame = ByteBuffer.allocate(sizeInBytes);
        for (Chunk chunk : chunks) {
            if (chunk instanceof Bytes bytes) frame.put(bytes.bytes().duplicate());
            if (chunk instanceof Range range) read(range.slice(), frame);
        }
        return frame.flip();
    }

    private static void read(BatchSlice slice, ByteBuffer into) {
        DiskFile file = slice.file();
        ByteBuffer target = into.slice(into.position(), slice.sizeInBytes());
        int read = file.read(target, slice.position());
        if (read != slice.sizeInBytes()) {
            throw new IllegalStateException("read " + read + " of " + slice.sizeInBytes() + " bytes at "
                + slice.position() + " of " + file.path());
        }
        into.position(into.position() + read);
    }
}
