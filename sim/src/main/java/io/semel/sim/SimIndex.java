package io.semel.sim;

import io.semel.kernel.world.IndexBytes;

/** A mapped index of a simulated disk, for the life that opened it. */
final class SimIndex implements IndexBytes {
    private final SimDisk disk;
    private final String path;
    private final SimNode node;
    private final int sizeAtOpen;
    private final int capacity;
    private final int life;
    private boolean closed;

    SimIndex(SimDisk disk, String path, SimNode node, int sizeAtOpen, int capacity, int life) {
        this.disk = disk;
        this.path = path;
        this.node = node;
        this.sizeAtOpen = sizeAtOpen;
        this.capacity = capacity;
        this.life = life;
    }

    @Override
    public int capacity() {
        return capacity;
    }

    @Override
    public int sizeAtOpen() {
        return sizeAtOpen;
    }

    @Override
    public int getInt(int position) {
        check(position, Integer.BYTES);
        int value = 0;
        for (int index = 0; index < Integer.BYTES; index++) value = value << 8 | node.seen.get(position
                + index) & 0xFF;
        return value;
    }

    @Override
    public long getLong(int position) {
        return (long) getInt(position) << 32 | getInt(position + Integer.BYTES) & 0xFFFFFFFFL;
    }

    @Override
    public void putInt(int position, int value) {
        check(position, Integer.BYTES);
        node.mapped = true;
        for (int index = 0; index < Integer.BYTES; index++) {
            node.seen.set(position + index, (byte) (value >>> 8 * (Integer.BYTES - 1 - index)));
        }
    }

    @Override
    public void putLong(int position, long value) {
        putInt(position, (int) (value >>> 32));
        putInt(position + Integer.BYTES, (int) value);
    }

    @Override
    public void trim(int size) {
        check(0, size);
        DiskWatch.Death death = disk.about(DiskWatch.Act.TRIM, path, null);
        node.seen.resize(size);
        node.kept.copyFrom(node.seen);
        node.mapped = false;
        disk.run().trace().note("trim", node.id, size);
        disk.done(death);
    }

    @Override
    public void close() {
        closed = true;
    }

    private void check(int position, int length) {
        if (life != disk.life()) throw new IllegalStateException("index was opened in a life that is over");
        disk.living();
        if (closed) throw new IllegalStateException("index is closed");
        if (position < 0 || position + length > capacity) {
            throw new IndexOutOfBoundsException("index position " + position + " of capacity " + capacity);
        }
        node.touchedIn = life;
    }
}
