package io.semel.it.kit.engine;

import io.semel.broker.config.BrokerConfig;
import io.semel.broker.config.Durability;
import io.semel.broker.config.EngineConfig;
import io.semel.it.kit.storage.Storage;
import io.semel.kernel.world.Saboteur;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Set;

/** Lives of an engine in this JVM. */
final class InProcess implements Life {
    private final Path directory;
    private final Durability durability;
    private final int partitions;
    private final Set<Saboteur> saboteurs;
    private final Map<String, String> settings;
    private final MovedClock clock = new MovedClock();
    private final Storage storage;
    private io.semel.broker.Engine engine;

    /** @param settings more of the broker, under Kafka's names */
    InProcess(Path directory, Durability durability, int partitions, Set<Saboteur> saboteurs,
            Map<String, String> settings) {
        this.directory = directory;
        this.durability = durability;
        this.partitions = partitions;
        this.saboteurs = saboteurs;
        this.settings = settings;
        this.storage = new Storage(directory);
    }

    @Override
    public int start(int port) {
        EngineConfig config = EngineConfig.in(directory, RunningEngine.HOST, port).withDurability(durability);
        BrokerConfig broker = BrokerConfig.defaults(RunningEngine.HOST, port).withDurability(durability)
                .withPartitionsDefault(partitions).with(settings);
        engine = io.semel.broker.Engine.start(config, broker, clock,
                world -> new DressedWorld(world, storage, saboteurs));
        return engine.port();
    }

    @Override
    public void stop() {
        engine.close();
    }

    @Override
    public void crash() {
        die();
        storage.comeBackWhole();
    }

    @Override
    public void cutPower() {
        die();
        storage.comeBack();
    }

    /** Nobody hears of what fails because the disk stops; one that stands still ends now. */
    private void die() {
        engine.hangUp();
        storage.cut();
        engine.halt();
    }

    @Override
    public Storage storage() {
        return storage;
    }

    @Override
    public void pause() {
        throw new UnsupportedOperationException("an engine in the JVM of its test cannot be paused without"
                + " pausing the test: use @Engine(mode = Mode.PROCESS)");
    }

    @Override
    public void resume() {
        pause();
    }

    @Override
    public Throwable defect() {
        return engine.defect().getNow(null);
    }

    @Override
    public void moveClock(Duration forward) {
        clock.move(forward);
        engine.lookAtTheClock();
    }
}
