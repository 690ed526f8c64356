package io.semel.wire.message;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.apache.kafka.common.protocol.Readable;
import org.apache.kafka.common.protocol.types.RawTaggedField;

/**
 * Feeds a frame to the generated messages and holds them within bounds whatever lengths the frame claims
 * (I14): every object they make costs them at least one read here, reads are counted, and an array may not
 * announce more elements than reads are left. Byte fields that carry records are views of the frame. Throws
 * {@link Lie}. Owned by one decode.
 *
 * <p>Time is bounded too, for messages of very many fields only: some of the generated classes keep a list in
 * a hash table that takes equal elements and is probed one by one, so that 360 KB of equal topic names cost
 * ten seconds. Such a message is given a quarter of a second; an honest one of that size takes milliseconds.
 */
final class FrameReader implements Readable {
    private static final int READS_UNTIMED = 4096;
    private static final int READS_A_LOOK = 128;
    private static final long TIME_MAX_NANOS = 250_000_000;

    private final ByteBuffer bytes;
    private int readsLeft;
    private int readsToLook = READS_UNTIMED;
    private long startNanos;

    /**
     * @param readsMax fields a message may have, counted with the lengths of arrays and strings and the bytes
     * of varints
     */
    FrameReader(ByteBuffer bytes, int readsMax) {
        this.bytes = bytes;
        this.readsLeft = readsMax;
    }

    private void need(int size) {
        if (size < 0 || size > bytes.remaining()) {
            throw new Lie("a field of " + size + " bytes where " + bytes.remaining() + " are left");
        }
        if (--readsLeft < 0) throw new Lie("more fields than a message may have");
        if (--readsToLook == 0) lookAtTheClock();
    }

    private void lookAtTheClock() {
        readsToLook = READS_A_LOOK;
        long nowNanos = System.nanoTime();
        if (startNanos == 0) startNanos = nowNanos;
        else if (nowNanos - startNanos > TIME_MAX_NANOS) throw new Lie("more time than a message may take");
    }

    @Override
    public byte readByte() {
        need(Byte.BYTES);
        return bytes.get();
    }

    @Override
    public short readShort() {
        need(Short.BYTES);
        return bytes.getShort();
    }

    @Override
    public int readInt() {
        need(Integer.BYTES);
        return bytes.getInt();
    }

    @Override
    public long readLong() {
        need(Long.BYTES);
        return bytes.getLong();
    }

    @Override
    public double readDouble() {
        need(Double.BYTES);
        return bytes.getDouble();
    }

    @Override
    public byte[] readArray(int size) {
        need(size);
        byte[] array = new byte[size];
        bytes.get(array);
        return array;
    }

    @Override
    public String readString(int size) {
        if (!bytes.hasArray()) return fitting(new String(readArray(size), StandardCharsets.UTF_8), size);
        need(size);
        String text = new String(bytes.array(), bytes.arrayOffset() + bytes.position(), size,
            StandardCharsets.UTF_8);
        bytes.position(bytes.position() + size);
        return fitting(text, size);
    }

    /** What is no UTF-8 becomes three bytes each, and then may not fit where the text is written again. */
    private static String fitting(String text, int size) {
        if (size > Short.MAX_VALUE / 3 && text.getBytes(StandardCharsets.UTF_8).length > Short.MAX_VALUE) {
            throw new Lie("a text of " + size + " bytes that is no UTF-8");
        }
        return text;
    }

    @Override
    public ByteBuffer readByteBuffer(int size) {
        need(size);
        ByteBuffer view = bytes.slice(bytes.position(), size);
        bytes.position(bytes.position() + size);
        return view;
    }

    @Override
    public int readUnsignedVarint() {
        int value = 0;
        for (int shift = 0; shift < 35; shift += 7) {
            byte part = readByte();
            value |= (part & 0x7f) << shift;
            if (part >= 0) return value;
        }
        throw new Lie("a number of more than 5 bytes");
    }

    @Override
    public int readVarint() {
        int value = readUnsignedVarint();
        return (value >>> 1) ^ -(value & 1);
    }

    @Override
    public long readVarlong() {
        long value = 0;
        for (int shift = 0; shift < 70; shift += 7) {
            byte part = readByte();
            value |= (long) (part & 0x7f) << shift;
            if (part >= 0) return (value >>> 1) ^ -(value & 1);
        }
        throw new Lie("a number of more than 10 bytes");
    }

    /** Drops the field: nobody here asks for a tag we do not know, and a frame may hold very many. */
    @Override
    public List<RawTaggedField> readUnknownTaggedField(List<RawTaggedField> unknowns, int tag, int size) {
        need(size);
        bytes.position(bytes.position() + size);
        return unknowns;
    }

    /** What the generated messages hold an array's length against. */
    @Override
    public int remaining() {
        return Math.min(bytes.remaining(), readsLeft);
    }

    @Override
    public Readable slice() {
        return new FrameReader(bytes.slice(), readsLeft);
    }

    boolean atEnd() {
        return !bytes.hasRemaining();
    }
}
