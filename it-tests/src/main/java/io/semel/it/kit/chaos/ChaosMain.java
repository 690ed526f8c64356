package io.semel.it.kit.chaos;

import io.semel.broker.config.Durability;
import io.semel.it.kit.engine.Mode;
import io.semel.it.kit.engine.RunningEngine;
import io.semel.it.kit.faults.Faults;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.ThreadLocalRandom;
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
                "  ./semel chaos --bootstrap localhost:9092   # another broker: only the network fails", "",
                "The same seed and minutes give the same schedule of kills, pauses and network",
                "faults; the scheduler and the disk still decide what meets what. Ends with 0 when",
                "nothing was found, 1 when something was, 2 when it could not run. It makes topics",
                "named chaos-..."})
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
            description = "Of the broker that is started (default: ${DEFAULT-VALUE}).")
    private String durability;

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
        PrintWriter out = spec.commandLine().getOut();
        out.println("semel chaos: seed " + drawn + ", " + minutes + " minutes, against "
                + (bootstrap == null ? "a broker of its own, durability " + durability : bootstrap));
        out.flush();
        Tally tally = new Tally();
        try (RunningEngine engine = bootstrap == null
                ? RunningEngine.start(Mode.PROCESS, chosen, 1) : null;
                Faults faults = Faults.before(engine == null ? bootstrap : engine.bootstrap(), drawn)) {
            rounds(drawn, faults, engine, tally);
        }
        Told told = new Told(drawn, minutes, bootstrap == null ? "Semel, durability " + durability
                : bootstrap, command(drawn));
        String text = new TextReport(told, tally).text();
        Files.writeString(page, new HtmlReport(told, tally).page());
        Files.writeString(Path.of(page + ".txt"), text);
        out.print(text);
        out.println("report: " + page + " and " + page + ".txt");
        out.flush();
        return tally.isClean() ? 0 : 1;
    }

    private void rounds(long drawn, Faults faults, RunningEngine engine, Tally tally) {
        long lengthMs = (long) (minutes * 60_000);
        long count = Math.max(1, Math.round(lengthMs / (double) ROUND.toMillis()));
        Duration each = Duration.ofMillis(lengthMs / count);
        boolean terminal = Boolean.getBoolean("semel.terminal");
        Progress progress = new Progress(System.out, terminal, lengthMs);
        SplittableRandom seeds = new SplittableRandom(drawn);
        for (int round = 1; round <= count && tally.complaints().isEmpty(); round++) {
            String name = "chaos-" + drawn + "-" + (bootstrap == null ? "" : System.currentTimeMillis() + "-")
                    + round;
            new Round(name, seeds.nextLong(), each, tally, progress).run(faults, engine);
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
                + (bootstrap == null ? " --durability " + durability : " --bootstrap " + bootstrap);
    }
}
