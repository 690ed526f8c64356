package io.semel.bench;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/**
 * Transactions of one shape against us, with either durability, and against Apache Kafka with its defaults
 * and tuned: taking turns, medians of the rounds, ratios.
 */
final class TransactionsBench {
    private static final Duration WARM_UP = Duration.ofSeconds(5);
    private static final Duration WARM_UP_QUICK = Duration.ofSeconds(2);

    private final Shape shape;
    private final boolean withKafka;
    private final int rounds;
    private final Duration turn;
    private final Duration warmUp;

    /** @param turn how long a contender has in a round */
    TransactionsBench(Shape shape, boolean withKafka, int rounds, Duration turn, boolean quick) {
        this.shape = shape;
        this.withKafka = withKafka;
        this.rounds = rounds;
        this.turn = turn;
        this.warmUp = quick ? WARM_UP_QUICK : WARM_UP;
    }

    void run(Path directory) {
        List<Contender> contenders = new ArrayList<>();
        List<Transactions> works = new ArrayList<>();
        try {
            System.out.println("starting the contenders ...");
            contenders.add(SemelContender.start(directory.resolve("semel-force"), "force"));
            contenders.add(SemelContender.start(directory.resolve("semel-os"), "os"));
            if (withKafka) {
                contenders.add(KafkaContender.start("kafka default", directory.resolve("kafka"), Map.of()));
                contenders.add(KafkaContender.start("kafka tuned", directory.resolve("kafka-tuned"),
                        KafkaContender.TUNED));
            }
            for (Contender contender : contenders) {
                System.out.println("warming up " + contender.name() + " ...");
                Transactions work = new Transactions(contender, shape);
                works.add(work);
                work.run(warmUp);
            }
            measure(directory, works);
        } finally {
            works.forEach(Transactions::close);
            contenders.forEach(Contender::close);
        }
    }

    private void measure(Path directory, List<Transactions> works) {
        Map<String, List<Transactions.Result>> results = new LinkedHashMap<>();
        List<Double> forces = new ArrayList<>();
        for (int round = 1; round <= rounds; round++) {
            forces.add((double) ForceProbe.medianUs(directory.resolve("probe")));
            for (Transactions work : works) {
                Transactions.Result result = work.run(turn);
                results.computeIfAbsent(work.contender().name(), name -> new ArrayList<>()).add(result);
                System.out.printf(Locale.ROOT, "round %d of %d: %-14s %8.0f commits/s%n", round, rounds,
                        work.contender().name(), result.commitsPerSecond());
            }
        }
        print(results, median(forces));
    }

    private void print(Map<String, List<Transactions.Result>> results, double forceUs) {
        System.out.println();
        System.out.println(shape.words() + "; clients with their defaults; medians");
        System.out.printf("%-14s %10s %9s %9s %9s %15s%n", "", "commits/s", "p50 ms", "p90 ms", "p99 ms",
                "broker cpu ms");
        results.forEach((name, all) -> System.out.printf(Locale.ROOT,
                "%-14s %10.0f %9.2f %9.2f %9.2f %15.3f%n", name,
                median(all, Transactions.Result::commitsPerSecond),
                median(all, result -> result.p50Us() / 1e3), median(all, result -> result.p90Us() / 1e3),
                median(all, result -> result.p99Us() / 1e3),
                median(all, Transactions.Result::brokerCpuMsPerCommit)));
        System.out.printf(Locale.ROOT, "%-14s one append of 512 bytes with its force: %.0f us%n", "the disk",
                forceUs);
        for (String ours : List.of("semel force", "semel os")) {
            for (String theirs : List.of("kafka default", "kafka tuned")) {
                if (!results.containsKey(theirs)) continue;
                compare(ours, results.get(ours), theirs, results.get(theirs));
            }
        }
    }

    private static void compare(String ours, List<Transactions.Result> our, String theirs,
            List<Transactions.Result> their) {
        double commits = median(our, Transactions.Result::commitsPerSecond)
                / median(their, Transactions.Result::commitsPerSecond);
        double p99 = median(their, Transactions.Result::p99Us) / median(our, Transactions.Result::p99Us);
        double cpu = median(their, Transactions.Result::brokerCpuMsPerCommit)
                / median(our, Transactions.Result::brokerCpuMsPerCommit);
        System.out.printf(Locale.ROOT, "%s : %s  =  %.1fx commits, p99 %.1fx shorter, broker cpu %.1fx less"
                + " a commit%n", ours, theirs, commits, p99, cpu);
    }

    private static double median(List<Transactions.Result> results,
            ToDoubleFunction<Transactions.Result> figure) {
        return median(results.stream().map(result -> figure.applyAsDouble(result)).toList());
    }

    private static double median(List<Double> figures) {
        List<Double> sorted = figures.stream().sorted().toList();
        return sorted.get(sorted.size() / 2);
    }
}
