package io.semel.examples.demo;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * A process of the demo: a main class with its arguments that can be started, killed and started again.
 * Everything it prints goes to its log; a line with the word READY says that it is up. Controlled by the
 * round's thread; ended with the demo in any case.
 */
final class Child implements AutoCloseable {

    private static final Pattern READY = Pattern.compile("\\bready\\b", Pattern.CASE_INSENSITIVE);
    private static final long START_TIMEOUT_S = 60, STOP_TIMEOUT_S = 10;
    /** A small heap and the first compiler only: these processes live for seconds. */
    private static final List<String> JVM_FLAGS = List.of(
        "-Xmx256m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-XX:+ExitOnOutOfMemoryError",
        "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn", "-Dorg.slf4j.simpleLogger.log.io.semel=info",
        "-Dorg.slf4j.simpleLogger.showDateTime=true", "-Dorg.slf4j.simpleLogger.dateTimeFormat=HH:mm:ss.SSS");

    private final String name;
    private final Path log;
    private final List<String> command = new ArrayList<>();
    private Process process;
    private Thread reader;
    private long startNs;
    private volatile long readyNs;

    Child(String name, Path log, String mainClass, List<String> args) {
        this.name = name;
        this.log = log;
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(inheritedFlags());
        command.addAll(JVM_FLAGS);
        command.add(Tether.class.getName());
        command.add(mainClass);
        command.addAll(args);
    }

    /** Starts the process and returns at once. */
    void start() {
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.redirectErrorStream(true);
        builder.environment().put("CLASSPATH", classPath());
        startNs = System.nanoTime();
        readyNs = 0;
        try {
            process = builder.start();
        } catch (IOException refused) {
            throw new DemoFailure("the " + name + " cannot be started: " + refused.getMessage(), refused);
        }
        reader = new Thread(() -> copyOutput(process), name + " output");
        reader.setDaemon(true);
        reader.start();
    }

    /** Starts the process and waits until it says that it is ready. */
    void startAndAwait() {
        start();
        long deadlineNs = startNs + TimeUnit.SECONDS.toNanos(START_TIMEOUT_S);
        while (!isReady()) {
            check();
            if (System.nanoTime() > deadlineNs) throw failure("is not ready after " + START_TIMEOUT_S + " s");
            joinReader(10);
        }
    }

    boolean isReady() {
        return readyNs != 0;
    }

    /** From start to ready, in milliseconds. */
    long startupMs() {
        return TimeUnit.NANOSECONDS.toMillis(readyNs - startNs);
    }

    long pid() {
        return process.pid();
    }

    /** SIGKILL; returns when the process is gone. */
    void kill9() {
        process.destroyForcibly();
        awaitEnd();
        joinReader(1000);
    }

    /** Fails if the process has ended, which it never does by itself. */
    void check() {
        if (process.isAlive()) return;
        joinReader(1000);
        throw failure("ended by itself with code " + process.exitValue());
    }

    /** SIGTERM, and SIGKILL if that takes too long. */
    @Override
    public void close() {
        if (process == null) return;
        process.destroy();
        try {
            if (!process.waitFor(STOP_TIMEOUT_S, TimeUnit.SECONDS)) kill9();
        } catch (InterruptedException hurry) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }

    /** SIGKILL without waiting, for a demo that is being ended itself. */
    void destroyNow() {
        if (process != null) process.destroyForcibly();
    }

    private void awaitEnd() {
        try {
            if (!process.waitFor(STOP_TIMEOUT_S, TimeUnit.SECONDS)) throw failure("does not end");
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new DemoFailure("interrupted", interrupted);
        }
    }

    private void joinReader(long ms) {
        try {
            reader.join(ms);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new DemoFailure("interrupted", interrupted);
        }
    }

    private void copyOutput(Process from) {
        try (BufferedReader in = from.inputReader(StandardCharsets.UTF_8);
             var out = Files.newBufferedWriter(log, StandardOpenOption.CREATE, StandardOpenOption.APPEND)) {
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                if (readyNs == 0 && READY.matcher(line).find()) readyNs = System.nanoTime();
                out.write(line);
                out.newLine();
                out.flush();
            }
        } catch (IOException gone) {
            // the process was killed
        }
    }

    private DemoFailure failure(String what) {
        String tail = "";
        try {
            List<String> lines = Files.readAllLines(log);
            tail = ":\n  " + String.join("\n  ", lines.subList(Math.max(0, lines.size() - 12), lines.size()));
        } catch (IOException unreadable) {
            // the message stands without it
        }
        String who = "the " + name + " (process " + pid() + ") ";
        return new DemoFailure(who + what + "; " + log + " ends" + tail);
    }

    /** What opens modules to the broker's memory-mapped indexes is inherited from this JVM. */
    private static List<String> inheritedFlags() {
        return ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
            .filter(flag -> flag.startsWith("--add-opens=") || flag.startsWith("--add-exports=")).toList();
    }

    private static String classPath() {
        return Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
            .map(entry -> Path.of(entry).toAbsolutePath().toString())
            .collect(Collectors.joining(File.pathSeparator));
    }
}
