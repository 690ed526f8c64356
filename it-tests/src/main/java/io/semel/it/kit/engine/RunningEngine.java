package io.semel.it.kit.engine;

import io.semel.broker.config.Durability;
import io.semel.it.kit.storage.Storage;
import io.semel.kernel.world.Saboteur;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitOption;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * The engine of a test: address and data stay the same over its lives. Owned by the thread of the test;
 * without JUnit, {@link #start} one and close it.
 */
public final class RunningEngine implements AutoCloseable {
    static final String HOST = "127.0.0.1";

    private enum State { RUNNING, PAUSED, RECOVERING, DEAD }

    private final Path directory;
    private final Life life;
    private final int port;
    private State state = State.RUNNING;

    private RunningEngine(Path directory, Life life) {
        this.directory = directory;
        this.life = life;
        this.port = life.start(0);
    }

    /** Starts an engine in this JVM, acknowledging after fsync. */
    public static RunningEngine start() {
        return start(Mode.IN_PROCESS, Durability.FORCE, 1);
    }

    /** @param partitions of topics that name no count */
    public static RunningEngine start(Mode mode, Durability durability, int partitions) {
        return start(directory -> switch (mode) {
            case IN_PROCESS -> new InProcess(directory, durability, partitions, Set.of(), Map.of());
            case PROCESS -> new ChildProcess(directory, durability, partitions, Map.of());
        });
    }

    /**
     * Starts an engine in this JVM that is wrong in ways that have a name, to see whether a test notices.
     */
    public static RunningEngine sabotaged(Saboteur... bugs) {
        return sabotaged(Map.of(), bugs);
    }

    /** @param settings of the broker, under Kafka's names */
    public static RunningEngine sabotaged(Map<String, String> settings, Saboteur... bugs) {
        return start(directory -> new InProcess(directory, Durability.FORCE, 1, Set.of(bugs), settings));
    }

    /**
     * Not an engine of ours: Apache Kafka with its defaults, in a process of its own, to compare with. Needs
     * {@code semel-rival} on the class path.
     */
    public static RunningEngine apacheKafka() {
        return apacheKafka(Map.of());
    }

    /** The same. @param settings on top of its defaults */
    public static RunningEngine apacheKafka(Map<String, String> settings) {
        return start(directory -> new RivalProcess(directory, settings));
    }

    /**
     * Starts an engine in a process of its own on a real block device whose power {@link #cutPower} cuts.
     * Needs what {@link io.semel.it.kit.storage.ForgetfulDisk#missing} looks for.
     *
     * @param settings of the broker, under Kafka's names
     * @throws UnsupportedOperationException this machine lacks something: says what
     */
    public static RunningEngine onForgetfulDisk(Durability durability, Map<String, String> settings) {
        return start(directory -> OnForgetfulDisk.under(directory, new ChildProcess(directory, durability, 1,
                settings)));
    }

    /** The same for Apache Kafka. @param settings on top of its defaults */
    public static RunningEngine apacheKafkaOnForgetfulDisk(Map<String, String> settings) {
        return start(directory -> OnForgetfulDisk.under(directory, new RivalProcess(directory, settings)));
    }

    /** Starts an engine in this JVM. @param settings of the broker, under Kafka's names (docs/configs.md) */
    public static RunningEngine start(Durability durability, Map<String, String> settings) {
        return start(directory -> new InProcess(directory, durability, 1, Set.of(), settings));
    }

    private static RunningEngine start(Function<Path, Life> lives) {
        Path directory = temporaryDirectory();
        Life life = null;
        try {
            life = lives.apply(directory);
            return new RunningEngine(directory, life);
        } catch (RuntimeException | Error failure) {
            if (life != null) life.end();
            delete(directory);
            throw failure;
        }
    }

    /** {@code host:port} for clients; the same over all lives. */
    public String bootstrap() {
        return HOST + ":" + port;
    }

    /** Whether it serves now. */
    public boolean isRunning() {
        return state == State.RUNNING;
    }

    /**
     * Dies without a word to anybody: SIGKILL, or its like within the JVM. Stays dead until {@link
     * #restart}.
     */
    public void crash() {
        if (state == State.DEAD) throw new IllegalStateException("the engine is dead already");
        life.crash();
        state = State.DEAD;
    }

    /**
     * Dies, and what it has written and not forced is gone, as when the power is cut; with durability {@code
     * FORCE} nothing of that was acknowledged. Stays dead until {@link #restart}; the disk works again.
     *
     * @throws UnsupportedOperationException it runs in a process of its own, and not on a disk made for it
     */
    public void cutPower() {
        if (state == State.DEAD) throw new IllegalStateException("the engine is dead already");
        life.cutPower();
        state = State.DEAD;
    }

    /**
     * Its disk, to make go wrong. {@link Storage#heal} it before the engine is to be closed in order.
     *
     * @throws UnsupportedOperationException it runs in a process of its own
     */
    public Storage storage() {
        return life.storage();
    }

    /**
     * Starts again after a death and returns when it has opened its data, so that the next death finds it at
     * its recovery: {@link #crash} or {@link #cutPower} has to follow. Linux only.
     *
     * @throws UnsupportedOperationException it runs in this JVM
     */
    public void beginRestart() {
        if (state != State.DEAD) throw new IllegalStateException("the engine is " + state);
        life.begin(port);
        state = State.RECOVERING;
    }

    /** Whether it does not serve yet, after {@link #beginRestart}. */
    public boolean isRecovering() {
        return state == State.RECOVERING && !life.serves();
    }

    /** Starts again on the same data; one that is alive is stopped in order first. */
    public void restart() {
        if (state == State.PAUSED) resume();
        if (state == State.RECOVERING) crash();
        if (state == State.RUNNING) life.stop();
        state = State.DEAD;
        life.start(port);
        state = State.RUNNING;
    }

    /** Stands still, connections open: SIGSTOP. @throws UnsupportedOperationException it runs in this JVM */
    public void pause() {
        if (state != State.RUNNING) throw new IllegalStateException("the engine is " + state);
        life.pause();
        state = State.PAUSED;
    }

    /** Goes on after {@link #pause}. */
    public void resume() {
        if (state != State.PAUSED) throw new IllegalStateException("the engine is " + state);
        life.resume();
        state = State.RUNNING;
    }

    /**
     * Moves the engine's clock forward, and what has become due happens: transactions and sessions time out.
     *
     * @throws UnsupportedOperationException it runs in a process of its own
     */
    public void moveClock(Duration forward) {
        if (state != State.RUNNING) throw new IllegalStateException("the engine is " + state);
        life.moveClock(forward);
    }

    /** @throws AssertionError it has ended by itself: says why */
    public void assertServing() {
        Throwable defect = state == State.RUNNING ? life.defect() : null;
        if (defect == null) return;
        throw new AssertionError("the engine serves no more: " + defect.getMessage(), defect);
    }

    /** @throws AssertionError a transaction is open, or stays undecided: says whose, since when and where */
    public void assertNoOpenTransactions() {
        List<String> open = OpenTransactions.lookFor(bootstrap());
        if (!open.isEmpty()) throw new AssertionError("open transactions:\n" + String.join("\n", open));
    }

    /**
     * Copies what it has told on its standard error and the segments of its logs into a directory, to look
     * at later; nothing of an engine in this JVM but its segments.
     */
    public void keep(Path kept) {
        try (Stream<Path> files = Files.walk(directory, FileVisitOption.FOLLOW_LINKS)) {
            Files.createDirectories(kept);
            if (life.log() != null && Files.exists(life.log())) copy(life.log(), kept);
            for (Path file : files.filter(one -> one.toString().endsWith(".log")).toList()) {
                Path partition = file.getParent();
                if (!partition.equals(directory) && Files.size(file) > 0) {
                    copy(file, kept.resolve(partition.getFileName()));
                }
            }
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private static void copy(Path file, Path target) throws IOException {
        Files.createDirectories(target);
        Files.copy(file, target.resolve(file.getFileName()), StandardCopyOption.REPLACE_EXISTING);
    }

    /** Stops it and deletes its data. */
    @Override
    public void close() {
        try {
            if (state == State.PAUSED || state == State.RECOVERING) life.crash();
            if (state == State.RUNNING) life.stop();
        } finally {
            state = State.DEAD;
            life.end();
            delete(directory);
        }
    }

    private static Path temporaryDirectory() {
        try {
            return Files.createTempDirectory("semel-engine");
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private static void delete(Path directory) {
        try (Stream<Path> files = Files.walk(directory)) {
            files.sorted(Comparator.reverseOrder()).forEach(file -> file.toFile().delete());
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
