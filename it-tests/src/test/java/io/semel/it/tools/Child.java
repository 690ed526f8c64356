package io.semel.it.tools;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/** A program that does not end by itself, or is to be killed: in a JVM of its own. One thread. */
final class Child implements AutoCloseable {
    private static final long PATIENCE_S = 180;
    /** A whole suite of cases, each of which has patience of its own. */
    private static final long PATIENCE_OF_ALL_S = 600;

    /** Whether the line was seen, and all lines up to it. */
    record Outcome(boolean found, List<String> lines) {
    }

    private final Process process;
    private final BufferedReader lines;
    private final List<String> seen = Collections.synchronizedList(new ArrayList<>());

    private Child(Process process) {
        this.process = process;
        this.lines = new BufferedReader(new InputStreamReader(process.getInputStream(),
                StandardCharsets.UTF_8));
    }

    static Child of(String mainClass, Object... arguments) throws IOException {
        return beside(System.getProperty("java.class.path"), mainClass, arguments);
    }

    /** One that has another class path than we do. */
    static Child beside(String classPath, String mainClass, Object... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-Xmx256m",
                "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1",
                        "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn",
                "-cp", classPath, mainClass));
        for (Object argument : arguments) command.add(argument.toString());
        return new Child(new ProcessBuilder(command).redirectErrorStream(true).start());
    }

    /** Reads what it prints until a line is as wanted, then ends it. */
    Outcome until(Predicate<String> wanted) {
        try (this) {
            return new Outcome(waitFor(wanted), List.copyOf(seen));
        }
    }

    /** Reads what it prints until a line is as wanted; false when it ended, or patience did, without. */
    boolean waitFor(Predicate<String> wanted) {
        return waitFor(wanted, PATIENCE_S);
    }

    boolean waitFor(Predicate<String> wanted, long seconds) {
        CompletableFuture<Boolean> found = CompletableFuture.supplyAsync(() -> search(wanted));
        try {
            return found.get(seconds, TimeUnit.SECONDS);
        } catch (Exception late) {
            return false;
        }
    }

    private boolean search(Predicate<String> wanted) {
        try {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                seen.add(line);
                if (wanted.test(line)) return true;
            }
        } catch (IOException closed) {
            return false;
        }
        return false;
    }

    /** All that it prints. */
    List<String> untilItEnds() {
        try (this) {
            waitFor(line -> false, PATIENCE_OF_ALL_S);
            return List.copyOf(seen);
        }
    }

    /** From now on what it prints is read and dropped, so that it never waits for a reader. */
    void drain() {
        CompletableFuture.runAsync(() -> search(line -> false));
    }

    /** SIGTERM: it may put its things in order. */
    void stop() throws InterruptedException {
        process.destroy();
        if (!process.waitFor(PATIENCE_S, TimeUnit.SECONDS)) throw new AssertionError("does not end: " + seen);
    }

    List<String> seen() {
        return seen;
    }

    /** SIGKILL. */
    @Override
    public void close() {
        process.destroyForcibly();
        process.onExit().join();
    }
}
