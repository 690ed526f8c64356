package io.semel.examples.demo;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** The temporary directory of one demo: a directory per round. An immutable value. */
record Workspace(Path dir) {

    static Workspace create() throws IOException {
        return new Workspace(Files.createTempDirectory("semel-demo-"));
    }

    Path ofSeed(long seed) {
        try {
            return Files.createDirectories(dir.resolve("seed-" + seed));
        } catch (IOException refused) {
            throw new UncheckedIOException(refused);
        }
    }

    /** Removes everything that can be removed; children may still be letting go of their files. */
    void delete() {
        try (Stream<Path> files = Files.walk(dir)) {
            List<Path> deepestFirst = files.sorted(Comparator.reverseOrder()).toList();
            for (Path file : deepestFirst) Files.deleteIfExists(file);
        } catch (IOException | UncheckedIOException leftOver) {
            // a temporary directory that stays behind is no failure of the demo
        }
    }
}
