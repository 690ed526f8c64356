package io.semel.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Our broker as {@code ./semel broker} runs it. */
final class SemelContender implements Contender {
    private static final String READY = "semel broker ready on ";

    private final String durability;
    private final Process process;
    private final String bootstrap;

    private SemelContender(String durability, Process process, String bootstrap) {
        this.durability = durability;
        this.process = process;
        this.bootstrap = bootstrap;
    }

    /** The process alone, as it begins. @param port 0 for a free one */
    static Process spawn(Path directory, String durability, int port) {
        List<String> command = new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin",
                "java").toString(), "-Xmx1g",
                "--add-opens", "java.base/java.lang.reflect=ALL-UNNAMED", "--add-exports",
                        "java.base/sun.nio.ch=ALL-UNNAMED",
                "--add-exports", "java.base/jdk.internal.ref=ALL-UNNAMED",
                        "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn",
                "-cp", System.getProperty("java.class.path"), "io.semel.broker.BrokerMain", "--data",
                        directory.toString(),
                "--listen", "127.0.0.1:" + port, "--durability", durability));
        try {
            return new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    static SemelContender start(Path directory, String durability) {
        Process process = spawn(directory, durability, 0);
        try {
            BufferedReader output = process.inputReader(StandardCharsets.UTF_8);
            String line = output.readLine();
            if (line == null || !line.startsWith(READY)) {
                throw new IllegalStateException("the broker did not start: " + line);
            }
            return new SemelContender(durability, process, line.substring(READY.length(),
                    line.indexOf(' ', READY.length())));
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    @Override
    public String name() {
        return "semel " + durability;
    }

    @Override
    public String bootstrap() {
        return bootstrap;
    }

    @Override
    public long pid() {
        return process.pid();
    }

    @Override
    public void close() {
        process.destroy();
        process.onExit().join();
    }
}
