package io.semel.group.base;

/** A running hash that is the same in every run (FNV-1a, 64 bits). Owned by whoever makes it. */
public final class Digest {
    private static final long PRIME = 0x100000001b3L;

    private long value = 0xcbf29ce484222325L;

    public Digest add(long number) {
        for (int shift = 0; shift < Long.SIZE; shift += Byte.SIZE) step((int) (number >>> shift) & 0xff);
        return this;
    }

    public Digest add(String text) {
        if (text == null) return add(-1);
        add(text.length());
        for (int index = 0; index < text.length(); index++) step(text.charAt(index));
        return this;
    }

    public Digest add(byte[] bytes) {
        add(bytes.length);
        for (byte each : bytes) step(each & 0xff);
        return this;
    }

    public long value() {
        return value;
    }

    private void step(int unit) {
        value = (value ^ unit) * PRIME;
    }
}
