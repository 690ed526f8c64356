package io.semel.bench;

import io.semel.bench.streams.Broker;
import io.semel.bench.streams.LatencyBench;
import io.semel.bench.streams.RestartBench;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code ./semel bench}: the contenders one after the other, again and again, in one run. */
@Command(name = "semel bench", mixinStandardHelpOptions = true, sortOptions = false,
        description = "Measures us and Apache Kafka, alternating, and prints the ratio.",
        footer = {"", "Example:", "  ./semel bench --only tiny", "  ./semel bench --only startup", "",
                "Only the ratios of one run mean anything: all contenders share the machine's load."})
public final class BenchMain implements Callable<Integer> {
    private static final Duration WARM_UP = Duration.ofSeconds(5);

    @Option(names = "--only", paramLabel = "NAME", defaultValue = "tiny",
            description = "tiny: one-record transactions (default); log: the log engine by itself;"
                    + " startup: first answer, idle memory; streams-latency, streams-restart: the DSL beside"
                    + " Kafka Streams.")
    private String only;

    @Option(names = "--rival", paramLabel = "none|kafka", defaultValue = "kafka",
            description = "Whom to measure beside (default: ${DEFAULT-VALUE}).")
    private String rival;

    @Option(names = "--rounds", paramLabel = "N", defaultValue = "5",
            description = "How often each has its turn (default: ${DEFAULT-VALUE}).")
    private int rounds;

    @Option(names = "--seconds", paramLabel = "N", defaultValue = "4",
            description = "Length of a turn (default: ${DEFAULT-VALUE}).")
    private int seconds;

    @Option(names = "--quick", description = "Three rounds of two seconds.")
    private boolean quick;

    public static void main(String[] arguments) {
        System.setProperty("org.slf4j.simpleLogger.defaultLogLevel",
                System.getProperty("org.slf4j.simpleLogger.defaultLogLevel", "warn"));
        System.exit(new CommandLine(new BenchMain()).setExecutionExceptionHandler((problem, command,
                parsed) -> {
            command.getErr().println("semel bench: " + problem.getMessage());
            return 1;
        }).execute(arguments));
    }

    @Override
    public Integer call() throws IOException {
        List<String> known = List.of("tiny", "log", "startup", "streams-latency", "streams-restart");
        if (!known.contains(only)) {
            throw new IllegalArgumentException("--only takes one of " + known + ", not " + only);
        }
        if (!rival.equals("none") && !rival.equals("kafka")) {
            throw new IllegalArgumentException("--rival takes none or kafka, not " + rival);
        }
        if (quick) {
            rounds = 3;
            seconds = 2;
        }
        if (rounds < 1 || seconds < 1) {
            throw new IllegalArgumentException("--rounds and --seconds take 1 or more");
        }
        Path directory = Files.createTempDirectory("semel-bench");
        try {
            switch (only) {
                case "log" -> LogBench.run(directory, quick);
                case "startup" -> new StartUps(directory, rival.equals("kafka")).measure(rounds);
                case "streams-latency", "streams-restart" -> measureStreams(directory);
                default -> measure(directory);
            }
            return 0;
        } finally {
            delete(directory);
        }
    }

