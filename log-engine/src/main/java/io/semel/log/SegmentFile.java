package io.semel.log;

import io.semel.kernel.world.Disk;
import io.semel.kernel.world.DiskFailure;
import io.semel.kernel.world.DiskFile;
import io.semel.log.disk.SharedFile;

/**
 * A segment's file of batches, open or not. Readers who share it keep it open for themselves. Owned by the
 * segment's lane.
 */
final class SegmentFile {
    private final Disk disk;
    private final String name;
    private String path;
    private SharedFile open;

    SegmentFile(Disk disk, String path) {
        this.disk = disk;
        this.name = path;
        this.path = path;
    }

    /** It has this behind its name. */
    void named(String behind) {
        path = behind.isEmpty() ? name : name + behind;
    }

    String path() {
        return path;
    }

    boolean isOpen() {
        return open != null;
    }

    /** @param size bytes that must be there: nobody may take its name from it while it is not open */
    DiskFile opened(int size) {
        if (open == null) open = new SharedFile(openWhole(size));
        return open.file();
    }

    private DiskFile openWhole(int size) {
        DiskFile file = disk.open(path);
        long found = file.size();
        if (found >= size) return file;
        file.close();
        throw Recovery.damaged(path, (int) found, -1, "it has " + found + " bytes, and had " + size
                + ": somebody else has cut or removed it");
    }

    /** What a full disk has taken of a batch goes. */
    void cutBack(int size, DiskFailure full) {
        try {
            opened(size).truncate(size);
        } catch (DiskFailure failure) {
            failure.addSuppressed(full);
            throw new DiskFailure(path + ": the disk is full, and the half-written batch at position " + size
                    + " could not be removed: restart the broker, so that the log is recovered", failure);
        }
    }

    /** Only when open. */
    SharedFile share() {
        return open.share();
    }

    void close() {
        if (open != null) open.release();
        open = null;
    }
}
