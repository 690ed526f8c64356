package io.semel.it.streams;

import io.semel.broker.BrokerMain;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;

/** Our broker as users run it: a process of its own, which can be killed. One thread. */
final class ChildBroker implements BrokerUnderTest {
    private static final List<String> FLAGS = List.of("-Xmx512m", "-XX:+UseSerialGC",
            "--add-opens", "java.base/java.lang.reflect=ALL-UNNAMED",
            "--add-exports", "java.base/sun.nio.ch=ALL-UNNAMED",
            "--add-exports", "java.base/jdk.internal.ref=ALL-UNNAMED",
            "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn");

    private final Path directory;
    private final int port;
    private Process process;

    ChildBroker(Path directory) {
        this.directory = directory;
        this.port = freePort();
        restart();
    }

    @Override
    public String bootstrap() {
        return "127.0.0.1:" + port;
    }

    @Override
    public void kill9() {
        process.destroyForcibly();
        awaitEnd();
    }

    @Override
    public void restart() {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(FLAGS);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), BrokerMain.class.getName(),
                "--data", directory.resolve("data").toString(), "--listen", bootstrap()));
        try {
            Files.createDirectories(directory);
            File log = directory.resolve("broker.log").toFile();
            process = new ProcessBuilder(command).redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.appendTo(log)).start();
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
        Awaitility.await().atMost(Duration.ofSeconds(30)).until(this::answers);
    }

    @Override
    public void close() {
        process.destroy();
        awaitEnd();
    }

    private boolean answers() {
        if (!process.isAlive()) {
            throw new IllegalStateException(
                    "broker ended with " + process.exitValue() + ", see " + directory);
        }
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 200);
            return true;
        } catch (IOException notYet) {
            return false;
        }
    }

    private void awaitEnd() {
        try {
            if (!process.waitFor(20, TimeUnit.SECONDS)) {
                throw new IllegalStateException("broker process " + process.pid() + " does not end");
            }
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while the broker ended", stop);
        }
    }

    private static int freePort() {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException none) {
            throw new UncheckedIOException(none);
        }
    }
}
