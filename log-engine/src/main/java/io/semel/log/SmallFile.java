package io.semel.log;

import io.semel.kernel.world.Disk;
import io.semel.kernel.world.DiskFailure;
import io.semel.kernel.world.DiskFile;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * Files that are read and replaced whole: checkpoints, snapshots, properties. A replaced one is the old or
 * the new, never torn. Blocking.
 */
final class SmallFile {
    private static final String TEMPORARY = ".tmp";

    private SmallFile() {
    }

    /**
     * @param forced durable on return; otherwise a power cut may leave the old file, none, or a torn new one
     */
    static void replace(Disk disk, String path, byte[] content, boolean forced) {
        String temporary = path + TEMPORARY;
        disk.delete(temporary);
        try (DiskFile file = disk.open(temporary)) {
            file.write(ByteBuffer.wrap(content), 0);
            if (forced) file.force();
        }
        disk.rename(temporary, path);
        if (forced) disk.forceDirectory(LogNames.parent(path));
    }

    static void replace(Disk disk, String path, String text) {
        replace(disk, path, text.getBytes(StandardCharsets.UTF_8), true);
    }

    /** The content, or null when there is no such file. */
    static byte[] read(Disk disk, String path) {
        return read(disk, path, Long.MAX_VALUE);
    }

    /** The beginning of the content, {@code bytesMax} at most, or null when there is no such file. */
    static byte[] read(Disk disk, String path, long bytesMax) {
        if (!disk.exists(path)) return null;
        try (DiskFile file = disk.open(path)) {
            long size = Math.min(file.size(), bytesMax);
            if (size > Integer.MAX_VALUE - 8) {
                throw new DiskFailure(path + ": " + size + " bytes are too many for such a file", null);
            }
            ByteBuffer content = ByteBuffer.allocate((int) size);
            file.read(content, 0);
            return content.array();
        }
    }

    static String readText(Disk disk, String path) {
        byte[] content = read(disk, path);
        return content == null ? null : new String(content, StandardCharsets.UTF_8);
    }

    static boolean isTemporary(String name) {
        return name.endsWith(TEMPORARY);
    }
}
