package io.semel.bench.contender;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/** What can be seen of a process from outside. Stateless. */
public final class Outside {
    private Outside() {
    }

    /** CPU time of all its threads since it began; zero where the system does not tell. */
    public static Duration cpu(long pid) {
        return ProcessHandle.of(pid).flatMap(process -> process.info().totalCpuDuration())
                .orElse(Duration.ZERO);
    }

    /** Memory that is really there. */
    public static double residentMib(long pid) {
        String told = told("ps", "-o", "rss=", "-p", Long.toString(pid)).strip();
        try {
            return Long.parseLong(told) / 1024.0;
        } catch (NumberFormatException failure) {
            throw new IllegalStateException("ps does not tell the memory of " + pid + ": " + told, failure);
        }
    }

    /** All objects that a JVM still needs; it collects the others first. NaN without a JDK's jcmd. */
    public static double liveHeapMib(long pid) {
        Path jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd");
        if (!Files.isExecutable(jcmd)) return Double.NaN;
        double bytes = Double.NaN;
        for (String line : told(jcmd.toString(), Long.toString(pid), "GC.class_histogram").split("\n")) {
            if (line.startsWith("Total")) bytes = Double.parseDouble(line.trim().split(" +")[2]);
        }
        return bytes / (1 << 20);
    }

    private static String told(String... command) {
        try {
            Process process = new ProcessBuilder(command).start();
            return new String(process.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
