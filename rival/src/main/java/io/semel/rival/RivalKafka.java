package io.semel.rival;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * One Apache Kafka broker (a single node, broker and controller at once) in a child JVM, from the jars of
 * this JVM's class path. Its files lie under one directory: {@code data/}, {@code server.properties},
 * {@code kafka.log}. Not safe for use by several threads at once. Whatever fails is a {@link RivalFailure}.
 */
public final class RivalKafka implements AutoCloseable {

    private static final long START_TIMEOUT_MS = 180_000, STOP_TIMEOUT_MS = 20_000;
    /** System property: more flags for the JVM of the broker, with blanks between; they win over ours. */
    private static final String MORE_FLAGS = "semel.rival.flags";
    /** What kafka-run-class.sh and kafka-server-start.sh set, to compare with a broker as it is shipped. */
    private static final List<String> JVM_FLAGS = List.of("-Xms1g", "-Xmx1g", "-server", "-XX:+UseG1GC",
        "-XX:MaxGCPauseMillis=20", "-XX:InitiatingHeapOccupancyPercent=35",
        "-XX:+ExplicitGCInvokesConcurrent", "-Djava.awt.headless=true");

    private final RivalFiles files;
    private final int port;
    private Process process;

    private RivalKafka(RivalFiles files, int port) {
        this.files = files;
        this.port = port;
    }

    /**
     * Starts a broker on a free port of 127.0.0.1; returns when it answers. Overrides win over our
     * settings.
     */
    public static RivalKafka start(Path dir, Map<String, String> overrides) {
        return start(dir, RivalFiles.freePort(), overrides);
    }

    /** The same on a given port. A directory that was used before is opened again with what it holds. */
    public static RivalKafka start(Path dir, int port, Map<String, String> overrides) {
        RivalKafka rival = new RivalKafka(RivalFiles.in(dir), port);
        rival.files.writeProperties(port, overrides);
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
        if (!endsWithin(STOP_TIMEOUT_MS)) throw new RivalFailure("process " + pid() + " does not end");
    }

    /**
     * Starts the broker again on its port and data, after stopping it if it runs; returns when it answers.
     */
    public void restart() {
        begin();
        long deadlineNs = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(START_TIMEOUT_MS);
        while (!Probe.answers(port)) {
            if (!process.isAlive()) {
                throw new RivalFailure("ended with " + process.exitValue() + files.logTail());
            }
            if (System.nanoTime() > deadlineNs) {
                kill9();
                throw new RivalFailure("no answer within " + START_TIMEOUT_MS + " ms" + files.logTail());
            }
        }
    }

    /** The same, and returns at once: {@link #answers} says when it is there. */
    public void begin() {
        if (process != null) close();
        process = spawn();
    }

    /** Whether it answers now; takes a moment, or two seconds, when it does not. */
    public boolean answers() {
        return Probe.answers(port);
    }

    /** What the broker writes to standard output and standard error, over all its lives. */
    public Path log() {
        return files.log();
    }

    /**
     * Stops the broker in order, by force when that takes longer than 20 s. By its handle: Process.destroy
     * closes the child's standard input as well, whose end halts it on the spot.
     */
    @Override
    public void close() {
        process.toHandle().destroy();
        if (!endsWithin(STOP_TIMEOUT_MS)) kill9();
    }

    private Process spawn() {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(JVM_FLAGS);
        RivalLogging.PROPERTIES.forEach((key, value) -> command.add("-D" + key + "=" + value));
        String more = System.getProperty(MORE_FLAGS, "").strip();
        if (!more.isEmpty()) command.addAll(List.of(more.split(" +")));
        command.add(RivalChild.class.getName());
        command.add(files.properties().toString());
        command.add(files.data().toString());
        ProcessBuilder builder = new ProcessBuilder(command).directory(files.dir().toFile());
        builder.redirectErrorStream(true);
        builder.redirectOutput(ProcessBuilder.Redirect.appendTo(files.log().toFile()));
        builder.environment().put("CLASSPATH", ClassPath.absolute());
        try {
            return builder.start();
        } catch (IOException refused) {
            throw new RivalFailure("cannot start " + command.get(0), refused);
        }
    }

    private boolean endsWithin(long timeoutMs) {
        try {
            return process.waitFor(timeoutMs, TimeUnit.MILLISECONDS);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new RivalFailure("interrupted while waiting for process " + pid(), interrupted);
        }
    }
}
