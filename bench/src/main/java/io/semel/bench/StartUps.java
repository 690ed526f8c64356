package io.semel.bench;

import io.semel.bench.contender.Outside;
import io.semel.bench.contender.Ports;
import io.semel.bench.contender.SemelContender;
import io.semel.rival.RivalKafka;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.ToDoubleFunction;

/**
 * How long from the start of a broker's process to its first answered request and to the first transaction
 * that a client has committed, and how much memory it holds when it has been idle for a while; with hardly
 * any partitions, then with many. Contenders take turns. Each starts again on the directory of its first
 * start, which is not counted. One thread.
 */
final class StartUps {
    private static final int IDLE_S = 5;
    private static final int MANY = 1_000;
    private static final long MOMENT_MS = 2;
    private static final long PATIENCE_S = 120;

    /** One start. */
    private record Result(double ms, double commitMs, double residentMib) {
    }

    /** A broker that can be started again and again on one port. */
    private interface Starts {
        /** Returns at once. */
        void begin();

        /** Passes a moment, in which the broker may do its work; whether it has ended instead. */
        boolean hasEndedMeanwhile();

        /** Waits until it may be stopped, and gives its process. */
        ProcessHandle running();

        void stop();
    }

    private final Map<String, Starts> contenders = new LinkedHashMap<>();
    private final Map<String, Integer> ports = new LinkedHashMap<>();

    StartUps(Path directory, boolean besideKafka) {
        int ours = Ports.free();
        add("semel", ours, new OfSemel(directory.resolve("semel"), ours));
        if (!besideKafka) return;
        int theirs = Ports.free();
        add("kafka", theirs, new OfKafka(RivalKafka.start(directory.resolve("kafka"), theirs, Map.of())));
    }

    private void add(String name, int port, Starts starts) {
        contenders.put(name, starts);
        ports.put(name, port);
    }

    void measure(int rounds) {
        turns("hardly any partitions", rounds);
        contenders.forEach((name, starts) -> {
            starts.begin();
            FirstAnswer.await(ports.get(name), starts::hasEndedMeanwhile);
            starts.running();
            FirstCommit.createPartitions(ports.get(name), MANY);
            starts.stop();
        });
        turns(MANY + " partitions more", rounds);
    }

    private void turns(String what, int rounds) {
        System.out.println(what + ":");
        Map<String, List<Result>> results = new LinkedHashMap<>();
        for (int round = 0; round <= rounds; round++) {
            for (Map.Entry<String, Starts> one : contenders.entrySet()) {
                Result result = once(one.getValue(), ports.get(one.getKey()));
                if (round == 0) continue;
                results.computeIfAbsent(one.getKey(), name -> new ArrayList<>()).add(result);
                System.out.printf(Locale.ROOT, "round %d of %d: %-6s %7.0f ms, %7.0f ms, %6.0f MiB%n",
                        round, rounds, one.getKey(), result.ms, result.commitMs, result.residentMib);
            }
        }
        print(results);
    }

    private static Result once(Starts starts, int port) {
        long begunNs = System.nanoTime();
        starts.begin();
        long answeredNs = FirstAnswer.await(port, starts::hasEndedMeanwhile);
        ProcessHandle process = starts.running();
        long committedNs = FirstCommit.await(port);
        try {
            process.onExit().get(IDLE_S, TimeUnit.SECONDS);
            throw new IllegalStateException("the broker ended while it was idle");
        } catch (TimeoutException idle) {
            double residentMib = Outside.residentMib(process.pid());
            starts.stop();
            return new Result((answeredNs - begunNs) / 1e6, (committedNs - begunNs) / 1e6, residentMib);
        } catch (InterruptedException | ExecutionException failure) {
            throw new IllegalStateException(failure);
        }
    }

    private static void print(Map<String, List<Result>> results) {
        System.out.println();
        System.out.println("process start to first answered request, to first committed transaction (the "
                + "client starts with the broker's first answer), and resident memory " + IDLE_S
                + " idle seconds later; medians");
        results.forEach((name, all) -> System.out.printf(Locale.ROOT,
                "%-6s %7.0f ms %7.0f ms %6.0f MiB%n", name, median(all, Result::ms),
                median(all, Result::commitMs), median(all, Result::residentMib)));
        if (!results.containsKey("kafka")) return;
        List<Result> theirs = results.get("kafka");
        List<Result> ours = results.get("semel");
        System.out.printf(Locale.ROOT, "kafka : semel  =  %.1fx, %.1fx the time, %.1fx the memory%n%n",
                median(theirs, Result::ms) / median(ours, Result::ms),
                median(theirs, Result::commitMs) / median(ours, Result::commitMs),
                median(theirs, Result::residentMib) / median(ours, Result::residentMib));
    }

    private static double median(List<Result> results, ToDoubleFunction<Result> figure) {
        return results.stream().mapToDouble(figure).sorted().toArray()[results.size() / 2];
    }

    /** Our broker as {@code ./semel broker} starts it. */
    private static final class OfSemel implements Starts {
        private final Path directory;
        private final int port;
        private Process process;

        OfSemel(Path directory, int port) {
            this.directory = directory;
            this.port = port;
        }

        @Override
        public void begin() {
            process = SemelContender.launch(directory, "force", port);
        }

        @Override
        public boolean hasEndedMeanwhile() {
            try {
                return process.waitFor(MOMENT_MS, TimeUnit.MILLISECONDS);
            } catch (InterruptedException interrupted) {
                throw new IllegalStateException(interrupted);
            }
        }

        @Override
        public ProcessHandle running() {
            return process.toHandle();
        }

        @Override
        public void stop() {
            process.destroy();
            process.onExit().join();
        }
    }

    /** The rival's way of starting waits for an answer of its own; we look meanwhile. */
    private static final class OfKafka implements Starts {
        private final RivalKafka kafka;
        private CompletableFuture<Void> started;

        OfKafka(RivalKafka kafka) {
            this.kafka = kafka;
            kafka.close();
        }

        @Override
        public void begin() {
            started = CompletableFuture.runAsync(kafka::restart);
        }

        @Override
        public boolean hasEndedMeanwhile() {
            try {
                started.get(MOMENT_MS, TimeUnit.MILLISECONDS);
                return false;
            } catch (TimeoutException starting) {
                return false;
            } catch (InterruptedException | ExecutionException failure) {
                throw new IllegalStateException(failure);
            }
        }

        @Override
        public ProcessHandle running() {
            started.orTimeout(PATIENCE_S, TimeUnit.SECONDS).join();
            return ProcessHandle.of(kafka.pid()).orElseThrow();
        }

        @Override
        public void stop() {
            kafka.close();
        }
    }
}
