package io.semel.bench.streams;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * {@code ./semel bench --only streams-restart}: a program with many keys of state in a process of its own is
 * killed with kill -9 while it processes, or ended cleanly, and started again at once; the same with the
 * classes that an earlier start has kept (class-data sharing), for both programs. Counted are the time until
 * something that was sent after its end has come through, and the records it replayed. One thread.
 */
public final class RestartBench {
    private static final Duration PATIENCE = Duration.ofMinutes(3);
    private static final List<String> QUIET = List.of("-Xlog:disable", "-Xlog:all=error:stderr");
    private final Path directory;
    private final int keys;
    private final int rounds;
    private int number;

    /** @param rounds how often it is killed and ended; a takeover, which takes long, comes once */
    public RestartBench(Path directory, int keys, int rounds) {
        this.directory = directory;
        this.keys = keys;
        this.rounds = rounds;
    }

    /** One program on one broker. */
    private record Trial(Broker broker, String kind, App.Spec spec, Load load) {
        AppProcess start(List<String> flags) {
            return AppProcess.start(kind, spec, flags);
        }
    }

    /** Measures both programs on {@code broker} and prints a line for each restart. */
    public void run(Broker broker) {
        for (String kind : List.of(App.OURS, Rivals.DEFAULTS)) {
            String name = "restart" + ++number;
            Path place = directory.resolve(broker.name().replace(' ', '-')).resolve(name);
            App.Spec spec = new App.Spec(Program.COUNT, name, broker.bootstrap(), place.resolve("one"),
                    Map.of());
            try (Load load = new Load(spec)) {
                Trial trial = new Trial(broker, kind, spec, load);
                Path archive = directory.resolve(name + ".jsa");
                AppProcess app = trial.start(with("-XX:ArchiveClassesAtExit=" + archive));
                load.fillKeys(keys);
                load.passed(load.sumExpected(keys), Duration.ofMinutes(10), () -> { });
                app.close();
                app = trial.start(List.of());
                load.awaitDueAfter(System.nanoTime(), PATIENCE);
                for (int round = 0; round < rounds; round++) {
                    for (List<String> flags : List.of(List.<String>of(),
                            with("-XX:SharedArchiveFile=" + archive))) {
                        String classes = flags.isEmpty() ? "" : ", classes kept";
                        app.kill9();
                        app = restarted(trial, "kill -9" + classes, flags);
                        app.close();
                        app = restarted(trial, "clean restart" + classes, flags);
                    }
                }
                app.kill9();
                App.Spec other = new App.Spec(Program.COUNT, name, broker.bootstrap(), place.resolve("two"),
                        Map.of());
                restarted(new Trial(broker, kind, other, load), "kill -9, takeover", List.of()).kill9();
            }
        }
    }

    private static List<String> with(String flag) {
        return List.of(flag, QUIET.get(0), QUIET.get(1));
    }

    private AppProcess restarted(Trial trial, String how, List<String> flags) {
        long ended = System.nanoTime();
        AppProcess app = trial.start(flags);
        long back = trial.load().awaitDueAfter(ended, PATIENCE);
        double cpu = app.cpu();
        System.out.printf(Locale.ROOT, "%-14s %-14s %,d keys, %-27s: back after %6.2f s (CPU %.2f s,"
                + " %.0f MiB) of which %s%n", trial.broker().name(), trial.kind(), keys, how,
                back < 0 ? Double.NaN : (back - ended) / 1e9, cpu, app.residentMib(), app.told());
        return app;
    }
}
