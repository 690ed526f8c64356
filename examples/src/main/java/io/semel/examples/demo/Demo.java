package io.semel.examples.demo;

import io.semel.examples.flights.Airport;
import io.semel.examples.flights.AirportsFile;
import io.semel.examples.flights.BadInput;
import io.semel.examples.flights.DirectComputation;
import io.semel.examples.flights.FlightsFile;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * {@code ./semel demo}: runs the flights program through three kills per round and compares every airport
 * with a computation made straight from the file. Exit code 0 when all agree, 1 on any difference or
 * failure, 2 on bad options or input.
 */
@Command(name = "semel demo", sortOptions = false,
    description = "Counts 20,000 real flights and their delays per airport, exactly once, while broker and "
        + "application are killed with kill -9, and compares the result with the file.")
public final class Demo implements Callable<Integer> {

    private static final String HOME = System.getProperty("semel.home", "");
    private static final int BUSIEST = 10;

    @Option(names = "--input", paramLabel = "FILE",
        description = "flights: CSV under the header date,delay,distance,origin,destination; plain or gzip")
    private Path flights = Path.of(HOME, "examples", "data", "flights-20k.csv.gz");

    @Option(names = "--airports", paramLabel = "FILE", description = "the airports table, likewise")
    private Path airports = Path.of(HOME, "examples", "data", "airports.csv");

    @Option(names = "--seed", paramLabel = "N", description = "fixes what is killed when (default: 1)")
    private long seed = 1;

    @Option(names = "--rounds", paramLabel = "N",
        description = "how many rounds, each with the next seed (default: 1)")
    private int rounds = 1;

    @Option(names = "--keep", description = "keep data and logs of broker and application, and say where")
    private boolean keep;

    @Option(names = "--rival", hidden = true, description = "on Apache Kafka, if on the class path")
    private boolean rival;

    @Option(names = {"-h", "--help"}, usageHelp = true, description = "show this")
    private boolean help;

    private final Screen screen;
    private final Workspace workspace;
    private volatile Stage stage;
    private volatile boolean interrupted;

    private Demo(Screen screen, Workspace workspace) {
        this.screen = screen;
        this.workspace = workspace;
    }

    /** Ends with the process. */
    public static void main(String[] args) throws IOException {
        Workspace workspace = Workspace.create();
        System.setProperty("org.slf4j.simpleLogger.defaultLogLevel", "warn");
        System.setProperty("org.slf4j.simpleLogger.logFile", workspace.dir().resolve("demo.log").toString());
        FileOutputStream bytes = new FileOutputStream(FileDescriptor.out);
        PrintStream out = new PrintStream(bytes, false, StandardCharsets.UTF_8);
        System.exit(run(new Screen(out, Terminal.isOne()), workspace, args));
    }

    /** Runs the command and returns its exit code; the workspace is removed unless it is worth keeping. */
    static int run(Screen screen, Workspace workspace, String... args) {
        Demo demo = new Demo(screen, workspace);
        Thread hook = new Thread(demo::endNow, "end children");
        Runtime.getRuntime().addShutdownHook(hook);
        int exit = new CommandLine(demo).execute(args);
        if (!demo.interrupted) Runtime.getRuntime().removeShutdownHook(hook);
        if (demo.isDisposable(exit)) workspace.delete();
        return exit;
    }

    @Override
    public Integer call() {
        try {
            Round.Input input = read();
            long failed = 0;
            for (long each = seed; each < seed + rounds; each++) failed += isExact(input, each) ? 0 : 1;
            if (rounds > 1) screen.say("%d rounds, %d exact", rounds, rounds - failed);
            return failed == 0 ? 0 : 1;
        } catch (BadInput bad) {
            System.err.println(bad.getMessage());
            return 2;
        }
    }

    private Round.Input read() {
        FlightsFile file = new FlightsFile(flights);
        Map<String, Airport> table = new AirportsFile(airports).read();
        DirectComputation expected = DirectComputation.of(file, table);
        if (expected.flights() == 0) throw new BadInput(flights + ": no flights under the header");
        return new Round.Input(file, table, expected);
    }

    private boolean isExact(Round.Input input, long seedOfRound) {
        long startNs = System.nanoTime();
        long total = input.expected().flights();
        screen.say("%,d flights from %s, seed %d", total, flights.getFileName(), seedOfRound);
        KillPlan plan = KillPlan.of(seedOfRound, total);
        stage = Stage.in(workspace.ofSeed(seedOfRound), rival);
        try (Stage open = stage) {
            Round round = new Round(input, open, plan, screen);
            Verdict verdict = round.run();
            if (rounds == 1) screen.busiest(round.found(), BUSIEST);
            report(verdict, plan, (System.nanoTime() - startNs) / 1e9);
            return verdict.exact();
        } catch (DemoFailure failure) {
            if (interrupted) return false;
            screen.say("FAILED with seed %d: %s", seedOfRound, failure.getMessage());
            screen.say("data and logs are in %s", workspace.dir());
            return false;
        }
    }

    private void report(Verdict verdict, KillPlan plan, double seconds) {
        verdict.differences().forEach(difference -> screen.say("DIFFERS %s", difference));
        if (keep || !verdict.exact()) screen.say("data and logs are in %s", workspace.dir());
        screen.say("every airport compared with the file, %.1f s", seconds);
        screen.say("%,d in · %,d counted · %,d lost · %,d duplicated · "
                + "broker killed %dx, application killed %dx",
            verdict.in(), verdict.counted(), verdict.lost(), verdict.duplicated(),
            plan.count(KillPlan.Target.BROKER), plan.count(KillPlan.Target.APPLICATION));
    }

    private boolean isDisposable(int exit) {
        return exit != 1 && !keep;
    }

    /** Ctrl-C and SIGTERM: no process of ours is left. */
    private void endNow() {
        interrupted = true;
        Stage open = stage;
        if (open != null) open.destroyNow();
        if (!keep) workspace.delete();
    }
}
