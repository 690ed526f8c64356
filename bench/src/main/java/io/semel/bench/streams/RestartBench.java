package io.semel.bench.streams;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/**
 * {@code ./semel bench --only streams-restart}: a program with many keys of state in a process of its own is
 * killed with kill -9 while it processes, or ended cleanly, and started again at once. Counted are the time
 * until something that was sent after its end has come through, and the records it replayed. One thread.
 */
public final class RestartBench {
    private static final Duration PATIENCE = Duration.ofMinutes(3);
    private final Path directory;
    private final int keys;
    private int number;

    public RestartBench(Path directory, int keys) {
        this.directory = directory;
        this.keys = keys;
    }

    /** Measures both programs on {@code broker} and prints a line for each kind of restart. */
    public void run(Broker broker) {
        for (String kind : List.of("semel", "kafka streams")) {
            String name = "restart" + ++number;
            Path place = directory.resolve(broker.name().replace(' ', '-')).resolve(name);
            App.Spec spec = new App.Spec(name, broker.bootstrap(), 0, place.resolve("one"), Map.of());
            try (Load load = new Load(spec)) {
                Process app = start(kind, spec);
                load.fill(keys);
                load.secondsOfLastHalf(keys, Duration.ofMinutes(10));
                load.awaitDueAfter(System.nanoTime(), PATIENCE);
                app = restart(broker, kind, "kill -9", app, spec, load);
                app = restart(broker, kind, "clean restart", app, spec, load);
                App.Spec other = new App.Spec(name, broker.bootstrap(), 0, place.resolve("two"), Map.of());
                app = restart(broker, kind, "kill -9, takeover", app, other, load);
                app.destroyForcibly().onExit().join();
            }
        }
    }

    private Process restart(Broker broker, String kind, String how, Process before, App.Spec spec,
                            Load load) {
        if (how.startsWith("kill")) {
            before.destroyForcibly().onExit().join();
        } else {
            before.destroy();
            before.onExit().join();
        }
        long ended = System.nanoTime();
        CompletableFuture<String> told = new CompletableFuture<>();
        Process app = start(kind, spec, told);
        long back = load.awaitDueAfter(ended, PATIENCE);
        System.out.printf(Locale.ROOT, "%-14s %-14s %,d keys, %-18s: back after %6.2f s of which %s%n",
                broker.name(), kind, keys, how, back < 0 ? Double.NaN : (back - ended) / 1e9, told.join());
        return app;
    }

    private Process start(String kind, App.Spec spec) {
        CompletableFuture<String> told = new CompletableFuture<>();
        Process app = start(kind, spec, told);
        told.join();
        return app;
    }

    private static Process start(String kind, App.Spec spec, CompletableFuture<String> told) {
        try {
            Process process = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java")
                    .toString(), "-Xmx1g", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=4",
                    "-Dorg.slf4j.simpleLogger.defaultLogLevel=error", "-cp",
                    System.getProperty("java.class.path"), AppMain.class.getName(), kind, spec.name(),
                    spec.bootstrap(), spec.stateDir().toString()).redirectError(
                            ProcessBuilder.Redirect.INHERIT).start();
            BufferedReader output = process.inputReader(StandardCharsets.UTF_8);
            Thread reader = new Thread(() -> {
                try {
                    told.complete(output.readLine());
                } catch (IOException ended) {
                    told.complete("nothing was told");
                }
            }, "told by " + spec.name());
            reader.setDaemon(true);
            reader.start();
            return process;
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }
}
