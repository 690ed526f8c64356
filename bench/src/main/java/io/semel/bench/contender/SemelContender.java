package io.semel.bench.contender;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Our broker as {@code ./semel broker} runs it. Used by the thread that started it. */
public final class SemelContender implements Contender {
    private static final String READY = "semel broker ready on ";

    private final Path directory;
    private final String durability;
    private final int port;
    private Process process;

    private SemelContender(Path directory, String durability, int port) {
        this.directory = directory;
        this.durability = durability;
        this.port = port;
    }

    /** The process alone, as it begins. */
    public static Process spawn(Path directory, String durability, int port) {
        List<String> command = new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin",
                "java").toString(), "-Xmx1g",
                "--add-opens", "java.base/java.lang.reflect=ALL-UNNAMED",
                "--add-exports", "java.base/sun.nio.ch=ALL-UNNAMED",
                "--add-exports", "java.base/jdk.internal.ref=ALL-UNNAMED",
                "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn",
                "-cp", System.getProperty("java.class.path"), "io.semel.broker.BrokerMain",
                "--data", directory.toString(),
                "--listen", "127.0.0.1:" + port, "--durability", durability));
        return begin(command);
    }

    /** The same through the launcher, as a user starts it: with the loaded classes that it keeps. */
    public static Process launch(Path directory, String durability, int port) {
        String home = System.getProperty("semel.home");
        if (home == null) return spawn(directory, durability, port);
        return begin(List.of(Path.of(home, "semel").toString(), "broker", "--data", directory.toString(),
                "--listen", "127.0.0.1:" + port, "--durability", durability));
    }

    private static Process begin(List<String> command) {
        try {
            return new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /** @param durability {@code force} or {@code os} */
    public static SemelContender start(Path directory, String durability) {
        SemelContender contender = new SemelContender(directory, durability, Ports.free());
        contender.restart();
        return contender;
    }

    @Override
    public String name() {
        return "semel " + durability;
    }

    @Override
    public String bootstrap() {
        return "127.0.0.1:" + port;
    }

    @Override
    public long pid() {
        return process.pid();
    }

    @Override
    public void kill9() {
        process.destroyForcibly();
        process.onExit().join();
    }

    @Override
    public void restart() {
        if (process != null && process.isAlive()) close();
        process = spawn(directory, durability, port);
        try {
            BufferedReader output = process.inputReader(StandardCharsets.UTF_8);
            String line = output.readLine();
            if (line == null || !line.startsWith(READY)) {
                throw new IllegalStateException("the broker did not start: " + line);
            }
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    @Override
    public void close() {
        process.destroy();
        process.onExit().join();
    }
}
