package io.semel.log;

import io.semel.kernel.world.Disk;
import io.semel.kernel.world.DiskFile;
import io.semel.kernel.world.IndexBytes;
import java.nio.ByteBuffer;
import java.util.List;

/**
 * Ends the world before one of the operations that change a disk, so that a test can crash at any of them.
 */
final class CuttingDisk implements Disk {
    /** The world ended. */
    static final class Cut extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }

    private final Disk disk;
    private int left = Integer.MAX_VALUE;

    CuttingDisk(Disk disk) {
        this.disk = disk;
    }

    /** From now on so many operations are done. */
    void cutAfter(int operations) {
        left = operations;
    }

    private void change() {
        if (left == 0) throw new Cut();
        if (left != Integer.MAX_VALUE) left--;
    }

    @Override
    public DiskFile open(String path) {
        if (!disk.exists(path)) change();
        return new CuttingFile(disk.open(path));
    }

    @Override
    public IndexBytes openIndex(String path, int capacityBytes) {
        if (!disk.exists(path)) change();
        return disk.openIndex(path, capacityBytes);
    }

    @Override
    public boolean exists(String path) {
        return disk.exists(path);
    }

    @Override
    public List<String> list(String directory) {
        return disk.list(directory);
    }

    @Override
    public boolean isDirectory(String path) {
        return disk.isDirectory(path);
    }

    @Override
    public void createDirectories(String path) {
        disk.createDirectories(path);
    }

    @Override
    public void delete(String path) {
        if (disk.exists(path)) change();
        disk.delete(path);
    }

    @Override
    public void rename(String from, String to) {
        change();
        disk.rename(from, to);
    }

    @Override
    public void forceDirectory(String directory) {
        change();
        disk.forceDirectory(directory);
    }

    @Override
    public long usableBytes() {
        return disk.usableBytes();
    }

    @Override
    public long totalBytes() {
        return disk.totalBytes();
    }

    @Override
    public String place() {
        return disk.place();
    }

    @Override
    public long sizeOf(String path) {
        return disk.sizeOf(path);
    }

    private final class CuttingFile implements DiskFile {
        private final DiskFile file;

        private CuttingFile(DiskFile file) {
            this.file = file;
        }

        @Override
        public String path() {
            return file.path();
        }

        @Override
        public void write(ByteBuffer source, long position) {
            change();
            file.write(source, position);
        }

        @Override
        public int read(ByteBuffer target, long position) {
            return file.read(target, position);
        }

        @Override
        public long size() {
            return file.size();
        }

        @Override
        public void truncate(long size) {
            file.truncate(size);
        }

        @Override
        public void force() {
            change();
            file.force();
        }

        @Override
        public void close() {
            file.close();
        }
    }
}
