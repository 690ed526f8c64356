package io.semel.it.sim;

import io.semel.sim.Dice;
import io.semel.sim.SimRun;
import io.semel.streams.run.SteppedHost;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.AbstractExecutorService;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * The local files of a story's processes, snapshots and journals of stores, and what becomes of them while
 * nobody is there: torn, gone, a bit turned, another store's. One thread; {@link #close} removes them.
 */
final class DslFiles implements AutoCloseable {
    private static final Path MEMORY = Path.of("/dev/shm");

    private final Path root;
    private final Dice dice;
    private final List<String> steps;
    private final Map<String, String> topicIds = new TreeMap<>();
    private final int changesMin;
    private final long journalBytesMax;
    private final int failingPercent;
    private long strikes;

    DslFiles(SimRun run, List<String> steps, boolean faulty, String... changelogs) {
        this.dice = run.dice("files");
        this.steps = steps;
        this.changesMin = dice.between(2, 30);
        this.journalBytesMax = dice.percent(50) ? 1 << 20 : dice.between(60, 600);
        this.failingPercent = faulty && dice.percent(50) ? dice.between(10, 100) : 0;
        for (String changelog : changelogs) topicIds.put(changelog, "id");
        try {
            this.root = Files.isWritable(MEMORY) ? Files.createTempDirectory(MEMORY, "semel-sim")
                    : Files.createTempDirectory("semel-sim");
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    SteppedHost.Local of(String process) {
        return new SteppedHost.Local(root.resolve(process), topicIds, new Writer(), changesMin,
                journalBytesMax);
    }

    long strikes() {
        return strikes;
    }

    /** Something happens to one file of a process that does not run, or to nothing if it has none. */
    void strike(String process) {
        List<Path> own = files(root.resolve(process));
        if (own.isEmpty()) return;
        Path file = own.get(dice.below(own.size()));
        try {
            String what = strike(file);
            steps.add(process + ": " + root.relativize(file) + " " + what);
            strikes++;
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    private String strike(Path file) throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        switch (dice.below(4)) {
            case 0 -> {
                int left = dice.below(bytes.length + 1);
                Files.write(file, java.util.Arrays.copyOf(bytes, left));
                return "is torn at " + left + " of " + bytes.length;
            }
            case 1 -> {
                Files.delete(file);
                return "is gone";
            }
            case 2 -> {
                if (bytes.length > 0) bytes[dice.below(bytes.length)] ^= (byte) (1 << dice.below(8));
                Files.write(file, bytes);
                return "has a bit turned";
            }
            default -> {
                List<Path> all = files(root);
                Path other = all.get(dice.below(all.size()));
                Path place = file.resolveSibling(other.getFileName());
                if (other.equals(place)) return "stays";
                Files.copy(other, place, StandardCopyOption.REPLACE_EXISTING);
                return "meets " + root.relativize(other);
            }
        }
    }

    private static List<Path> files(Path directory) {
        if (!Files.isDirectory(directory)) return List.of();
        try (Stream<Path> found = Files.walk(directory)) {
            return found.filter(Files::isRegularFile).sorted().toList();
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    @Override
    public void close() {
        try (Stream<Path> all = Files.walk(root)) {
            for (Path file : all.sorted(Comparator.reverseOrder()).toList()) Files.delete(file);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    /** Writes a snapshot where it is asked to, or fails as a full disk does. */
    private final class Writer extends AbstractExecutorService {
        @Override
        public <T> Future<T> submit(Callable<T> work) {
            if (dice.percent(failingPercent)) {
                return CompletableFuture.failedFuture(new IOException("no room"));
            }
            return super.submit(work);
        }

        @Override
        public void execute(Runnable work) {
            work.run();
        }

        @Override
        public void shutdown() {
        }

        @Override
        public List<Runnable> shutdownNow() {
            return List.of();
        }

        @Override
        public boolean isShutdown() {
            return false;
        }

        @Override
        public boolean isTerminated() {
            return false;
        }

        @Override
        public boolean awaitTermination(long timeout, TimeUnit unit) {
            return true;
        }
    }
}
