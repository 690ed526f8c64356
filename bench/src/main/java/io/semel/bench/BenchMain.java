package io.semel.bench;

import io.semel.bench.streams.Broker;
import io.semel.bench.streams.LatencyBench;
import io.semel.bench.streams.RestartBench;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code ./semel bench}: the contenders one after the other, again and again, in one run. */
@Command(name = "semel bench", mixinStandardHelpOptions = true, sortOptions = false,
        description = "Measures us and Apache Kafka in one run, taking turns, and prints medians and ratios.",
        footer = {"", "Examples:", "  ./semel bench --only tiny", "  ./semel bench --only crowd --quick", "",
                "Only the ratios of one run mean anything: all contenders share the machine's load."})
public final class BenchMain implements Callable<Integer> {
    /** What {@code --only} names. */
    private interface Work {
        void run(Path directory) throws IOException;
    }

    @Option(names = "--only", paramLabel = "NAME", defaultValue = "tiny",
            description = "tiny, offsets, spread, crowd: transactions (default: ${DEFAULT-VALUE}); log: the"
                    + " log engine by itself; compaction: beside copying the same bytes; history: starts as"
                    + " committed offsets pile up; startup: first answer, idle memory; streams-latency,"
                    + " streams-restart: the DSL beside Kafka Streams.")
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
        Work work = work();
        Path directory = Files.createTempDirectory("semel-bench");
        try {
            work.run(directory);
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

    private Work work() {
        Map<String, Work> works = new LinkedHashMap<>();
        for (Shape shape : Shape.ALL) {
            works.put(shape.name(), directory -> new TransactionsBench(shape, rival.equals("kafka"), rounds,
                    Duration.ofSeconds(seconds), quick).run(directory));
        }
        works.put("log", directory -> LogBench.run(directory, quick));
        works.put("growth", directory -> GrowthBench.run(directory, quick));
        works.put("partitions", directory -> PartitionsBench.run(directory, quick));
        works.put("compaction", directory -> new CompactionBench(directory, quick ? 64 : 256).run(rounds));
        works.put("history", directory -> new HistoryBench(directory).run());
        works.put("startup", directory -> new StartUps(directory, rival.equals("kafka")).measure(rounds));
        works.put("streams-latency", this::measureStreams);
        works.put("streams-restart", this::measureStreams);
        Work work = works.get(only);
        if (work != null) return work;
        throw new IllegalArgumentException("--only takes " + String.join(", ", works.keySet()) + ", not "
                + only);
    }

    private static void delete(Path directory) throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            files.sorted(Comparator.reverseOrder()).forEach(file -> file.toFile().delete());
        }
    }
}
