package io.semel.examples.flights;

import io.semel.streams.StreamsError;
import io.semel.streams.run.Running;
import io.semel.streams.run.StreamsConfig;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * One instance of {@link FlightDelays} as a process. Prints {@code READY} when every task processes;
 * SIGTERM ends it in order, any other death is repaired by the next instance on the same state directory.
 * Exit code 1 when the program cannot go on.
 */
@Command(name = "flight-app", sortOptions = false,
    description = "Counts flights and their delays per origin airport, exactly once.")
public final class FlightApp implements Callable<Integer> {

    @Option(names = "--bootstrap", required = true, paramLabel = "HOST:PORT",
        description = "the broker or cluster")
    private String bootstrap;

    @Option(names = "--state-dir", required = true, paramLabel = "DIR",
        description = "where the instance keeps its identity and snapshots of its stores")
    private Path stateDir;

    @Option(names = "--threads", defaultValue = "2", description = "threads (default: ${DEFAULT-VALUE})")
    private int threads;

    @Option(names = "--records-per-transaction", defaultValue = "2000", paramLabel = "N",
        description = "the most flights in one transaction of one thread (default: ${DEFAULT-VALUE})")
    private int pollRecordsMax;

    @Option(names = "--ready-within", defaultValue = "60", paramLabel = "SECONDS", hidden = true)
    private int readyWithinS;

    @Option(names = {"-h", "--help"}, usageHelp = true, description = "show this")
    private boolean help;

    private FlightApp() { }

    /** Ends with the process. */
    public static void main(String[] args) {
        System.exit(new CommandLine(new FlightApp()).execute(args));
    }

    @Override
    public Integer call() throws InterruptedException {
        long startNs = System.nanoTime();
        StreamsConfig config = StreamsConfig.of(bootstrap)
            .stateDir(stateDir).threads(threads).pollRecordsMax(pollRecordsMax);
        try {
            Running running = FlightDelays.topology().start(config);
            Runtime.getRuntime().addShutdownHook(new Thread(running::close, "close"));
            if (!running.awaitRunning(Duration.ofSeconds(readyWithinS))) {
                System.err.println("not running after " + readyWithinS + " s, but " + running.state());
                return 1;
            }
            System.out.println("READY after " + (System.nanoTime() - startNs) / 1_000_000 + " ms");
            running.await();
            return 0;
        } catch (StreamsError stopped) {
            System.err.println("stopped: " + stopped.getMessage());
            return 1;
        }
    }
}
