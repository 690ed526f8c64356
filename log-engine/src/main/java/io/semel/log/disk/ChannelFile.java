package io.semel.log.disk;

import io.semel.kernel.world.DiskFailure;
import io.semel.kernel.world.DiskFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;

/**
 * A file of the real world. One writer, any readers; a failed force is final for it (I13). Never interrupt a
 * thread that is in here.
 */
final class ChannelFile implements DiskFile {
    private final String name;
    private final Path path;
    private final FileChannel channel;
    private volatile DiskFailure forceFailure;

    ChannelFile(String name, Path path, FileChannel channel) {
        this.name = name;
        this.path = path;
        this.channel = channel;
    }

    @Override
    public String path() {
        return name;
    }

    @Override
    public void write(ByteBuffer source, long position) {
        long at = position;
        try {
            while (source.hasRemaining()) at += channel.write(source, at);
        } catch (IOException cause) {
            throw Failures.of(path, "writing at position " + at, cause);
        }
    }

    @Override
    public int read(ByteBuffer target, long position) {
        int total = 0;
        try {
            while (target.hasRemaining()) {
                int count = channel.read(target, position + total);
                if (count < 0) break;
                total += count;
            }
        } catch (IOException cause) {
            throw Failures.of(path, "reading at position " + (position + total), cause);
        }
        return total;
    }

    @Override
    public long size() {
        try {
            return channel.size();
        } catch (IOException cause) {
            throw Failures.of(path, "asking for the size", cause);
        }
    }

    @Override
    public void truncate(long size) {
        try {
            channel.truncate(size);
        } catch (IOException cause) {
            throw Failures.of(path, "cutting to " + size + " bytes", cause);
        }
    }

    @Override
    public void force() {
        DiskFailure earlier = forceFailure;
        if (earlier != null) {
            throw new DiskFailure(path + ": an earlier force failed: " + earlier.getMessage(), earlier);
        }
        try {
            channel.force(false);
        } catch (IOException cause) {
            forceFailure = Failures.of(path, "forcing", cause);
            throw new DiskFailure(forceFailure.getMessage(), cause);
        }
    }

    @Override
    public FileChannel channel() {
        return channel;
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException cause) {
            throw Failures.of(path, "closing", cause);
        }
    }
}
