package io.semel.log;

import io.semel.kernel.world.Disk;
import io.semel.kernel.world.DiskFailure;
import io.semel.kernel.world.DiskFile;
import java.util.ArrayList;
import java.util.List;

/**
 * Puts a cleaned segment in the place of those it was made of, under Kafka's names, so that a crash at any
 * point leaves the old ones or the new one. Blocking; stateless.
 *
 * <ol>
 * <li>Everything is written as {@code .cleaned} and forced; a crash leaves what is deleted when the log is
 * opened.
 * <li>{@code .log.cleaned} becomes {@code .log.swap}, and that name durable: from then on the new one counts.
 * <li>Its indexes become {@code .swap}; every other file between its offsets goes.
 * <li>{@code .log.swap} becomes {@code .log}, then its indexes lose their {@code .swap}.
 * </ol>
 * From the second step on, {@link #settle} goes on wherever it was left, also in another life, and does the
 * same for what Apache Kafka left behind: where there is no file of aborted ranges, none is believed.
 */
final class SegmentSwap {
    static final String CLEANED = ".cleaned";
    static final String SWAP = ".swap";
    private static final List<String> INDEXES = List.of(LogNames.OFFSET_INDEX, LogNames.TIME_INDEX,
            LogNames.ABORTED_INDEX, LogNames.ABORTED_SUM);

    private final Disk disk;
    private final String directory;

    SegmentSwap(Disk disk, String directory) {
        this.disk = disk;
        this.directory = directory;
    }

    void discard(long base) {
        discard(disk, directory, base);
    }

    /** Nobody will ask for it. */
    static void discard(Disk disk, String directory, long base) {
        for (String name : disk.list(directory)) {
            boolean its = name.endsWith(CLEANED) && name.startsWith(LogNames.name(base, ""));
            if (its) disk.delete(directory + "/" + name);
        }
    }

    /** The second step. */
    void decide(long base) {
        String log = LogNames.path(directory, base, LogNames.LOG);
        disk.rename(log + CLEANED, log + SWAP);
        disk.forceDirectory(directory);
    }

    /** What follows the second step, for every segment that has come so far, and the end of what has not. */
    void settle() {
        List<String> names = disk.list(directory);
        for (String name : names) {
            long base = LogNames.base(name, LogNames.LOG + SWAP);
            if (base >= 0) complete(base, endOf(base));
        }
        boolean renamed = false;
        for (String name : disk.list(directory)) {
            if (name.endsWith(SWAP)) {
                String path = directory + "/" + name;
                disk.rename(path, path.substring(0, path.length() - SWAP.length()));
                renamed = true;
            } else if (name.endsWith(CLEANED)) {
                disk.delete(directory + "/" + name);
            }
        }
        if (renamed) disk.forceDirectory(directory);
    }

    private long endOf(long base) {
        try (DiskFile file = disk.open(LogNames.path(directory, base, LogNames.LOG) + SWAP)) {
            if (file.size() == 0) {
                throw new DiskFailure(file.path() + ": an empty file was left here to be swapped in;"
                        + " remove it if the log beside it is whole, else restore the directory", null);
            }
            int size = (int) Math.min(Integer.MAX_VALUE, file.size());
            BatchWalk walk = new BatchWalk(file, base, true, size, Segment.SCAN_BLOCK_BYTES).from(0, base);
            while (walk.next()) continue;
            if (walk.flaw() == null) return walk.endOffset();
            throw Recovery.damaged(file.path(), walk.position(), walk.endOffset(), walk.flaw());
        }
    }

    /** The third step and the fourth. */
    void complete(long base, long end) {
        for (String index : INDEXES) {
            String path = LogNames.path(directory, base, index);
            if (disk.exists(path + CLEANED)) disk.rename(path + CLEANED, path + SWAP);
            else if (!disk.exists(path + SWAP)) disk.delete(path);
        }
        for (String name : namesBetween(base, end)) disk.delete(directory + "/" + name);
        disk.forceDirectory(directory);
        String log = LogNames.path(directory, base, LogNames.LOG);
        disk.rename(log + SWAP, log);
        disk.forceDirectory(directory);
        for (String index : INDEXES) {
            String path = LogNames.path(directory, base, index);
            if (disk.exists(path + SWAP)) disk.rename(path + SWAP, path);
        }
        disk.forceDirectory(directory);
    }

    /** Of segments that are replaced, all but the first, and what stood beside them. */
    private List<String> namesBetween(long base, long end) {
        List<String> found = new ArrayList<>();
        for (String name : disk.list(directory)) {
            int dot = name.indexOf('.');
            long named = dot < 0 ? -1 : LogNames.base(name, name.substring(dot + 1));
            if (named > base && named < end) found.add(name);
        }
        return found;
    }
}
