package io.semel.kernel.world;

import java.util.List;

/**
 * A directory tree. Paths are relative to its root, separated by '/'. Any thread; a single file has one
 * writer. Every method throws {@link DiskFailure}, which names the file, when the disk does not do it.
 */
public interface Disk {
    /** Opens for reading and writing; creates an empty file when there is none. */
    DiskFile open(String path);

    /**
     * Opens a mapped, rebuildable index of at most {@code capacityBytes}; creates it when there is none. A
     * crash may lose or tear it.
     */
    IndexBytes openIndex(String path, int capacityBytes);

    boolean exists(String path);

    /** Bytes of a file; 0 when there is none. Changes nothing. */
    long sizeOf(String path);

    /** Names (not paths) in a directory, sorted; empty when the directory does not exist. */
    List<String> list(String directory);

    boolean isDirectory(String path);

    /** Creates the directory and its parents; no harm when it is there. */
    void createDirectories(String path);

    /** Deletes a file or an empty directory; no harm when it is not there. */
    void delete(String path);

    /**
     * Renames atomically; replaces a file of that name. Durable after {@link #forceDirectory} of the
     * parents.
     */
    void rename(String from, String to);

    /** Makes creations, renames and deletions in the directory durable. */
    void forceDirectory(String directory);

    /** Bytes that can still be written. */
    long usableBytes();

    /** Bytes of the whole volume. */
    long totalBytes();

    /** Where the tree is, in the words of those who look for it from outside. */
    String place();
}
