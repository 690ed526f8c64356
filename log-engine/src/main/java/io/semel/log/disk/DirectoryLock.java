package io.semel.log.disk;

import io.semel.kernel.world.DiskFailure;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * Keeps every other broker, Apache Kafka's included, out of a data directory for as long as it is held; ends
 * with the process.
 */
public final class DirectoryLock implements AutoCloseable {
    private static final String NAME = ".lock";

    private final Path file;
    private final FileChannel channel;

    private DirectoryLock(Path file, FileChannel channel) {
        this.file = file;
        this.channel = channel;
    }

    /** @param directory is created when it does not exist
     *  @throws DiskFailure when somebody else holds it */
    public static DirectoryLock take(Path directory) {
        Path file = directory.toAbsolutePath().normalize().resolve(NAME);
        FileChannel channel = null;
        boolean taken = false;
        try {
            Files.createDirectories(file.getParent());
            channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE,
                    StandardOpenOption.CREATE);
            taken = isFree(channel);
            if (!taken) {
                throw new DiskFailure(file.getParent() + ": another broker runs on this data directory"
                        + " (it holds the lock " + file
                        + "); stop it, or choose another directory", null);
            }
            return new DirectoryLock(file, channel);
        } catch (IOException cause) {
            throw Failures.of(file, "locking the data directory", cause);
        } finally {
            if (!taken) close(file, channel);
        }
    }

    private static boolean isFree(FileChannel channel) throws IOException {
        try {
            FileLock lock = channel.tryLock();
            return lock != null;
        } catch (OverlappingFileLockException sameJvm) {
            return false;
        }
    }

    @Override
    public void close() {
        close(file, channel);
    }

    private static void close(Path file, FileChannel channel) {
        if (channel == null) return;
        try {
            channel.close();
        } catch (IOException cause) {
            throw Failures.of(file, "unlocking the data directory", cause);
        }
    }
}
