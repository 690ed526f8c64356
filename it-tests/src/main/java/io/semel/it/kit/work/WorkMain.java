package io.semel.it.kit.work;

import io.semel.it.kit.check.Checker;
import io.semel.it.kit.check.Report;
import io.semel.it.kit.history.Recorder;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Runs a workload against any broker from a shell, keeps its history and checks it: {@code WorkMain append
 * --bootstrap=host:9092 --seed=7 --clients=8 --operations=10000 --seconds=60 --crash-one-in=500
 * --history=run.jsonl}. Ends with 0 when nothing is wrong, 1 for anomalies, 2 when it could not run.
 */
public final class WorkMain {
    private WorkMain() {
    }

    public static void main(String[] arguments) {
        System.exit(run(List.of(arguments)));
    }

    static int run(List<String> arguments) {
        Map<String, String> options = new TreeMap<>();
        for (String argument : arguments) {
            if (!argument.startsWith("--")) continue;
            String[] pair = argument.substring(2).split("=", 2);
            options.put(pair[0], pair.length > 1 ? pair[1] : "");
        }
        if (arguments.isEmpty() || arguments.get(0).startsWith("--") || !options.containsKey("bootstrap")) {
            System.err.println("WorkMain append|bank|copy --bootstrap=host:port [--seed=1] [--clients=4] "
                    + "[--operations=200] [--seconds=60] [--crash-one-in=0] [--name=work] "
                    + "[--history=file] [--json]");
            return 2;
        }
        try {
            return run(Workload.named(arguments.get(0)), options);
        } catch (RuntimeException failed) {
            System.err.println(failed.getMessage());
            return 2;
        }
    }

    private static int run(Workload workload, Map<String, String> options) {
        Plan plan = Plan.against(options.get("bootstrap")).named(options.getOrDefault("name", "work"))
                .withSeed(Long.parseLong(options.getOrDefault("seed", "1")))
                .withClients(Integer.parseInt(options.getOrDefault("clients", "4")))
                .withOperations(Long.parseLong(options.getOrDefault("operations", "200")))
                .within(Duration.ofSeconds(Long.parseLong(options.getOrDefault("seconds", "60"))))
                .crashingOneIn(Integer.parseInt(options.getOrDefault("crash-one-in", "0")));
        String file = options.get("history");
        try (Recorder recorder = file == null ? Recorder.inMemory() : Recorder.writingTo(Path.of(file))) {
            recorder.note("plan", workload.name() + " " + plan);
            workload.run(plan, recorder);
            Report report = Checker.check(recorder.history());
            System.out.println(options.containsKey("json") ? report.json() : report.text());
            return report.isClean() ? 0 : 1;
        }
    }
}
