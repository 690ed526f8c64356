package io.semel.log;

import io.semel.kernel.world.Disk;
import io.semel.kernel.world.DiskFile;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/** The files that a log's owner keeps beside the segments. One caller at a time. */
final class SideFileStore implements PartitionLog.SideFiles {
    private final Disk disk;
    private final String directory;
    private final Supplier<List<Long>> bases;

    SideFileStore(Disk disk, String directory, Supplier<List<Long>> bases) {
        this.disk = disk;
        this.directory = directory;
        this.bases = bases;
    }

    @Override
    public void write(long base, String extension, byte[] content, boolean forced) {
        disk.createDirectories(directory);
        SmallFile.replace(disk, path(base, extension), content, forced);
        if (forced) disk.forceDirectory(LogNames.parent(directory));
    }

    @Override
    public void append(long base, String extension, byte[] entry) {
        disk.createDirectories(directory);
        try (DiskFile file = disk.open(path(base, extension))) {
            file.write(ByteBuffer.wrap(entry), file.size());
        }
    }

    @Override
    public byte[] read(long base, String extension) {
        return SmallFile.read(disk, path(base, extension));
    }

    @Override
    public void delete(long base, String extension) {
        disk.delete(path(base, extension));
    }

    @Override
    public List<Long> list(String extension) {
        List<Long> found = new ArrayList<>();
        for (String name : disk.list(directory)) {
            long base = LogNames.base(name, extension);
            if (base >= 0) found.add(base);
        }
        return found;
    }

    @Override
    public List<Long> segmentBases() {
        return bases.get();
    }

    private String path(long base, String extension) {
        return LogNames.path(directory, base, extension);
    }
}
