package io.semel.broker;

import io.semel.broker.config.BrokerKey;
import io.semel.broker.config.BrokerKey.Treatment;
import io.semel.broker.config.BrokerKeys;
import io.semel.broker.config.Given;
import io.semel.broker.config.Given.Source;
import io.semel.broker.config.PropertiesFile;
import io.semel.broker.config.StartConfig;
import io.semel.broker.net.FirstRequest;
import java.io.PrintWriter;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code ./semel broker}: one engine in a process of its own, until it is told to stop. */
@Command(name = "semel broker", mixinStandardHelpOptions = true, sortOptions = false,
        description = "Runs a broker that speaks the Kafka protocol.",
        footer = {"", "Examples:", "  ./semel broker --data ./semel-data --listen 127.0.0.1:9092",
                "  ./semel broker --config server.properties --print-config",
                "  ./semel broker --data ./semel-data --set log.retention.hours=24", "",
                "Settings have Kafka's names. A file may set them (--config, as Kafka's server.properties),",
                "environment variables may (SEMEL_NUM_PARTITIONS=3), and flags; flags win over variables,",
                "variables over the file. --print-config shows what is in force and who set it.", "",
                "Durability: force (default) answers after fsync and survives a power cut; os when in the",
                "operating system's page cache and survives only the process."})
public final class BrokerMain implements Callable<Integer> {
    private static final int DEFECT = 70;
    /** Who asks as soon as we answer goes first; then the rest of the start is done. */
    private static final long SETTLE_AFTER_S = 2;
    /** When the launcher began, in ms since 1970; not there when there was no launcher, or it cannot tell. */
    private static final String STARTED = "semel.started.ms";

    @Spec
    private CommandSpec spec;

    @Option(names = "--config", paramLabel = "FILE",
            description = "Settings in the way of Kafka's server.properties.")
    private Path config;

    @Option(names = "--data", paramLabel = "DIR",
            description = "Where everything is kept; created when missing (log.dirs).")
    private String data;

    @Option(names = "--listen", paramLabel = "HOST:PORT",
            description =
                    "Where clients connect; 0 takes a free port (listeners; 127.0.0.1:9092 unless given).")
    private String listen;

    @Option(names = "--advertise", paramLabel = "HOST:PORT",
            description =
                    "What clients are told to connect to; as --listen unless given (advertised.listeners).")
    private String advertise;

    @Option(names = "--durability", paramLabel = "force|os",
            description = "When an append is acknowledged (semel.durability; force unless given).")
    private String durability;

    @Option(names = "--partitions", paramLabel = "N",
            description = "Partitions of a topic that names no count (num.partitions; 1 unless given).")
    private String partitions;

    @Option(names = "--set", paramLabel = "KEY=VALUE", description =
            "Any setting; may be given several times.")
    private Map<String, String> settings = new LinkedHashMap<>();

    @Option(names = "--print-config", description =
            "Shows every setting, its value and who set it; starts nothing.")
    private boolean printConfig;

    public static void main(String[] arguments) {
        System.exit(commandLine().execute(arguments));
    }

    /** The command, ready to execute; prints its help and settings to what picocli is given. */
    static CommandLine commandLine() {
        return new CommandLine(new BrokerMain()).setExecutionExceptionHandler((problem, command, parsed) -> {
            for (String line : String.valueOf(problem.getMessage()).split("\n")) {
                command.getErr().println("semel broker: " + line);
            }
            return 1;
        });
    }

    @Override
    public Integer call() {
        List<Given> given = new ArrayList<>();
        if (config != null) given.addAll(PropertiesFile.read(config));
        given.addAll(StartConfig.environment(System.getenv()));
        given.addAll(flags());
        StartConfig start = StartConfig.of(given);
        for (String warning : start.warnings()) System.err.println("semel broker: " + warning);
        if (printConfig) {
            print(start, spec.commandLine().getOut());
            return 0;
        }
        Engine engine = Engine.serve(start.engine(), start.broker());
        FirstRequest.ask(start.engine().listenHost(), engine.port());
        System.out.println("semel broker ready on " + engine.bootstrap() + " after " + sinceStartMs()
                + " ms (process start to first answered request), data in " + start.dataDirectory()
                + ", durability " + start.broker().durability().word());
        Runtime.getRuntime().addShutdownHook(new Thread(engine::close, "semel-stop"));
        serveUntilDefect(engine);
        Runtime.getRuntime().halt(DEFECT);
        return DEFECT;
    }

    private static void serveUntilDefect(Engine engine) {
        try {
            engine.defect().get(SETTLE_AFTER_S, TimeUnit.SECONDS);
            return;
        } catch (TimeoutException serving) {
            engine.settle();
        } catch (InterruptedException | ExecutionException never) {
            throw new IllegalStateException(never);
        }
        engine.defect().join();
    }

    private static long sinceStartMs() {
        long nowMs = System.currentTimeMillis();
        Long started = Long.getLong(STARTED);
        return nowMs - (started != null ? started : ManagementFactory.getRuntimeMXBean().getStartTime());
    }

    private List<Given> flags() {
        List<Given> flags = new ArrayList<>();
        settings.forEach((key, value) -> flags.add(new Given(Source.FLAG, key, value, "--set " + key)));
        add(flags, "--data", "log.dirs", data);
        add(flags, "--listen", "listeners", listen);
        add(flags, "--advertise", "advertised.listeners", advertise);
        add(flags, "--durability", "semel.durability", durability);
        add(flags, "--partitions", "num.partitions", partitions);
        return flags;
    }

    private static void add(List<Given> flags, String flag, String key, String value) {
        if (value != null) flags.add(new Given(Source.FLAG, key, value, flag));
    }

    private static void print(StartConfig start, PrintWriter out) {
        for (BrokerKey key : BrokerKeys.all()) {
            if (key.treatment() == Treatment.REFUSED) continue;
            String from = start.from(key.name());
            out.println(key.name() + "=" + start.value(key.name()));
            out.println("    " + (from == null ? "default" : "set by " + from) + "; "
                    + (key.treatment() == Treatment.NO_EFFECT ? "no effect: " : "") + key.about());
        }
    }
}
