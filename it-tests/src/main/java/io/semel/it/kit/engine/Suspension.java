package io.semel.it.kit.engine;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/** Lets a process stand still and go on. Stateless. */
final class Suspension {
    private static final long PATIENCE_SECONDS = 60;
    private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

    private Suspension() { }

    /** SIGSTOP. Returns when every thread stands still: the signal is on its way for some time. */
    static void stop(long pid) {
        signal("-STOP", pid);
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        while (!standsStill(pid)) {
            if (System.nanoTime() > deadline) {
                throw new IllegalStateException("the engine's process " + pid + " does not stand still");
            }
            LockSupport.parkNanos(LOOK_NANOS);
        }
    }

    /** SIGCONT. */
    static void go(long pid) {
        signal("-CONT", pid);
    }

    /** As Linux tells it, thread by thread; where nobody tells, the signal has to do. */
    private static boolean standsStill(long pid) {
        Path threads = Path.of("/proc", Long.toString(pid), "task");
        if (!Files.isDirectory(threads)) return true;
        try (Stream<Path> all = Files.list(threads)) {
            for (Path thread : all.toList()) {
                String told = Files.readString(thread.resolve("stat"));
                if (told.charAt(told.lastIndexOf(')') + 2) != 'T') return false;
            }
            return true;
        } catch (IOException ended) {
            return false;
        }
    }

    private static void signal(String signal, long pid) {
        try {
            Process kill = new ProcessBuilder("kill", signal, Long.toString(pid)).inheritIO().start();
            int exit = kill.waitFor();
            if (exit != 0) throw new IllegalStateException("kill " + signal + " " + pid + " gave " + exit);
        } catch (IOException failure) {
            throw new UncheckedIOException("no kill command here: " + failure.getMessage(), failure);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while sending " + signal, interrupted);
        }
    }
}
