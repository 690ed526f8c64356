package io.semel.bench.streams;

import io.semel.bench.contender.Outside;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * A program in a process of its own, so that its processor time can be told apart and it can be killed. The
 * system property {@code semel.bench.app.flags} adds flags to its JVM. Used by the thread that started it.
 */
final class AppProcess implements AutoCloseable {
    private final Process process;
    private final CompletableFuture<String> told = new CompletableFuture<>();

    private AppProcess(Process process) {
        this.process = process;
    }

    /** Does not wait for it. {@code kind} is one of {@link App}'s or anything else for Kafka Streams. */
    static AppProcess start(String kind, App.Spec spec) {
        return start(kind, spec, List.of());
    }

    /** The same with more flags for its JVM. */
    static AppProcess start(String kind, App.Spec spec, List<String> more) {
        List<String> command = new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin",
                "java").toString(), "-Xmx1g", "-XX:+UseSerialGC",
                "-Dorg.slf4j.simpleLogger.defaultLogLevel=error"));
        for (String flag : System.getProperty("semel.bench.app.flags", "").split(" ")) {
            if (!flag.isEmpty()) command.add(flag);
        }
        command.addAll(more);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), AppMain.class.getName(), kind,
                spec.program().name(), spec.name(), spec.bootstrap(), spec.stateDir().toString()));
        spec.settings().forEach((key, value) -> command.add(key + "=" + value));
        try {
            AppProcess app = new AppProcess(new ProcessBuilder(command).redirectError(
                    ProcessBuilder.Redirect.INHERIT).start());
            Thread reader = new Thread(app::listen, "told by " + spec.name());
            reader.setDaemon(true);
            reader.start();
            return app;
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    private void listen() {
        try (BufferedReader output = process.inputReader(StandardCharsets.UTF_8)) {
            String line = output.readLine();
            told.complete(line == null ? "nothing was told" : line);
        } catch (IOException ended) {
            told.complete("nothing was told");
        }
    }

    /** Waits until it runs; what it said of its start. */
    String told() {
        return told.join();
    }

    /** CPU seconds since it began. */
    double cpu() {
        return Outside.cpu(process.pid()).toNanos() / 1e9;
    }

    double residentMib() {
        return Outside.residentMib(process.pid());
    }

    void kill9() {
        process.destroyForcibly().onExit().join();
    }

    /** SIGTERM; returns when it has ended. */
    @Override
    public void close() {
        process.destroy();
        process.onExit().join();
    }
}
