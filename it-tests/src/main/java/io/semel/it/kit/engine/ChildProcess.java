package io.semel.it.kit.engine;

import io.semel.broker.config.Durability;
import io.semel.it.kit.storage.Storage;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Lives of an engine in a JVM of its own, which ends when the pipe from this one does. */
final class ChildProcess implements Life {
    private static final long STOP_SECONDS = 60;
    /** System property: more flags for the JVM of the process, with blanks between. */
    private static final String MORE_FLAGS = "semel.child.flags";
    /** As in the launcher, and what makes a small broker start quickly. */
    private static final List<String> FLAGS = List.of("-Xmx256m", "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1", "-XX:-UsePerfData", "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn");

    private final Path directory;
    private final Durability durability;
    private final int partitions;
    private final Map<String, String> settings;
    private Process process;
    private BufferedReader output;

    /** @param settings more of the broker, under Kafka's names */
    ChildProcess(Path directory, Durability durability, int partitions, Map<String, String> settings) {
        this.settings = settings;
        this.directory = directory;
        this.durability = durability;
        this.partitions = partitions;
    }

    @Override
    public int start(int port) {
        launch(port);
        try {
            String ready = readyLine();
            return Integer.parseInt(ready.substring(EngineProcess.READY.length()));
        } catch (IOException failure) {
            throw new UncheckedIOException("the engine's process cannot be read: " + failure.getMessage(),
                    failure);
        }
    }

    @Override
    public void begin(int port) {
        launch(port);
        OpenFiles.await(process.toHandle(), directory.resolve("data"));
    }

    @Override
    public boolean serves() {
        try {
            return output.ready();
        } catch (IOException ended) {
            return false;
        }
    }

    @Override
    public Path log() {
        return directory.resolve("engine.log");
    }

    private void launch(int port) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(FLAGS);
        String more = System.getProperty(MORE_FLAGS, "").strip();
        if (!more.isEmpty()) command.addAll(List.of(more.split(" +")));
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), EngineProcess.class.getName(),
                directory.resolve("data").toString(), Integer.toString(port), durability.name(),
                Integer.toString(partitions)));
        settings.forEach((key, value) -> command.add(key + "=" + value));
        try {
            process = new ProcessBuilder(command)
                    .redirectError(ProcessBuilder.Redirect.appendTo(log().toFile())).start();
            output = process.inputReader(StandardCharsets.UTF_8);
        } catch (IOException failure) {
            throw new UncheckedIOException("the engine's process cannot be started: " + failure.getMessage(),
                    failure);
        }
    }

    @Override
    public Throwable defect() {
        if (process.isAlive()) return null;
        try {
            String log = Files.readString(log());
            return new IllegalStateException("the engine's process ended with " + process.exitValue() + "\n"
                    + log);
        } catch (IOException unreadable) {
            return new UncheckedIOException(unreadable);
        }
    }

    private String readyLine() throws IOException {
        String line = output.readLine();
        if (line != null && line.startsWith(EngineProcess.READY)) return line;
        kill();
        throw new IllegalStateException("the engine's process did not start: " + line + "\n"
                + Files.readString(log()));
    }

    @Override
    public void stop() {
        process.destroy();
        await("end");
    }

    @Override
    public void crash() {
        kill();
    }

    @Override
    public void cutPower() {
        throw new UnsupportedOperationException("the power of a process cannot be cut: use Mode.IN_PROCESS");
    }

    @Override
    public Storage storage() {
        throw new UnsupportedOperationException("the disk of a process is the machine's: use"
                + " Mode.IN_PROCESS");
    }

    private void kill() {
        process.destroyForcibly();
        await("die");
    }

    private void await(String what) {
        try {
            if (!process.waitFor(STOP_SECONDS, TimeUnit.SECONDS)) {
                throw new IllegalStateException("the engine's process " + process.pid() + " does not "
                        + what);
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while the engine's process was to " + what,
                    interrupted);
        }
    }

    @Override
    public void pause() {
        Suspension.stop(process.pid());
    }

    @Override
    public void resume() {
        Suspension.go(process.pid());
    }

    @Override
    public void moveClock(Duration forward) {
        throw new UnsupportedOperationException("the clock of a process cannot be moved:"
                + " use Mode.IN_PROCESS");
    }
}
