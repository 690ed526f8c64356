package io.semel.log;

import io.semel.kernel.world.Disk;
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
        String path = pathOf(base, extension);
        if (extension.equals(LogNames.ABORTED_INDEX)) announce(new CheckedFile(disk, path), content);
        SmallFile.replace(disk, path, content, forced);
        if (forced) disk.forceDirectory(LogNames.parent(directory));
    }

    /** Most files of aborted ranges are empty, and stay so: these need no second file. */
    private static void announce(CheckedFile file, byte[] content) {
        if (content.length > 0 || file.hasSum()) file.announce(content);
    }

    @Override
    public byte[] read(long base, String extension) {
        return SmallFile.read(disk, pathOf(base, extension));
    }

    @Override
    public SideFileState stateOf(long base, String extension, byte[] content) {
        if (!extension.equals(LogNames.ABORTED_INDEX)) return SideFileState.WITHOUT_SUM;
        return new CheckedFile(disk, pathOf(base, extension)).state(content);
    }

    @Override
    public void delete(long base, String extension) {
        disk.delete(pathOf(base, extension));
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

    @Override
    public String pathOf(long base, String extension) {
        return LogNames.path(directory, base, extension);
    }
}
