package io.semel.log;

import io.semel.kernel.world.Disk;
import io.semel.kernel.world.DiskFailure;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.zip.CRC32C;

/**
 * A check sum beside a text file whose format has none, since it is Kafka's: {@code NAME.crc} holds those of
 * the content before and after the write under way, so that a crash between the two files is no damage. A
 * file without one beside it was not written by us and is believed. Blocking; one caller at a time.
 */
final class CheckedText {
    private static final String EXTENSION = ".crc";

    private final Disk disk;
    private final String path;

    CheckedText(Disk disk, String path) {
        this.disk = disk;
        this.path = path;
    }

    /** Before the file is replaced by this text. */
    void announce(String text) {
        String before = SmallFile.readText(disk, path);
        SmallFile.replace(disk, path + EXTENSION, sum(before) + "\n" + sum(text) + "\n");
    }

    /** @throws DiskFailure the file is not as it was written */
    void check() {
        String sums = SmallFile.readText(disk, path + EXTENSION);
        String text = SmallFile.readText(disk, path);
        if (sums == null || text == null) return;
        List<String> known = Arrays.asList(sums.split("\n"));
        if (known.contains(sum(text))) return;
        throw new DiskFailure(path + " is not as it was written (its CRC is " + sum(text) + ", in " + path
                + EXTENSION + " stand " + known + "): if you or another broker changed it, delete " + path
                + EXTENSION + "; otherwise restore it, or delete both, and records that were deleted may be"
                + " seen again", null);
    }

    private static String sum(String text) {
        CRC32C crc = new CRC32C();
        if (text != null) crc.update(text.getBytes(StandardCharsets.UTF_8));
        return Long.toHexString(crc.getValue());
    }
}
