package io.semel.broker.net;

import io.netty.buffer.ByteBuf;
import java.nio.ByteBuffer;

/**
 * Cuts one connection's bytes into frames. Memory for a frame grows with the bytes that have come, never with
 * the size it announces, and is taken from the budget first. Owned by the connection's event loop.
 */
final class FrameCutter {
    /** What {@link #take} has come to. */
    enum Cut {
        /** All bytes are taken in. */
        NEED_BYTES,
        /** A frame is whole: {@link #frame}. */
        FRAME,
        /** The budget has not enough for the bytes that are there; they stay where they are. */
        NEED_MEMORY,
        /** No frame can be that long, see {@link #complaint}. */
        BAD
    }

    private static final int SIZE_BYTES = 4;
    private static final int SIZE_MIN = 4;
    private static final int CAPACITY_MIN = 4096;

    private final FrameBudget budget;
    private final int sizeMax;

    private int sizeBytesSeen;
    private int size;
    private ByteBuffer frame;
    private int filled;
    private long charged;

    FrameCutter(FrameBudget budget, int sizeMax) {
        this.budget = budget;
        this.sizeMax = sizeMax;
    }

    /** Takes in bytes up to the end of the frame. */
    Cut take(ByteBuf in) {
        while (sizeBytesSeen < SIZE_BYTES) {
            if (!in.isReadable()) return Cut.NEED_BYTES;
            size = size << 8 | in.readUnsignedByte();
            sizeBytesSeen++;
        }
        if (size < SIZE_MIN || size > sizeMax) return Cut.BAD;
        int part = Math.min(in.readableBytes(), size - filled);
        if (part == 0) return Cut.NEED_BYTES;
        if (!makeRoom(filled + part)) return Cut.NEED_MEMORY;
        in.readBytes(frame.limit(filled + part));
        filled += part;
        return filled == size ? Cut.FRAME : Cut.NEED_BYTES;
    }

    private boolean makeRoom(int wanted) {
        int capacity = frame == null ? 0 : frame.capacity();
        if (wanted <= capacity) return true;
        int grown = (int) Math.min(size, Math.max(wanted, 2L * capacity));
        if (wanted < size) grown = Math.min(size, Math.max(grown, CAPACITY_MIN));
        int overhead = capacity == 0 ? FrameBudget.OVERHEAD : 0;
        long more = grown - capacity + overhead;
        if (!budget.take(more, size)) return false;
        charged += more;
        ByteBuffer larger = ByteBuffer.allocate(grown);
        if (frame != null) larger.put(frame.flip());
        frame = larger;
        return true;
    }

    /** What the budget has given for the frame so far; whoever takes the {@link #frame} owes it. */
    long charged() {
        return charged;
    }

    /** Bytes of the frame that have not come or not been taken in. */
    int missing() {
        return size - filled;
    }

    /** Hands the whole frame over and begins with the next. */
    ByteBuffer frame() {
        ByteBuffer whole = frame.flip();
        reset();
        return whole;
    }

    /** Gives back what an incomplete frame holds. */
    void drop() {
        long given = charged;
        reset();
        if (given > 0) budget.give(given);
    }

    private void reset() {
        frame = null;
        filled = 0;
        charged = 0;
        size = 0;
        sizeBytesSeen = 0;
    }

    /** What is wrong with the announced size, and what the peer seems to be speaking. */
    String complaint() {
        String speaks = switch (size) {
            case 0x47455420, 0x504F5354, 0x48454144, 0x50555420, 0x4F505449, 0x434F4E4E,
                0x50524920 -> "; this looks like HTTP";
            default -> size >>> 16 == 0x1603 ? "; this looks like TLS" : "";
        };
        return "announces a frame of " + size + " bytes (allowed: " + SIZE_MIN + " to " + sizeMax + ")"
            + speaks;
    }
}
