package io.semel.broker;

import io.semel.broker.config.BrokerConfig;
import io.semel.broker.config.Durability;
import io.semel.broker.config.EngineConfig;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code ./semel broker}: one engine in a process of its own, until it is told to stop. */
@Command(name = "semel broker", mixinStandardHelpOptions = true, sortOptions = false,
        description = "Runs a broker that speaks the Kafka protocol.",
        footer = {"", "Example:", "  ./semel broker --data ./semel-data --listen 127.0.0.1:9092", "",
                "Durability: force (default) answers after fsync and survives a power cut; os when in the",
                "operating system's page cache and survives only the process."})
public final class BrokerMain implements Callable<Integer> {
    private static final int DEFECT = 70;

    @Option(names = "--data", required = true, paramLabel = "DIR",
            description = "Where everything is kept; created when missing.")
    private Path data;

    @Option(names = "--listen", paramLabel = "HOST:PORT", defaultValue = "127.0.0.1:9092",
            description = "Where clients connect (default: ${DEFAULT-VALUE}); port 0 takes a free one.")
    private String listen;

    @Option(names = "--advertise", paramLabel = "HOST:PORT",
            description = "What clients are told to connect to; as --listen unless given.")
    private String advertise;

    @Option(names = "--durability", paramLabel = "force|os", defaultValue = "force",
            description = "When an append is acknowledged (default: ${DEFAULT-VALUE}).")
    private String durability;

    @Option(names = "--partitions", paramLabel = "N", defaultValue = "1",
            description = "Partitions of a topic that names no count (default: ${DEFAULT-VALUE}).")
    private int partitions;

    public static void main(String[] arguments) {
        int exit = new CommandLine(new BrokerMain()).setExecutionExceptionHandler((problem, command,
                parsed) -> {
            command.getErr().println("semel broker: " + problem.getMessage());
            return 1;
        }).execute(arguments);
        System.exit(exit);
    }

    @Override
    public Integer call() {
        Address bind = Address.parse("--listen", listen, 0);
        Address told = advertise == null ? bind : Address.parse("--advertise", advertise, 1);
        if (told.host.equals("0.0.0.0") || told.host.equals("::") || told.host.equals("[::]")) {
            throw new IllegalArgumentException("--listen " + listen
                    + " listens everywhere, but clients must be told one place:"
                    + " add --advertise HOST:PORT");
        }
        Durability chosen = switch (durability.toLowerCase(Locale.ROOT)) {
            case "force" -> Durability.FORCE;
            case "os" -> Durability.OS;
            default -> throw new IllegalArgumentException("--durability takes force or os, not "
                    + durability);
        };
        if (partitions < 1) throw new IllegalArgumentException("--partitions takes 1 or more, not "
                + partitions);
        BrokerConfig broker = BrokerConfig.defaults(told.host, told.port).withDurability(chosen)
                .withPartitionsDefault(partitions);
        Engine engine = Engine.start(EngineConfig.in(data, bind.host, bind.port).withDurability(chosen),
                broker);
        long sinceStartMs = System.currentTimeMillis() - ManagementFactory.getRuntimeMXBean().getStartTime();
        System.out.println("semel broker ready on " + engine.bootstrap() + " after " + sinceStartMs
                + " ms, data in " + data
                + ", durability " + durability);
        Runtime.getRuntime().addShutdownHook(new Thread(engine::close, "semel-stop"));
        engine.defect().join();
        Runtime.getRuntime().halt(DEFECT);
        return DEFECT;
    }

    /** A host and a port from the command line. */
    private record Address(String host, int port) {
        static Address parse(String option, String text, int portMin) {
            int colon = text.lastIndexOf(':');
            try {
                int port = Integer.parseInt(text.substring(colon + 1));
                if (colon > 0 && port >= portMin && port <= 65_535) return new Address(text.substring(0,
                        colon), port);
            } catch (NumberFormatException notANumber) {
                // told below
            }
            throw new IllegalArgumentException(option + " takes HOST:PORT, for example 127.0.0.1:9092, not "
                    + text);
        }
    }
}