    /** The DSL beside Kafka Streams, on one broker after the other. */
    private void measureStreams(Path directory) {
        List<String> names = rival.equals("kafka") ? List.of("semel force", "kafka default")
                : List.of("semel force");
        for (String name : names) {
            Path place = directory.resolve(name.replace(' ', '-'));
            try (Contender contender = name.startsWith("semel") ? SemelContender.start(place, "force")
                    : KafkaContender.start(name, place, Map.of())) {
                Broker broker = new Broker(contender.name(), contender.bootstrap());
                if (only.equals("streams-restart")) {
                    new RestartBench(directory.resolve("state"), quick ? 100_000 : 1_000_000).run(broker);
                } else {
                    new LatencyBench(directory.resolve("state"), Duration.ofSeconds(quick ? 4 : 10),
                            quick ? 50_000 : 300_000).run(broker);
                }
            } catch (InterruptedException asked) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }

    private void measure(Path directory) {
        List<TinyTransactions> works = new ArrayList<>();
        try {
            System.out.println("starting the contenders ...");
            works.add(new TinyTransactions(SemelContender.start(directory.resolve("semel-force"), "force")));
            works.add(new TinyTransactions(SemelContender.start(directory.resolve("semel-os"), "os")));
            if (rival.equals("kafka")) {
                works.add(new TinyTransactions(KafkaContender.start("kafka default",
                        directory.resolve("kafka"), Map.of())));
                works.add(new TinyTransactions(KafkaContender.start("kafka tuned",
                        directory.resolve("kafka-tuned"), KafkaContender.TUNED)));
            }
            for (TinyTransactions work : works) {
                System.out.println("warming up " + work.contender().name() + " ...");
                work.run(quick ? Duration.ofSeconds(2) : WARM_UP);
            }
            Map<String, List<TinyTransactions.Result>> results = new LinkedHashMap<>();
            List<Double> forces = new ArrayList<>();
            for (int round = 1; round <= rounds; round++) {
                forces.add((double) ForceProbe.medianUs(directory.resolve("probe")));
                for (TinyTransactions work : works) {
                    TinyTransactions.Result result = work.run(Duration.ofSeconds(seconds));
                    results.computeIfAbsent(work.contender().name(), name -> new ArrayList<>()).add(result);
                    System.out.printf(Locale.ROOT, "round %d of %d: %-14s %8.0f commits/s%n", round, rounds,
                            work.contender().name(),
                            result.commitsPerSecond());
                }
            }
            print(results, median(forces));
        } finally {
            works.forEach(TinyTransactions::close);
        }
    }

    private static void print(Map<String, List<TinyTransactions.Result>> results, double forceUs) {
        System.out.println();
        System.out.println("one-record transactions, one KafkaProducer with its defaults; medians");
        System.out.printf("%-14s %10s %9s %9s %9s %15s%n", "", "commits/s", "p50 ms", "p90 ms", "p99 ms",
                "broker cpu ms");
        results.forEach((name, all) -> System.out.printf(Locale.ROOT,
                "%-14s %10.0f %9.2f %9.2f %9.2f %15.3f%n", name,
                median(all, TinyTransactions.Result::commitsPerSecond),
                        median(all, result -> result.p50Us() / 1e3),
                median(all, result -> result.p90Us() / 1e3), median(all, result -> result.p99Us() / 1e3),
                median(all, TinyTransactions.Result::brokerCpuMsPerCommit)));
        System.out.printf(Locale.ROOT, "%-14s one append of 512 bytes with its force: %.0f us%n", "the disk",
                forceUs);
        for (String ours : List.of("semel force", "semel os")) {
            for (String theirs : List.of("kafka default", "kafka tuned")) {
                if (!results.containsKey(theirs)) continue;
                double ratio = median(results.get(ours), TinyTransactions.Result::commitsPerSecond)
                        / median(results.get(theirs), TinyTransactions.Result::commitsPerSecond);
                double p99 = median(results.get(theirs),
                        TinyTransactions.Result::p99Us) / median(results.get(ours),
                        TinyTransactions.Result::p99Us);
                System.out.printf(Locale.ROOT, "%s : %s  =  %.1fx commits, p99 %.1fx shorter%n", ours,
                        theirs, ratio, p99);
            }
        }
    }

    private static double median(List<TinyTransactions.Result> results,
            ToDoubleFunction<TinyTransactions.Result> figure) {
        return median(results.stream().map(result -> figure.applyAsDouble(result)).toList());
    }

    private static double median(List<Double> figures) {
        List<Double> sorted = figures.stream().sorted().toList();
        return sorted.get(sorted.size() / 2);
    }

    private static void delete(Path directory) throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            files.sorted(Comparator.reverseOrder()).forEach(file -> file.toFile().delete());
        }
    }
}
