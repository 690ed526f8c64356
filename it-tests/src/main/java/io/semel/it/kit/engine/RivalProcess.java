package io.semel.it.kit.engine;

import io.semel.it.kit.storage.Storage;
import io.semel.rival.RivalKafka;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;

/** Lives of an Apache Kafka in a process of its own, with its defaults but for what is set. */
final class RivalProcess implements Life {
    private final Path directory;
    private final Map<String, String> settings;
    private RivalKafka kafka;

    RivalProcess(Path directory, Map<String, String> settings) {
        this.settings = settings;
        this.directory = directory;
    }

    @Override
    public int start(int port) {
        if (kafka == null) kafka = RivalKafka.start(directory, settings);
        else kafka.restart();
        String bootstrap = kafka.bootstrap();
        return Integer.parseInt(bootstrap.substring(bootstrap.lastIndexOf(':') + 1));
    }

    @Override
    public void begin(int port) {
        kafka.begin();
        OpenFiles.await(ProcessHandle.of(kafka.pid()).orElseThrow(), directory.resolve("data"));
    }

    @Override
    public boolean serves() {
        return kafka.answers();
    }

    @Override
    public Path log() {
        return kafka == null ? null : kafka.log();
    }

    @Override
    public void stop() {
        kafka.close();
    }

    @Override
    public void crash() {
        kafka.kill9();
    }

    @Override
    public void pause() {
        Suspension.stop(kafka.pid());
    }

    @Override
    public void resume() {
        Suspension.go(kafka.pid());
    }

    @Override
    public Throwable defect() {
        return kafka.isAlive() ? null : new IllegalStateException("Apache Kafka's process has ended");
    }

    @Override
    public void cutPower() {
        throw notOurs();
    }

    @Override
    public Storage storage() {
        throw notOurs();
    }

    @Override
    public void moveClock(Duration forward) {
        throw notOurs();
    }

    private static UnsupportedOperationException notOurs() {
        return new UnsupportedOperationException("Apache Kafka can be killed and paused, and no more");
    }
}
