package io.semel.log;

import io.semel.kernel.world.Disk;
import java.util.List;

/**
 * Frees the bytes of segments below the log's start, and of everything that was kept beside them. Made on
 * the lane; run once, blocking, on an I/O thread, in order with the log's forces. Slices handed out stay
 * readable: they hold the open file. A power cut may bring names back in any order; the next opening, which
 * is told the start, removes them again.
 */
public final class SegmentRemoval {
    private final Disk disk;
    private final String directory;
    private final List<Segment> segments;
    private final long firstBase;

    SegmentRemoval(Disk disk, String directory, List<Segment> segments, long firstBase) {
        this.disk = disk;
        this.directory = directory;
        this.segments = segments;
        this.firstBase = firstBase;
    }

    public void run() {
        segments.forEach(Segment::leave);
        deleteBelow(disk, directory, firstBase);
    }

    /** Deletes every file that is named by a lower offset: segments first, the lowest before the others. */
    static void deleteBelow(Disk disk, String directory, long firstBase) {
        List<String> names = disk.list(directory);
        for (String name : names) if (isBelow(name, firstBase, true)) disk.delete(directory + "/" + name);
        for (String name : names) if (isBelow(name, firstBase, false)) disk.delete(directory + "/" + name);
    }

    private static boolean isBelow(String name, long firstBase, boolean isLog) {
        int dot = name.indexOf('.');
        if (dot < 0) return false;
        String extension = name.substring(dot + 1);
        long base = LogNames.base(name, extension);
        return base >= 0 && base < firstBase && extension.equals(LogNames.LOG) == isLog;
    }
}
