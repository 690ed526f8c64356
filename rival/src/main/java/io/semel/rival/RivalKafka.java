package io.semel.rival;

import java.io.IOException;
import java.io.Writer;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.TimeUnit;

/**
 * One Apache Kafka broker (a single node, broker and controller at once) in a child JVM, from the jars of
 * this JVM's class path. Its files lie under one directory: {@code data/}, {@code server.properties},
 * {@code kafka.log}. Not safe for use by several threads at once. Whatever fails is a {@link RivalFailure}.
 */
public final class RivalKafka implements AutoCloseable {

    private static final long START_TIMEOUT_MS = 60_000, STOP_TIMEOUT_MS = 20_000;
    /**
     * What kafka-run-class.sh and kafka-server-start.sh set, so that measurements compare with a broker as
     * shipped.
     */
    private static final List<String> JVM_FLAGS = List.of("-Xms1g", "-Xmx1g", "-server", "-XX:+UseG1GC",
        "-XX:MaxGCPauseMillis=20", "-XX:InitiatingHeapOccupancyPercent=35",
        "-XX:+ExplicitGCInvokesConcurrent", "-Djava.awt.headless=true");
    /**
     * The class path may hold several slf4j providers: one is named, and it writes to standard error, our
     * log file.
     */
    private static final List<String> LOG_FLAGS = List.of(
        "-Dslf4j.provider=org.slf4j.simple.SimpleServiceProvider", "-Dslf4j.internal.verbosity=ERROR",
        "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn", "-Dorg.slf4j.simpleLogger.logFile=System.err",
        "-Dorg.slf4j.simpleLogger.showDateTime=true", "-Dlog4j2.statusLoggerLevel=OFF", "-Dlog4j2.level=OFF");

    private final Path dir;
    private final int port;
    private Process process;

    private RivalKafka(Path dir, int port) {
        this.dir = dir;
        this.port = port;
    }

    /**
     * Starts a broker on a free port of 127.0.0.1 and returns when it answers. Overrides go over
     * server.properties.
     */
    public static RivalKafka start(Path dir, Map<String, String> overrides) {
        return start(dir, freePort(), overrides);
    }

    /** The same on a given port. A directory that was used before is opened again with what it holds. */
    public static RivalKafka start(Path dir, int port, Map<String, String> overrides) {
        Path absolute = dir.toAbsolutePath();
        RivalKafka rival = new RivalKafka(absolute, port);
        writeProperties(absolute, RivalConfig.of(rival.data(), port, freePort(), overrides));
        rival.restart();
        return rival;
    }

    /** What to set as {@code bootstrap.servers}; stays the same over restarts. */
    public String bootstrap() {
        return "127.0.0.1:" + port;
    }

    /** The process id of the broker; a new one after each restart. */
    public long pid() {
        return process.pid();
    }

    /** Whether the broker's process runs. */
    public boolean isAlive() {
        return process.isAlive();
    }

    /** SIGKILL: the broker gets no chance to flush or say goodbye. Returns when the process is gone. */
    public void kill9() {
        process.destroyForcibly();
        awaitEnd(STOP_TIMEOUT_MS);
    }

    /**
     * Starts the broker again on the same port and data, after stopping it if it runs; returns when it
     * answers.
     */
    public void restart() {
        if (process != null) close();
        process = spawn();
        long deadlineNs = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(START_TIMEOUT_MS);
        while (!Probe.answers(port)) {
            if (!process.isAlive()) throw new RivalFailure("ended with " + process.exitValue() + logTail());
            if (System.nanoTime() > deadlineNs) {
                kill9();
                throw new RivalFailure("no answer within " + START_TIMEOUT_MS + " ms" + logTail());
            }
        }
    }

    /** Stops the broker in order, by force when that takes longer than 20 s. */
    @Override
    public void close() {
        process.destroy();
        if (!endsWithin(STOP_TIMEOUT_MS)) kill9();
    }

    /** Waits for the broker's process to end by itself and returns its exit code. */
    int awaitExit() {
        endsWithin(Long.MAX_VALUE);
        return process.exitValue();
    }

    private Path data() {
        return dir.resolve("data");
    }

    private Path log() {
        return dir.resolve("kafka.log");
    }

    private Process spawn() {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(JVM_FLAGS);
        command.addAll(LOG_FLAGS);
        command.add(RivalChild.class.getName());
        command.add(dir.resolve("server.properties").toString());
        command.add(data().toString());
        ProcessBuilder builder = new ProcessBuilder(command).directory(dir.toFile());
        builder.redirectErrorStream(true);
        builder.redirectOutput(ProcessBuilder.Redirect.appendTo(log().toFile()));
        builder.environment().put("CLASSPATH", ClassPath.absolute());
        try {
            return builder.start();
        } catch (IOException refused) {
            throw new RivalFailure("cannot start " + command.get(0), refused);
        }
    }

    private void awaitEnd(long timeoutMs) {
        if (!endsWithin(timeoutMs)) throw new RivalFailure("process " + pid() + " does not end");
    }

    private boolean endsWithin(long timeoutMs) {
        try {
            return process.waitFor(timeoutMs, TimeUnit.MILLISECONDS);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new RivalFailure("interrupted while waiting for process " + pid(), interrupted);
        }
    }

    private String logTail() {
        try {
            List<String> lines = Files.readAllLines(log());
            List<String> tail = lines.subList(Math.max(0, lines.size() - 20), lines.size());
            return "; " + log() + " ends:\n" + String.join("\n", tail);
        } catch (IOException unreadable) {
            return "; no log: " + unreadable;
        }
    }

    private static void writeProperties(Path dir, Map<String, String> config) {
        try {
            Files.createDirectories(dir);
            Properties properties = new Properties();
            properties.putAll(config);
            try (Writer out = Files.newBufferedWriter(dir.resolve("server.properties"))) {
                properties.store(out, null);
            }
        } catch (IOException unwritable) {
            throw new RivalFailure("cannot write " + dir, unwritable);
        }
    }

    private static int freePort() {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException none) {
            throw new RivalFailure("no free port", none);
        }
    }
}
