package io.semel.it.client;

import io.semel.broker.Engine;
import io.semel.broker.config.EngineConfig;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;

/** An engine in this JVM on a directory of its own, which is deleted with it. */
public final class EngineUnderTest implements AutoCloseable {
    private final Path directory;
    private Engine engine;

    private EngineUnderTest(Path directory) {
        this.directory = directory;
        this.engine = Engine.start(EngineConfig.in(directory, "127.0.0.1", 0));
    }

    public static EngineUnderTest inProcess() {
        try {
            return new EngineUnderTest(Files.createTempDirectory("semel-it"));
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    public String bootstrap() {
        return engine.bootstrap();
    }

    Engine engine() {
        return engine;
    }

    public Path directory() {
        return directory;
    }

    public void restart() {
        engine.close();
        engine = Engine.start(EngineConfig.in(directory, "127.0.0.1", 0));
    }

    @Override
    public void close() {
        engine.close();
        delete(directory);
    }

    public static void delete(Path directory) {
        try (Stream<Path> files = Files.walk(directory)) {
            files.sorted(Comparator.reverseOrder()).forEach(file -> file.toFile().delete());
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
