package io.semel.examples.start;

import io.semel.broker.Engine;
import io.semel.broker.config.EngineConfig;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/**
 * {@code ./semel example NAME}: runs an example on a broker in this process, or on another. Exit code 0 when
 * all results came, 1 when not, 2 when it was asked wrongly.
 */
@Command(name = "example", mixinStandardHelpOptions = true, sortOptions = false,
    description = "Runs an example and prints its results; without a name, lists them.")
public final class ExampleMain implements Callable<Integer> {
    @Parameters(arity = "0..1", paramLabel = "NAME", description = "which one")
    private String name;
    @Option(names = {"-b", "--bootstrap", "--bootstrap-server"}, paramLabel = "HOST:PORT",
        description = "a broker or cluster to run it on; without it, one is started for the time being")
    private String bootstrap;
    @Option(names = "--picture", description = "prints the topology as text and Mermaid, and runs nothing")
    private boolean picture;
    @Spec
    private CommandSpec spec;

    private ExampleMain() { }

    public static void main(String[] args) {
        System.exit(run(new PrintWriter(System.out, true), new PrintWriter(System.err, true), args));
    }

    static int run(PrintWriter out, PrintWriter err, String... args) {
        return new CommandLine(new ExampleMain()).setOut(out).setErr(err).execute(args);
    }

    /** All of them by name, in the order in which to read them. */
    static Map<String, Example> examples(Path data) {
        Map<String, Example> examples = new LinkedHashMap<>();
        examples.put("word-count", new WordCount());
        examples.put("payments", new Payments());
        examples.put("visits", new Visits());
        examples.put("deliveries", new Deliveries());
        examples.put("flights", new Flights(data));
        return examples;
    }

    @Override
    public Integer call() throws InterruptedException, IOException {
        PrintWriter out = spec.commandLine().getOut();
        Map<String, Example> examples = examples(
            Path.of(System.getProperty("semel.home", "."), "examples", "data"));
        if (name == null) {
            examples.forEach((one, example) -> out.printf("  %-12s %s%n", one, example.what()));
            return 0;
        }
        Example example = examples.get(name);
        if (example == null) {
            throw new ParameterException(spec.commandLine(), "there is no example '" + name + "'; there are "
                + String.join(", ", examples.keySet()));
        }
        if (picture) {
            out.println(example.topology().describe());
            out.println(example.topology().toMermaid());
            return 0;
        }
        return run(example, out) ? 0 : 1;
    }

    private boolean run(Example example, PrintWriter out) throws InterruptedException, IOException {
        try {
            if (bootstrap != null) {
                Trial.run(example, bootstrap, out::println);
            } else {
                runOnEngine(example, out);
            }
        } catch (IllegalStateException failed) {
            spec.commandLine().getErr().println("example " + name + ": " + failed.getMessage());
            return false;
        }
        if (!example.next().isEmpty()) {
            out.println(example.next());
        }
        return true;
    }

    private static void runOnEngine(Example example, PrintWriter out) throws InterruptedException,
            IOException {
        Path directory = Files.createTempDirectory("semel-example");
        try (Engine engine = Engine.start(EngineConfig.in(directory, "127.0.0.1", 0))) {
            Trial.run(example, engine.bootstrap(), out::println);
        } finally {
            try (Stream<Path> files = Files.walk(directory)) {
                for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.deleteIfExists(file);
                }
            }
        }
    }
}
