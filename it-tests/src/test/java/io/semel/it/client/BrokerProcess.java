package io.semel.it.client;

import io.semel.rival.RivalKafka;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A broker in a process of its own that can be killed. The port stays the same over its lives. Against
 * Apache Kafka (see {@link EngineUnderTest}) it is that one's process.
 */
public final class BrokerProcess implements AutoCloseable {
    private static final String READY = "semel broker ready on ";

    private final Path directory;
    private final int port;
    private final List<String> more;
    private final RivalKafka kafka;
    private Process process;

    private BrokerProcess(Path directory, int port, List<String> more) {
        this.directory = directory;
        this.port = port;
        this.more = more;
        this.kafka = EngineUnderTest.isKafka()
                ? EngineUnderTest.warm(RivalKafka.start(directory, port, EngineUnderTest.PATIENT)) : null;
    }

    /** @param more arguments of its command line; Apache Kafka is given none of them */
    public static BrokerProcess start(Path directory, String... more) {
        BrokerProcess broker = new BrokerProcess(directory, freePort(), List.of(more));
        if (broker.kafka == null) broker.launch();
        return broker;
    }

    private static int freePort() {
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return free.getLocalPort();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    public String bootstrap() {
        return "127.0.0.1:" + port;
    }

    public long pid() {
        return kafka == null ? process.pid() : kafka.pid();
    }

    /** SIGKILL: nothing of the process runs any more when this returns. */
    public void kill() {
        if (kafka != null) {
            kafka.kill9();
            return;
        }
        process.destroyForcibly();
        process.onExit().join();
    }

    public void killAndRestart() {
        kill();
        if (kafka == null) launch();
        else kafka.restart();
    }

    private void launch() {
        List<String> command = new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin",
                "java").toString(), "-Xmx256m",
                "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1",
                        "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn",
                "-cp", System.getProperty("java.class.path"), "io.semel.broker.BrokerMain", "--data",
                        directory.toString(),
                "--listen", bootstrap()));
        command.addAll(more);
        try {
            process = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
            BufferedReader output = process.inputReader(StandardCharsets.UTF_8);
            String line = output.readLine();
            if (line == null || !line.startsWith(READY)) {
                throw new AssertionError("the broker did not start: " + line);
            }
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    @Override
    public void close() {
        kill();
    }
}
