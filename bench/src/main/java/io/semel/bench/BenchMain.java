package io.semel.bench;

import io.semel.bench.clients.ManyIds;
import io.semel.bench.clients.Revival;
import io.semel.bench.clients.Trials;
import io.semel.bench.contender.Contender;
import io.semel.bench.contender.Contestants;
import io.semel.bench.contender.SemelContender;
import io.semel.bench.micro.Micro;
import io.semel.bench.report.Baseline;
import io.semel.bench.report.Page;
import io.semel.bench.report.Report;
import io.semel.bench.streams.Broker;
import io.semel.bench.streams.LatencyBench;
import io.semel.bench.streams.RestartBench;
import io.semel.bench.streams.StateBench;
import io.semel.bench.streams.ThroughputBench;
import io.semel.bench.turns.Machine;
import io.semel.bench.turns.Outcome;
import io.semel.bench.turns.Trial;
import io.semel.bench.turns.Turns;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.BiConsumer;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code ./semel bench}: the contenders one after the other, again and again, in one run. */
@Command(name = "semel bench", mixinStandardHelpOptions = true, sortOptions = false,
        description = "Measures us and Apache Kafka in one run, taking turns, and prints medians and ratios.",
        footer = {"", "Examples:", "  ./semel bench --only tiny", "  ./semel bench --only crowd --quick",
                "  ./semel bench --only tiny --save before.txt",
                "  ./semel bench --only tiny --compare before.txt", "",
                "Only the ratios of one run mean anything: all contenders share the machine's load."})
public final class BenchMain implements Callable<Integer> {
    private static final int WORSE = 3;

    /** What {@code --only} names. */
    private interface Work {
        void run(Path directory) throws IOException;
    }

    @Option(names = "--only", paramLabel = "NAME", defaultValue = "tiny",
            description = "tiny, offsets, spread, spread1000, crowd, crowd32: transactions (default:"
                    + " ${DEFAULT-VALUE}); produce: flat out, several codecs; paced: acknowledgements at a"
                    + " steady rate; consume: read_committed; copy: consume, transform, produce; clients: all"
                    + " of these; log: the log engine by itself; micro: JMH, what runs for every"
                    + " batch and record; compaction: beside copying the same bytes;"
                    + " revival: kill -9 with gigabytes and open transactions; ids: kill -9 with up to"
                    + " 100,000 transactional ids and producer ids; history: starts as committed"
                    + " offsets pile up; startup: first answer, first commit, idle memory, also with 1,000"
                    + " partitions; growth: cost as logs, open transactions and connections grow;"
                    + " streams-state: as the DSL's stores do; partitions: starts and open files of many;"
                    + " streams-latency, streams-throughput, streams-restart: the DSL beside Kafka Streams.")
    private String only;

    @Option(names = "--rival", paramLabel = "none|kafka", defaultValue = "kafka",
            description = "Whom to measure beside (default: ${DEFAULT-VALUE}).")
    private String rival;

    @Option(names = "--bootstrap", paramLabel = "HOST:PORT",
            description = "A broker that runs already and takes part in the workloads of clients, too.")
    private String given;

    @Option(names = "--html", paramLabel = "FILE",
            description = "Where the page with plots goes, for workloads of clients (default:"
                    + " target/semel/bench-NAME.html).")
    private Path page;

    @Option(names = "--save", paramLabel = "FILE",
            description = "Keeps the ratios of workloads of clients, for a later --compare.")
    private Path save;

    @Option(names = "--compare", paramLabel = "FILE",
            description = "Ratios of an earlier run, of any machine: exit code 3 and a line for each that has"
                    + " become worse by more than --tolerance.")
    private Path compare;

    @Option(names = "--tolerance", paramLabel = "TIMES", defaultValue = "1.5",
            description = "Default: ${DEFAULT-VALUE}.")
    private double tolerance;

    @Option(names = "--rounds", paramLabel = "N", defaultValue = "5",
            description = "How often each has its turn (default: ${DEFAULT-VALUE}).")
    private int rounds;

    @Option(names = "--seconds", paramLabel = "N", defaultValue = "4",
            description = "Length of a turn (default: ${DEFAULT-VALUE}).")
    private int seconds;

    @Option(names = "--per-second", paramLabel = "N", split = ",", defaultValue = "2000",
            description = "streams-latency: records a second; several, like 500,5000, are measured in turns"
                    + " (default: ${DEFAULT-VALUE}).")
    private List<Integer> perSecond;

    @Option(names = "--warm-up", paramLabel = "N", defaultValue = "0",
            description = "streams-latency: seconds before measuring, each, shared by the rates (default: 75,"
                    + " 15 with --quick).")
    private int warmUpSeconds;

    @Option(names = "--quick", description = "Three rounds of two seconds.")
    private boolean quick;

    private boolean worse;

