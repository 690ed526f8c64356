package io.semel.log.disk;

import io.semel.kernel.world.Disk;
import io.semel.kernel.world.DiskFile;
import io.semel.kernel.world.IndexBytes;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.stream.Stream;

/**
 * The real world's disk: a directory and what is in it. Any thread; blocking. Every failure names the file in
 * full.
 */
public final class FileDisk implements Disk {
    private final Path root;
    /** Of indexes that are opened from now on. */
    private volatile IndexKind indexKind;

    /** With the best index this JVM allows. @param root exists or can be created */
    public FileDisk(Path root) {
        this(root, IndexKind.best());
    }

    public FileDisk(Path root, IndexKind indexKind) {
        Failures.load();
        this.root = root.toAbsolutePath().normalize();
        this.indexKind = indexKind;
        createDirectories("");
        if (indexKind == IndexKind.CHRONICLE) ChronicleMapping.warmUp(() -> { });
    }

    /**
     * With the JDK's indexes until {@link #useBestIndexes}: chronicle-bytes takes a quarter of a second of
     * processor time to load, which a start does not wait for.
     *
     * @param root exists or can be created
     */
    public static FileDisk light(Path root) {
        return new FileDisk(root, IndexKind.JDK);
    }

    /** Indexes that are opened later, when it is loaded, are the best this JVM allows. Returns at once. */
    public void useBestIndexes() {
        if (IndexKind.best() == IndexKind.CHRONICLE) {
            ChronicleMapping.warmUp(() -> indexKind = IndexKind.CHRONICLE);
        }
    }

    public Path root() {
        return root;
    }

    public IndexKind indexKind() {
        return indexKind;
    }

    @Override
    public DiskFile open(String path) {
        Path file = at(path);
        try {
            return new ChannelFile(path, file, FileChannel.open(file, StandardOpenOption.READ,
                    StandardOpenOption.WRITE,
                    StandardOpenOption.CREATE));
        } catch (IOException cause) {
            throw Failures.of(file, "opening", cause);
        }
    }

    @Override
    public IndexBytes openIndex(String path, int capacityBytes) {
        return IndexFile.open(at(path), capacityBytes, indexKind);
    }

    @Override
    public boolean exists(String path) {
        return Files.exists(at(path), LinkOption.NOFOLLOW_LINKS);
    }

    @Override
    public long sizeOf(String path) {
        try {
            return Files.size(at(path));
        } catch (NoSuchFileException gone) {
            return 0;
        } catch (IOException cause) {
            throw Failures.of(at(path), "measuring", cause);
        }
    }

    @Override
    public List<String> list(String directory) {
        Path path = at(directory);
        try (Stream<Path> entries = Files.list(path)) {
            return entries.map(entry -> entry.getFileName().toString()).sorted().toList();
        } catch (NoSuchFileException | NotDirectoryException nothing) {
            return List.of();
        } catch (IOException cause) {
            throw Failures.of(path, "listing", cause);
        }
    }

    @Override
    public boolean isDirectory(String path) {
        return Files.isDirectory(at(path));
    }

    @Override
    public void createDirectories(String path) {
        try {
            Files.createDirectories(at(path));
        } catch (IOException cause) {
            throw Failures.of(at(path), "creating the directory", cause);
        }
    }

    @Override
    public void delete(String path) {
        try {
            Files.deleteIfExists(at(path));
        } catch (DirectoryNotEmptyException cause) {
            throw Failures.of(at(path), "deleting the directory, which is not empty,", cause);
        } catch (IOException cause) {
            throw Failures.of(at(path), "deleting", cause);
        }
    }

    @Override
    public void rename(String from, String to) {
        try {
            Files.move(at(from), at(to), StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException cause) {
            throw Failures.of(at(from), "renaming to " + to, cause);
        }
    }

    @Override
    public void forceDirectory(String directory) {
        Path path = at(directory);
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
            channel.force(true);
        } catch (IOException cause) {
            throw Failures.of(path, "forcing the directory", cause);
        }
    }

    @Override
    public long usableBytes() {
        try {
            return Files.getFileStore(root).getUsableSpace();
        } catch (IOException cause) {
            throw Failures.of(root, "asking for free space", cause);
        }
    }

    @Override
    public long totalBytes() {
        try {
            return Files.getFileStore(root).getTotalSpace();
        } catch (IOException cause) {
            throw Failures.of(root, "asking for its size", cause);
        }
    }

    @Override
    public String place() {
        return root.toString();
    }

    /** Paths come from names that were checked; one that leaves the root all the same is a defect. */
    private Path at(String path) {
        Path resolved = root.resolve(path).normalize();
        if (!resolved.startsWith(root)) throw new IllegalArgumentException(path + " leads out of " + root);
        return resolved;
    }
}
