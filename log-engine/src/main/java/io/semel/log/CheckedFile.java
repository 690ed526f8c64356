package io.semel.log;

import io.semel.kernel.world.Disk;
import io.semel.kernel.world.DiskFailure;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.zip.CRC32C;

/**
 * A check sum beside a file whose format has none, since it is Kafka's: {@code NAME.crc} holds those of the
 * content before and after the write under way, so that a crash between the two files is no damage. A file
 * without one beside it was not written by us and is believed. Kafka's own loader and tools pass over a name
 * that ends so. Blocking; one caller at a time.
 */
final class CheckedFile {
    static final String EXTENSION = ".crc";

    private final Disk disk;
    private final String path;

    CheckedFile(Disk disk, String path) {
        this.disk = disk;
        this.path = path;
    }

    /** Before the file is replaced by this content. What is there is vouched for only if it was before. */
    void announce(byte[] content) {
        byte[] before = SmallFile.read(disk, path);
        boolean good = before != null && state(before) != SideFileState.CHANGED;
        SmallFile.replace(disk, path + EXTENSION, (good ? sum(before) + "\n" : "") + sum(content) + "\n");
    }

    boolean hasSum() {
        return disk.exists(path + EXTENSION);
    }

    /** Of what was read from the file. */
    SideFileState state(byte[] content) {
        List<String> known = known();
        if (known == null) return SideFileState.WITHOUT_SUM;
        return known.contains(sum(content)) ? SideFileState.AS_WRITTEN : SideFileState.CHANGED;
    }

    private List<String> known() {
        String sums = SmallFile.readText(disk, path + EXTENSION);
        return sums == null ? null : Arrays.asList(sums.split("\n"));
    }

    /** @throws DiskFailure the file is not as it was written */
    void check() {
        byte[] content = SmallFile.read(disk, path);
        if (content == null || state(content) != SideFileState.CHANGED) return;
        throw new DiskFailure(path + " is not as it was written (its CRC is " + sum(content) + ", in " + path
                + EXTENSION + " stand " + known() + "): if you or another broker changed it, delete " + path
                + EXTENSION + "; otherwise restore it, or delete both, and records that were deleted may be"
                + " seen again", null);
    }

    /** What stands beside a file that is new with this content. */
    static byte[] sumOf(byte[] content) {
        return (sum(content) + "\n").getBytes(StandardCharsets.UTF_8);
    }

    private static String sum(byte[] content) {
        CRC32C crc = new CRC32C();
        crc.update(content);
        return Long.toHexString(crc.getValue());
    }
}
