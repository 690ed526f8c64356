package io.semel.log;

import io.semel.kernel.world.Disk;
import io.semel.kernel.world.DiskFile;
import io.semel.wire.batch.BatchHeader;
import java.nio.ByteBuffer;
import java.util.List;

/**
 * What recovery is about to cut off a log. Where whole batches stand behind the flaw, all of it is set aside
 * in a file of its own: a power cut leaves that of writes nobody was told of, but rot leaves it of
 * acknowledged ones, and nothing on the disk tells the two apart. Used once, by the thread that opens it.
 */
final class CutOff {
    private static final int MAGIC_AT = 16;
    private static final int LENGTH_AT = 8;

    private final Disk disk;
    private final String directory;
    private final LogConfig config;
    private final Segment segment;
    private final int position;

    CutOff(Disk disk, String directory, LogConfig config, Segment segment, int position) {
        this.config = config;
        this.disk = disk;
        this.directory = directory;
        this.segment = segment;
        this.position = position;
    }

    /**
     * Sets it aside, when it must be. The directory is still to be forced.
     *
     * @param following bases of the segments behind, which are dropped whole
     * @return what to tell of it, empty when nothing was kept
     */
    String keep(List<Long> following) {
        boolean batches = holdsABatch(segment, position);
        for (long base : following) batches |= holdsABatch(base);
        if (!batches) return "";
        String path = freeName();
        try (DiskFile kept = disk.open(path)) {
            long size = copy(segment.file(), position, segment.size(), kept, 0);
            for (long base : following) {
                try (DiskFile file = disk.open(LogNames.path(directory, base, LogNames.LOG))) {
                    size = copy(file, 0, file.size(), kept, size);
                }
            }
            kept.force();
            return "; whole batches stand behind it, and " + size + " bytes from there on are kept in " + path
                    + ": look there if anything acknowledged is missing, else delete it";
        }
    }

    private String freeName() {
        String name = directory + "/cut-" + segment.base() + "-at-" + position;
        String path = name + ".bytes";
        for (int number = 2; disk.exists(path); number++) path = name + "-" + number + ".bytes";
        return path;
    }

    private boolean holdsABatch(long base) {
        Segment other = Segment.existing(disk, directory, config, base);
        try {
            return holdsABatch(other, -1);
        } finally {
            other.rest();
        }
    }

    /** Whether a batch whose CRC holds begins anywhere above {@code below}. */
    private static boolean holdsABatch(Segment segment, int below) {
        ByteBuffer block = ByteBuffer.allocate(Segment.SCAN_BLOCK_BYTES);
        int last = segment.size() - BatchHeader.SIZE;
        for (int start = below + 1; start <= last; start += block.capacity() - BatchHeader.SIZE) {
            block.clear().limit(Math.min(block.capacity(), segment.size() - start));
            segment.file().read(block, start);
            for (int at = 0; at <= block.limit() - BatchHeader.SIZE; at++) {
                boolean may = block.get(at + MAGIC_AT) == 2 && block.getInt(at + LENGTH_AT) > 0
                        && block.getInt(at + LENGTH_AT) < segment.size() - start - at;
                if (may && isBatch(segment, start + at)) return true;
            }
        }
        return false;
    }

    private static boolean isBatch(Segment segment, int position) {
        BatchWalk walk = segment.walk(Segment.SCAN_BLOCK_BYTES).from(position);
        return walk.next() && walk.crcHolds();
    }

    private static long copy(DiskFile from, long position, long end, DiskFile to, long target) {
        ByteBuffer block = ByteBuffer.allocate(Segment.SCAN_BLOCK_BYTES);
        long at = target;
        for (long next = position; next < end; next += block.capacity()) {
            block.clear().limit((int) Math.min(block.capacity(), end - next));
            from.read(block, next);
            to.write(block.flip(), at);
            at += block.limit();
        }
        return at;
    }
}
