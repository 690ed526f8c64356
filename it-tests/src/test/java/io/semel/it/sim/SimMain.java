package io.semel.it.sim;

import io.semel.kernel.world.Saboteur;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ThreadLocalRandom;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/**
 * {@code ./semel sim}: the whole broker in the simulated world, seed after seed, for as long as wanted. Ends
 * with 0 when every seed kept every promise, 1 when one did not, 2 when it could not run.
 */
@Command(name = "semel sim", mixinStandardHelpOptions = true, sortOptions = false, usageHelpWidth = 90,
        description = {"Plays stories of the whole broker in a simulated world, a story for each seed:"
                + " transactional producers, groups, readers, compaction, crashes, power cuts, full and"
                + " failing disks, connections cut and clocks that jump; every 25th seed also plays a streams"
                + " topology over such a broker. What clients saw and what the disk holds is judged at the"
                + " end of each.", ""},
        footer = {"", "Examples:", "  ./semel sim --minutes 480 --keep failures      # over night",
                "  ./semel sim --seed 1234 --seeds 1              # one story again",
                "  ./semel sim --crashes dense --minutes 30       # a million crashes, or nearly so",
                "  ./semel sim --seeds 500 --saboteur NO_FENCING  # see a planted bug noticed", "",
                "The same seed plays the same story on every machine, whatever the number of threads.",
                "Ends with 0 when every story kept every promise, 1 when one did not, 2 when it could",
                "not run."})
public final class SimMain implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Option(names = "--minutes", paramLabel = "N",
            description = "How long, in minutes; fractions are fine (default: 1, unless --seeds is given).")
    private Double minutes;

    @Option(names = "--seed", paramLabel = "S",
            description = "The first seed, those after it follow; drawn and told unless given.")
    private Long seed;

    @Option(names = "--seeds", paramLabel = "N", description = "Ends after so many seeds.")
    private Long seeds;

    @Option(names = "--keep", paramLabel = "DIR", defaultValue = "sim-failures",
            description = "Where a seed that fails leaves its story, a file each; made when there is one"
                    + " (default: ${DEFAULT-VALUE}).")
    private Path directory;

    @Option(names = "--threads", paramLabel = "N",
            description = "Stories played at once (default: one for each processor).")
    private int threads = Runtime.getRuntime().availableProcessors();

    @Option(names = "--only", paramLabel = "broker|topologies", description = "Leaves the others out.")
    private String only = "";

    @Option(names = "--crashes", paramLabel = "few|dense", defaultValue = "few",
            description = "How often brokers crash: a few times a story, or dozens of times, most of them in"
                    + " the midst of a step (default: ${DEFAULT-VALUE}).")
    private String crashes;

    @Option(names = "--saboteur", paramLabel = "BUG",
            description = "Plants a bug in every story of the broker: ${COMPLETION-CANDIDATES}.")
    private Saboteur saboteur;

    @Option(names = "--log", description = "Shows what the brokers log.")
    private boolean log;

    public static void main(String[] arguments) {
        // what nobody sees need not be worded; read before the first logger is made
        if (!List.of(arguments).contains("--log")) {
            System.setProperty("org.slf4j.simpleLogger.defaultLogLevel", "off");
        }
        System.exit(command().execute(arguments));
    }

    static CommandLine command() {
        return new CommandLine(new SimMain()).setExecutionExceptionHandler((problem, command, parsed) -> {
            command.getErr().println("semel sim: " + problem.getMessage());
            return 2;
        });
    }

    @Override
    public Integer call() throws InterruptedException {
        check();
        long first = seed != null ? seed : ThreadLocalRandom.current().nextLong(1, 1_000_000_000);
        double lengthMinutes = minutes != null ? minutes : seeds != null ? Double.MAX_VALUE : 1;
        long lengthMs = (long) Math.min(lengthMinutes * 60_000, Long.MAX_VALUE / 2.0);
        PrintWriter out = spec.commandLine().getOut();
        out.println("semel sim: from seed " + first + " on, "
                + (seeds == null ? minutes == null ? "1 minute" : minutes + " minutes" : seeds + " seeds")
                + ", " + threads + " at once");
        out.flush();
        SimTally tally = new SimTally(directory, first, (isDense() ? " --crashes dense" : "")
                + (saboteur == null ? "" : " --saboteur " + saboteur));
        SimSoak soak = new SimSoak(first, seeds == null ? Long.MAX_VALUE : seeds, lengthMs, tally,
                plays());
        PrintStream console = System.err;
        if (!log) System.setErr(new PrintStream(OutputStream.nullOutputStream()));
        try {
            soak.run(threads, new SimProgress(out, Boolean.getBoolean("semel.terminal"), lengthMs));
        } finally {
            System.setErr(console);
        }
        out.print(tally.summary());
        out.flush();
        return tally.isClean() ? 0 : 1;
    }

    private SimSoak.Plays plays() {
        Saboteur[] planted = saboteur == null ? new Saboteur[0] : new Saboteur[] {saboteur};
        return new SimSoak.Plays(!only.equals("topologies"), !only.equals("broker"), isDense(), planted);
    }

    private boolean isDense() {
        return crashes.equals("dense");
    }

    private void check() {
        if (minutes != null && !(minutes > 0 && minutes <= 1_000_000)) {
            throw wrong("--minutes takes more than 0, not " + minutes);
        }
        if (seeds != null && seeds < 1) throw wrong("--seeds takes 1 or more, not " + seeds);
        if (threads < 1 || threads > 1_000) throw wrong("--threads takes 1 to 1000, not " + threads);
        if (!only.isEmpty() && !only.equals("broker") && !only.equals("topologies")) {
            throw wrong("--only takes broker or topologies, not " + only);
        }
        if (!isDense() && !crashes.equals("few")) {
            throw wrong("--crashes takes few or dense, not " + crashes);
        }
        if (Files.exists(directory) && !Files.isDirectory(directory)) {
            throw wrong("--keep: " + directory + " is no directory");
        }
    }

    private ParameterException wrong(String what) {
        return new ParameterException(spec.commandLine(), what);
    }
}