    public static void main(String[] arguments) {
        System.setProperty("org.slf4j.simpleLogger.defaultLogLevel",
                System.getProperty("org.slf4j.simpleLogger.defaultLogLevel", "error"));
        System.exit(new CommandLine(new BenchMain()).setExecutionExceptionHandler((problem, command,
                parsed) -> {
            command.getErr().println("semel bench: " + problem.getMessage() + (problem.getCause() == null ? ""
                    : ": " + problem.getCause()));
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
        if (tolerance < 1) throw new IllegalArgumentException("--tolerance takes 1 or more");
        if (rounds < 1 || seconds < 1 || perSecond.stream().anyMatch(rate -> rate < 1)) {
            throw new IllegalArgumentException("--rounds, --seconds and --per-second take 1 or more");
        }
        if (warmUpSeconds < 0) throw new IllegalArgumentException("--warm-up takes 0 (the default) or more");
        if (warmUpSeconds == 0) warmUpSeconds = quick ? 15 : 75;
        Work work = work();
        Path directory = Files.createTempDirectory("semel-bench");
        try {
            work.run(directory);
            return worse ? WORSE : 0;
        } finally {
            delete(directory);
        }
    }

    private void clients(Path directory, List<Trial> trials) throws IOException {
        Duration warmUp = Duration.ofSeconds(quick ? 2 : 5);
        Baseline before = compare == null ? null : Baseline.parse(read(compare));
        Report report;
        try (Contestants contestants = new Contestants(directory, rival.equals("kafka"), given)) {
            Turns turns = new Turns(contestants, rounds, Duration.ofSeconds(seconds), warmUp);
            List<Outcome> outcomes = new ArrayList<>();
            for (Trial trial : trials) outcomes.add(turns.run(trial));
            report = new Report("--only " + only + ", " + rounds + " rounds of " + seconds + " s, JDK "
                    + Runtime.version().feature() + ", " + Runtime.getRuntime().availableProcessors()
                    + " cores", Machine.measure(directory), outcomes);
        }
        System.out.print(report.text());
        Path file = page != null ? page : Path.of(System.getProperty("semel.home", "."), "target", "semel",
                "bench-" + only + ".html");
        if (file.getParent() != null) Files.createDirectories(file.getParent());
        Files.writeString(file, Page.of(report));
        System.out.println("\nwith plots: " + file);
        if (save != null) Files.writeString(save, Baseline.of(report).text());
        if (before == null) return;
        List<String> lines = Baseline.of(report).worseThan(before, tolerance);
        worse = !lines.isEmpty();
        System.out.println(worse ? "\nworse than in " + compare + ":"
                : "\nnothing is worse than in " + compare);
        for (String line : lines) System.out.println("  " + line);
    }

    private static String read(Path file) throws IOException {
        try {
            return Files.readString(file);
        } catch (IOException failed) {
            throw new IOException("cannot read --compare " + file + "; --save writes such a file", failed);
        }
    }

    /** One after the other: each has written gigabytes. */
    private void revival(Path directory) {
        for (String name : List.of(Contestants.FORCE, Contestants.OS, Contestants.KAFKA, Contestants.TUNED)) {
            try (Contestants one = new Contestants(directory.resolve(name.replace(' ', '-')),
                    rival.equals("kafka"), null)) {
                for (Contender contender : one.all(List.of(name))) {
                    new Revival(contender).run(quick ? 500 : 2_000, rounds);
                }
            }
        }
    }

    /** Ours alone: how it grows is the question. */
    private void ids(Path directory) {
        try (Contender ours = SemelContender.start(directory, "force")) {
            new ManyIds(ours).run(quick ? 10_000 : 100_000, rounds);
        }
    }

    /** Both programs on one broker after the other: each has its own gigabytes to read again. */
    private void streamsRestart(Path directory) {
        for (String name : List.of(Contestants.FORCE, Contestants.KAFKA)) {
            try (Contestants one = new Contestants(directory, rival.equals("kafka"), null)) {
                for (Contender contender : one.all(List.of(name))) {
                    new RestartBench(directory.resolve("state"), quick ? 100_000 : 1_000_000, rounds)
                            .run(broker(contender));
                }
            }
        }
    }

    private void streamsThroughput(Path directory) {
        besides(directory, (brokers, theirs) -> new ThroughputBench(directory.resolve("state"),
                quick ? 300_000 : 1_200_000, rounds).run(brokers, theirs));
    }

    private void streamsLatency(Path directory) {
        besides(directory, (brokers, theirs) -> new LatencyBench(directory.resolve("state"), perSecond,
                Duration.ofSeconds(seconds), Duration.ofSeconds(warmUpSeconds), rounds).run(brokers, theirs));
    }

    /** The DSL on every broker that takes part, Kafka Streams on Apache Kafka if that does; all are up. */
    private void besides(Path directory, BiConsumer<List<Broker>, Broker> measure) {
        try (Contestants contestants = new Contestants(directory, rival.equals("kafka"), null)) {
            Map<String, Broker> brokers = new LinkedHashMap<>();
            for (Contender one : contestants.all(List.of(Contestants.FORCE, Contestants.OS,
                    Contestants.KAFKA))) {
                brokers.put(one.name(), broker(one));
            }
            measure.accept(List.copyOf(brokers.values()), brokers.getOrDefault(Contestants.KAFKA,
                    brokers.get(Contestants.FORCE)));
        }
    }

    private static Broker broker(Contender one) {
        return new Broker(one.name(), one.bootstrap(), one.pid());
    }

    private Work work() {
        Map<String, Work> works = new LinkedHashMap<>();
        Trials.all(quick).forEach((name, trials) -> works.put(name, directory -> clients(directory, trials)));
        works.put("clients", directory -> clients(directory, Trials.everything(quick)));
        works.put("log", directory -> LogBench.run(directory, quick));
        works.put("micro", directory -> Micro.run(quick));
        works.put("streams-state", directory -> StateBench.run(quick));
        works.put("growth", directory -> GrowthBench.run(directory, quick));
        works.put("partitions", directory -> PartitionsBench.run(directory, quick));
        works.put("compaction", directory -> new CompactionBench(directory, quick ? 64 : 256).run(rounds));
        works.put("history", directory -> new HistoryBench(directory).run());
        works.put("startup", directory -> new StartUps(directory, rival.equals("kafka")).measure(rounds));
        works.put("revival", this::revival);
        works.put("ids", this::ids);
        works.put("streams-latency", this::streamsLatency);
        works.put("streams-throughput", this::streamsThroughput);
        works.put("streams-restart", this::streamsRestart);
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
