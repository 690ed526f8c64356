package io.semel.it;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * The tree as it lies on the disk: the poms and sources of the modules that the root pom names. Immutable.
 *
 * @param poms by module
 * @param sources by path
 */
record SourceTree(Map<String, String> poms, List<JavaSource> sources) {
    static SourceTree read(Path root) throws IOException {
        List<JavaSource> sources = new ArrayList<>();
        Map<String, String> poms = new TreeMap<>();
        for (String module : Floors.modules(Files.readString(root.resolve("pom.xml")))) {
            Path folder = root.resolve(module);
            if (Files.exists(folder.resolve("pom.xml"))) {
                poms.put(module, Files.readString(folder.resolve("pom.xml")));
            }
            if (!Files.isDirectory(folder.resolve("src"))) continue;
            try (Stream<Path> files = Files.walk(folder.resolve("src"))) {
                for (Path file : files.filter(path -> path.toString().endsWith(".java")).sorted().toList()) {
                    String path = root.relativize(file).toString().replace('\\', '/');
                    sources.add(JavaSource.of(path, Files.readString(file)));
                }
            }
        }
        return new SourceTree(poms, List.copyOf(sources));
    }

    /** The sources that are shipped. */
    List<JavaSource> main() {
        return sources.stream().filter(source -> !source.isTest()).toList();
    }

    /** The root pom's folder: given by the build, or found upwards from where the test runs. */
    static Path root() {
        String given = System.getProperty("semel.root");
        if (given != null && Files.exists(Path.of(given, "it-tests"))) return Path.of(given);
        Path folder = Path.of("").toAbsolutePath();
        while (!Files.exists(folder.resolve("it-tests/pom.xml"))) folder = folder.getParent();
        return folder;
    }
}
