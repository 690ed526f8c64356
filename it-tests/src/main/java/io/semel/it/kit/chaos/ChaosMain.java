package io.semel.it.kit.chaos;

import io.semel.broker.config.Durability;
import io.semel.it.kit.engine.Mode;
import io.semel.it.kit.engine.RunningEngine;
import io.semel.it.kit.faults.Faults;
import io.semel.it.kit.storage.ForgetfulDisk;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Supplier;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/**
 * {@code ./semel chaos}: see whether the promise holds. Ends with 0 when nothing was found, 1 when something
 * was, 2 when it could not run.
 */
@Command(name = "semel chaos", mixinStandardHelpOptions = true, sortOptions = false, usageHelpWidth = 90,
        description = {"Runs transactions, exactly-once copiers and readers against a broker that is killed"
                + " with kill -9 and paused, behind a network that loses, doubles and delays, and names"
                + " every anomaly of what the clients saw.", ""},
        footer = {"", "Examples:", "  ./semel chaos --minutes 5 --seed 42",
                "  ./semel chaos --minutes 3 --seed 42 --rival kafka   # beside Apache Kafka",
                "  ./semel chaos --only kill --apart 400      # kill -9 as often as it comes back",
                "  ./semel chaos --only power --apart 1500    # cut its power, on a device of its own",
                "  ./semel chaos --bootstrap localhost:9092   # another broker: only the network fails", "",
                "The same seed and minutes give the same schedule of kills, pauses and network",
                "faults; the scheduler and the disk still decide what meets what. Ends with 0 when",
                "nothing was found, 1 when something was, whatever --rival did, 2 when it could not",
                "run. It makes topics named chaos-..."})
public final class ChaosMain implements Callable<Integer> {
    private static final int CONNECT_MS = 5_000;
    private static final Duration ROUND = Duration.ofSeconds(45);

    @Spec
    private CommandSpec spec;

    @Option(names = "--minutes", paramLabel = "N", defaultValue = "2",
            description = "How long, in minutes; fractions are fine (default: ${DEFAULT-VALUE}).")
    private double minutes;

    @Option(names = "--seed", paramLabel = "S",
            description = "Decides what goes wrong and when; drawn and told unless given.")
    private Long seed;

    @Option(names = "--bootstrap", paramLabel = "HOST:PORT",
            description = "A broker that runs already, of any make; never killed. Without it one is started.")
    private String bootstrap;

    @Option(names = "--durability", paramLabel = "force|os", defaultValue = "force",
            description = "Of the broker of our own that is started (default: ${DEFAULT-VALUE}).")
    private String durability;

    @Option(names = "--rival", paramLabel = "kafka|kafka-forcing",
            description = "The same schedule once more, against an Apache Kafka that is started and killed"
                    + " alike, and both side by side; with log.flush.interval.messages=1 if it is to"
                    + " force.")
    private String rival;

    @Option(names = "--only", paramLabel = "KIND", split = ",",
            description = "Nothing goes wrong but this: kill, pause, power, power-twice, cut, reset,"
                    + " half-open, blackhole, throttle; several with commas between. power cuts the power"
                    + " of a real block device (Linux, root, nbdkit), power-twice again while the broker"
                    + " recovers; with durability os, and with a Kafka that does not force, they may take"
                    + " what was acknowledged.")
    private List<String> only = List.of();

    @Option(names = "--apart", paramLabel = "MS", defaultValue = "600",
            description = "With --only: milliseconds between two blows on average (default:"
                    + " ${DEFAULT-VALUE}).")
    private long apartMs;

    @Option(names = "--keep", paramLabel = "DIR",
            description = "Where a round that is not clean leaves its histories (it-tests/HISTORY.md), what"
                    + " the broker told and the segments of its logs.")
    private Path keep;

    @Option(names = "--report", paramLabel = "FILE", defaultValue = "chaos-report.html",
            description = "The page to write; its text goes beside it as .txt (default: ${DEFAULT-VALUE}).")
    private Path page;

    public static void main(String[] arguments) {
        System.exit(run(arguments));
    }

    static int run(String... arguments) {
        return new CommandLine(new ChaosMain()).setExecutionExceptionHandler((problem, command, parsed) -> {
            command.getErr().println("semel chaos: " + problem.getMessage());
            return 2;
        }).execute(arguments);
    }

    @Override
    public Integer call() throws IOException {
        Durability chosen = checked();
        long drawn = seed != null ? seed : ThreadLocalRandom.current().nextInt(1, 1_000_000);
        Mix mix = mix();
        Run own = bootstrap == null ? run(drawn, mix, "Semel, durability " + durability, false,
                () -> mix.cutsPower() ? RunningEngine.onForgetfulDisk(chosen, Map.of())
                        : RunningEngine.start(Mode.PROCESS, chosen, 1))
                : run(drawn, mix, bootstrap, false, () -> null);
        Run other = rival == null ? null : run(drawn, mix, "Apache Kafka 4.3.1, "
                + (forcing() ? "forcing every batch" : "its defaults"), true, () -> rival(mix));
        PrintWriter out = spec.commandLine().getOut();
        String beside = other == null ? "" : Comparison.text(own.tally, other.tally);
        tell(own, page, beside, out);
        if (other != null) {
            tell(other, Path.of(page.toString().replaceFirst("(\\.html)?$", "-kafka$1")), beside, out);
        }
        out.print(beside);
        out.flush();
        return own.tally.isClean() ? 0 : 1;
    }

    private boolean forcing() {
        return "kafka-forcing".equals(rival);
    }

