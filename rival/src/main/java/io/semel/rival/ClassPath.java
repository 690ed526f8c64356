package io.semel.rival;

import java.io.File;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Collectors;

/**
 * The class path of this JVM in absolute paths, so that a child with another working directory finds the
 * same classes.
 */
final class ClassPath {

    private ClassPath() { }

    static String absolute() {
        return Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
            .map(entry -> Path.of(entry).toAbsolutePath().toString())
            .collect(Collectors.joining(File.pathSeparator));
    }
}
