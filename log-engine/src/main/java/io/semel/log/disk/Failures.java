package io.semel.log.disk;

import io.semel.kernel.world.DiskFailure;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.util.Locale;

/**
 * Turns what the operating system says into a {@link DiskFailure} that names the file, the operation and a
 * way out. Stateless.
 */
final class Failures {
    private Failures() {
    }

    /** Where no more files can be opened no class may be loaded either: those of a failure are here then. */
    static void load() {
        of(Path.of(""), "nothing", new IOException("nothing"));
    }

    static DiskFailure of(Path path, String operation, IOException cause) {
        String said = cause instanceof FileSystemException system && system.getReason() != null
                ? system.getReason() : cause.getMessage();
        String reason = said == null || said.equals(path.toString()) ? cause.getClass().getSimpleName()
                : said;
        boolean full = isFull(reason);
        return new DiskFailure(path + ": " + operation + " failed: " + reason + wayOut(reason, full, cause),
                cause, full);
    }

    private static boolean isFull(String reason) {
        String lower = reason.toLowerCase(Locale.ROOT);
        return lower.contains("no space left") || lower.contains("disk quota exceeded")
                || lower.contains("not enough space");
    }

    private static String wayOut(String reason, boolean full, IOException cause) {
        if (full) return ". Free some space on this file system; writing goes on by itself then";
        if (reason.contains("Too many open files")) {
            return ". Raise the limit of open files (ulimit -n) and restart the broker";
        }
        if (cause instanceof AccessDeniedException || reason.contains("Permission denied")) {
            return ". Give the broker's user read and write access to it and restart the broker";
        }
        if (reason.contains("Read-only file system")) return ". Mount it writable and restart the broker";
        return ". Look at the system's log for the disk's health, then restart the broker, so that the log is"
                + " recovered";
    }
}
