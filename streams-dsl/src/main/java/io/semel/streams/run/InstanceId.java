package io.semel.streams.run;

import io.semel.streams.Names;
import io.semel.streams.StreamsError.Incompatible;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.UUID;

/**
 * Who an instance is. Given or kept in the state directory it outlives the process, so that a restart fences
 * its own zombie; otherwise it is random. Holds the lock of the state directory until closed; throws {@link
 * Incompatible} if another process holds it.
 */
final class InstanceId implements AutoCloseable {
    private final String id;
    private final boolean persistent;
    private final FileChannel lock;

    private InstanceId(String id, boolean persistent, FileChannel lock) {
        this.id = id;
        this.persistent = persistent;
        this.lock = lock;
    }

    static InstanceId of(StreamsConfig config) {
        if (config.stateDir().isEmpty()) {
            return config.instanceId().map(given -> new InstanceId(given, true, null))
                    .orElseGet(() -> new InstanceId(UUID.randomUUID().toString(), false, null));
        }
        Path dir = config.stateDir().get();
        try {
            Files.createDirectories(dir);
            FileChannel lock = lock(dir);
            try {
                return new InstanceId(config.instanceId().isPresent() ? config.instanceId().get() : kept(dir),
                        true, lock);
            } catch (IOException | RuntimeException failed) {
                lock.close();
                throw failed;
            }
        } catch (IOException failed) {
            throw new UncheckedIOException("state directory " + dir, failed);
        }
    }

    String id() {
        return id;
    }

    /** Whether a restart will bear the same id. */
    boolean isPersistent() {
        return persistent;
    }

    @Override
    public void close() {
        if (lock != null) {
            try {
                lock.close();
            } catch (IOException failed) {
                throw new UncheckedIOException(failed);
            }
        }
    }

    private static String kept(Path dir) throws IOException {
        Path file = dir.resolve("instance.id");
        if (!Files.exists(file)) {
            Path fresh = dir.resolve("instance.id.new");
            Files.writeString(fresh, UUID.randomUUID().toString());
            Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
        }
        return Names.check("instance", Files.readString(file).strip());
    }

    private static FileChannel lock(Path dir) throws IOException {
        FileChannel channel = FileChannel.open(dir.resolve("lock"), StandardOpenOption.CREATE,
                StandardOpenOption.WRITE);
        FileLock held;
        try {
            held = channel.tryLock();
        } catch (OverlappingFileLockException sameProcess) {
            held = null;
        }
        if (held == null) {
            channel.close();
            throw new Incompatible("state directory " + dir.toAbsolutePath()
                    + " is in use by another running instance",
                    "give every instance a state directory of its own");
        }
        return channel;
    }
}