    /** Neither a pause nor a busy machine is to pass for its death: RivalKafka says 1.5 s of itself. */
    private RunningEngine rival(Mix mix) {
        Map<String, String> settings = new TreeMap<>(Map.of("broker.session.timeout.ms", "6000"));
        if (forcing()) settings.put("log.flush.interval.messages", "1");
        return mix.cutsPower() ? RunningEngine.apacheKafkaOnForgetfulDisk(settings)
                : RunningEngine.apacheKafka(settings);
    }

    /** What was run against one broker. */
    private record Run(Told told, Tally tally) { }

    /** @param goesOn with the next round after one that did not heal */
    private Run run(long drawn, Mix mix, String target, boolean goesOn, Supplier<RunningEngine> brokers) {
        PrintWriter out = spec.commandLine().getOut();
        out.println("semel chaos: seed " + drawn + ", " + minutes + " minutes, against " + target);
        out.flush();
        try (RunningEngine engine = brokers.get();
                Faults faults = Faults.before(engine == null ? bootstrap : engine.bootstrap(), drawn)) {
            Tally tally = new Tally();
            rounds(drawn, mix, faults, engine, tally, goesOn);
            return new Run(new Told(drawn, minutes, target, command(drawn)), tally);
        }
    }

    private static void tell(Run run, Path page, String beside, PrintWriter out) throws IOException {
        String text = new TextReport(run.told, run.tally).text();
        Files.writeString(page, new HtmlReport(run.told, run.tally).page());
        Files.writeString(Path.of(page + ".txt"), text + beside);
        out.print(text);
        out.println("report: " + page + " and " + page + ".txt");
    }

    private Mix mix() {
        if (only.isEmpty()) return Mix.everything(bootstrap == null);
        List<Blow.Kind> kinds = new ArrayList<>();
        for (String word : only) kinds.add(kind(word));
        String missing = kinds.stream().anyMatch(Blow.Kind::cutsPower) ? ForgetfulDisk.missing() : null;
        if (missing != null) throw new ParameterException(spec.commandLine(), "--only power needs a disk"
                + " whose power can be cut: " + missing);
        return Mix.only(kinds, apartMs);
    }

    private Blow.Kind kind(String word) {
        for (Blow.Kind kind : Blow.Kind.values()) {
            if (kind.words().equals(word) && !(kind.needsProcess && bootstrap != null)) return kind;
        }
        throw new ParameterException(spec.commandLine(), "--only takes kill, pause, power, power-twice,"
                + " cut, reset, half-open, blackhole or throttle, and none of the first four with"
                + " --bootstrap, not "
                + word);
    }

    private void rounds(long drawn, Mix mix, Faults faults, RunningEngine engine, Tally tally,
            boolean goesOn) {
        long lengthMs = (long) (minutes * 60_000);
        long count = Math.max(1, Math.round(lengthMs / (double) ROUND.toMillis()));
        Duration each = Duration.ofMillis(lengthMs / count);
        boolean terminal = Boolean.getBoolean("semel.terminal");
        Progress progress = new Progress(System.out, terminal, lengthMs);
        SplittableRandom seeds = new SplittableRandom(drawn);
        Evidence evidence = new Evidence(keep == null ? null : keep.resolve(goesOn ? "kafka" : "semel"));
        for (int round = 1; round <= count && (goesOn || tally.complaints().isEmpty()); round++) {
            String name = "chaos-" + drawn + "-" + (bootstrap == null ? "" : System.currentTimeMillis() + "-")
                    + round;
            new Round(name, seeds.nextLong(), each, mix, tally, progress).run(faults, engine, evidence);
        }
        progress.end();
    }

    private Durability checked() {
        if (!(minutes > 0 && minutes <= 100_000)) throw new ParameterException(spec.commandLine(),
                "--minutes takes more than 0, not " + minutes);
        Path directory = page.toAbsolutePath().getParent();
        if (!Files.isDirectory(directory)) throw new ParameterException(spec.commandLine(),
                "--report: there is no directory " + directory);
        if (bootstrap != null) reach();
        if (rival != null && !rival.equals("kafka") && !forcing()) throw new ParameterException(
                spec.commandLine(), "--rival takes kafka or kafka-forcing, not " + rival);
        if (rival != null && bootstrap != null) throw new ParameterException(spec.commandLine(),
                "--rival starts both brokers itself: not with --bootstrap");
        if (apartMs < 1) throw new ParameterException(spec.commandLine(), "--apart takes 1 or more, not "
                + apartMs);
        if (bootstrap == null) mix();
        return switch (durability.toLowerCase(Locale.ROOT)) {
            case "force" -> Durability.FORCE;
            case "os" -> Durability.OS;
            default -> throw new ParameterException(spec.commandLine(),
                    "--durability takes force or os, not " + durability);
        };
    }

    private void reach() {
        int colon = bootstrap.lastIndexOf(':');
        try (Socket socket = new Socket()) {
            int port = Integer.parseInt(bootstrap.substring(colon + 1));
            socket.connect(new InetSocketAddress(bootstrap.substring(0, Math.max(0, colon)), port),
                    CONNECT_MS);
        } catch (IOException | IllegalArgumentException none) {
            throw new ParameterException(spec.commandLine(), "--bootstrap: nobody answers at " + bootstrap
                    + "; it takes HOST:PORT of a running broker");
        }
    }

    private String command(long drawn) {
        return "./semel chaos --minutes " + minutes + " --seed " + drawn
                + (bootstrap == null ? " --durability " + durability : " --bootstrap " + bootstrap)
                + (rival == null ? "" : " --rival " + rival)
                + (only.isEmpty() ? "" : " --only " + String.join(",", only) + " --apart " + apartMs);
    }
}
