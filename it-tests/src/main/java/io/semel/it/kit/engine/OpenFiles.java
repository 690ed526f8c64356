package io.semel.it.kit.engine;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/** Which files a process has open, as Linux tells it. Stateless. */
final class OpenFiles {
    private static final long PATIENCE_SECONDS = 60;
    private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

    private OpenFiles() { }

    /**
     * Returns when the process has opened a file below the directory.
     *
     * @throws IllegalStateException it ended first, or takes a minute
     */
    static void await(ProcessHandle process, Path directory) {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        while (!any(process.pid(), directory)) {
            if (!process.isAlive() || System.nanoTime() > deadline) {
                throw new IllegalStateException("process " + process.pid() + " does not open " + directory
                        + (process.isAlive() ? "" : ": it has ended"));
            }
            LockSupport.parkNanos(LOOK_NANOS);
        }
    }

    private static boolean any(long pid, Path directory) {
        try (Stream<Path> open = Files.list(Path.of("/proc", Long.toString(pid), "fd"))) {
            Path real = directory.toRealPath();
            for (Path one : open.toList()) {
                if (isBelow(one, real)) return true;
            }
            return false;
        } catch (IOException ended) {
            return false;
        }
    }

    private static boolean isBelow(Path open, Path directory) {
        try {
            return Files.readSymbolicLink(open).startsWith(directory);
        } catch (IOException closedMeanwhile) {
            return false;
        }
    }
}
