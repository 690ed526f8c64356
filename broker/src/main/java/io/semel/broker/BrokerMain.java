package io.semel.broker;

import io.semel.broker.config.BrokerKey;
import io.semel.broker.config.BrokerKey.Treatment;
import io.semel.broker.config.BrokerKeys;
import io.semel.broker.config.Given;
import io.semel.broker.config.PropertiesFile;
import io.semel.broker.config.StartConfig;
import io.semel.broker.net.FirstRequest;
import java.io.PrintWriter;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import picocli.CommandLine;

/** {@code ./semel broker}: one engine in a process of its own, until it is told to stop. */
public final class BrokerMain {
    private static final int DEFECT = 70;
    /** Who asks as soon as we answer goes first; then the rest of the start is done. */
    private static final long SETTLE_AFTER_S = 2;
    /** When the launcher began, in ms since 1970; not there when there was no launcher, or it cannot tell. */
    private static final String STARTED = "semel.started.ms";

    private BrokerMain() {
    }

    public static void main(String[] arguments) {
        BrokerFlags plain = BrokerFlags.plain(arguments);
        System.exit(plain == null ? commandLine().execute(arguments) : run(plain, null,
                new PrintWriter(System.err, true)));
    }

    /** The command, ready to execute; prints its help and settings to what picocli is given. */
    static CommandLine commandLine() {
        CommandLine[] command = new CommandLine[1];
        command[0] = new CommandLine(BrokerFlags.spec(() -> run(BrokerFlags.of(command[0].getParseResult()),
                command[0].getOut(), command[0].getErr())));
        return command[0];
    }

    /** @param out where settings are shown, if flags ask for them */
    private static int run(BrokerFlags flags, PrintWriter out, PrintWriter err) {
        try {
            return run(flags, out);
        } catch (RuntimeException problem) {
            for (String line : String.valueOf(problem.getMessage()).split("\n")) {
                err.println("semel broker: " + line);
            }
            return 1;
        }
    }

    private static int run(BrokerFlags flags, PrintWriter out) {
        List<Given> given = new ArrayList<>();
        if (flags.config() != null) given.addAll(PropertiesFile.read(flags.config()));
        given.addAll(StartConfig.environment(System.getenv()));
        given.addAll(flags.given());
        StartConfig start = StartConfig.of(given);
        for (String warning : start.warnings()) System.err.println("semel broker: " + warning);
        if (flags.printsConfig()) {
            print(start, out);
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
