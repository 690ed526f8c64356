package io.semel.log.disk;

import io.semel.kernel.world.IndexBytes;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * A mapped index over either carrier. Room is allocated by writing zeros through a channel, a step ahead of
 * the mapping: a full disk is then a {@code DiskFailure} and never a fault in the mapping. Written back
 * through a channel as well, so that a failure is seen. The channel is open only then: a broker has more
 * indexes than it may have open files.
 */
final class IndexFile implements IndexBytes {
    private static final int STEP_MIN = 4 << 10;
    private static final int STEP_MAX = 64 << 10;

    private final Path path;
    private final int capacity;
    private final int sizeAtOpen;
    private final Mapping mapping;
    private int allocated;

    private IndexFile(Path path, int capacity, int sizeAtOpen, int allocated, Mapping mapping) {
        this.path = path;
        this.capacity = capacity;
        this.sizeAtOpen = sizeAtOpen;
        this.allocated = allocated;
        this.mapping = mapping;
    }

    static IndexFile open(Path path, int capacity, IndexKind kind) {
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE,
                StandardOpenOption.CREATE)) {
            long sizeBefore = channel.size();
            int allocated = (int) Math.min(sizeBefore, capacity);
            if (sizeBefore == 0) allocated = writeZeros(channel, 0, Math.min(STEP_MIN, capacity));
            Mapping mapping = switch (kind) {
                case CHRONICLE -> new ChronicleMapping(path, capacity);
                case JDK -> new JdkMapping(channel, capacity);
            };
            long sizeAtMost = Math.max(sizeBefore, capacity);
            if (channel.size() > sizeAtMost) channel.truncate(sizeAtMost);
            return new IndexFile(path, capacity, (int) Math.min(sizeBefore, capacity), allocated, mapping);
        } catch (IOException cause) {
            throw Failures.of(path, "mapping " + capacity + " bytes", cause);
        }
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
        return mapping.getInt(position);
    }

    @Override
    public long getLong(int position) {
        check(position, Long.BYTES);
        return mapping.getLong(position);
    }

    @Override
    public void putInt(int position, int value) {
        check(position, Integer.BYTES);
        if (position + Integer.BYTES > allocated) allocate(position + Integer.BYTES);
        mapping.putInt(position, value);
    }

    @Override
    public void putLong(int position, long value) {
        check(position, Long.BYTES);
        if (position + Long.BYTES > allocated) allocate(position + Long.BYTES);
        mapping.putLong(position, value);
    }

    private void allocate(int needed) {
        int step = Math.max(STEP_MIN, Math.min(STEP_MAX, allocated));
        int end = Math.min(capacity, Math.max(needed, allocated + step));
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.WRITE)) {
            allocated = writeZeros(channel, allocated, end);
        } catch (IOException cause) {
            throw Failures.of(path, "allocating " + end + " bytes", cause);
        }
    }

    private static int writeZeros(FileChannel channel, int from, int end) throws IOException {
        ByteBuffer zeros = ByteBuffer.allocate(end - from);
        while (zeros.hasRemaining()) channel.write(zeros, from + zeros.position());
        return end;
    }

    /** The mapping stays readable below {@code size}. */
    @Override
    public void trim(int size) {
        check(0, size);
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.WRITE)) {
            channel.truncate(size);
            channel.force(false);
            allocated = Math.min(allocated, size);
        } catch (IOException cause) {
            throw Failures.of(path, "cutting to " + size + " bytes and forcing", cause);
        }
    }

    @Override
    public void close() {
        mapping.unmap();
    }

    private void check(int position, int length) {
        if (position < 0 || position > capacity - length) {
            throw new IndexOutOfBoundsException(path + ": index position " + position + " of capacity "
                    + capacity);
        }
    }
}
