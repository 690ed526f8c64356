package io.semel.streams.dsl;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * What a program brings along with the DSL: kafka-clients with its codecs, a logging interface, ourselves.
 */
class ClosureTest {
    private static final long MEGABYTES_MOST = 22;

    @Test
    void theDslBringsLittleAlong() throws IOException {
        Map<String, Long> sizes = new TreeMap<>();
        for (String jar : Files.readString(Path.of("target", "closure.classpath")).strip()
                .split(File.pathSeparator)) {
            sizes.put(Path.of(jar).getFileName().toString(), Files.size(Path.of(jar)));
        }
        try (Stream<Path> classes = Files.walk(Path.of("target", "classes"))) {
            sizes.put("classes", classes.map(Path::toFile).mapToLong(File::length).sum());
        }

        long total = sizes.values().stream().mapToLong(Long::longValue).sum();

        assertTrue(total <= MEGABYTES_MOST * 1_000_000, total + " bytes: " + sizes);
        List<String> names = new ArrayList<>();
        sizes.keySet().forEach(name -> names.add(name.replaceFirst("-[0-9].*", "")));
        assertEquals(List.of("classes", "kafka-clients", "lz4-java", "slf4j-api", "snappy-java", "zstd-jni"),
                names);
    }
}
