package io.semel.bench.contender;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
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
        try {
            Process ps = new ProcessBuilder("ps", "-o", "rss=", "-p", Long.toString(pid)).start();
            String told = new String(ps.getInputStream().readAllBytes(), StandardCharsets.US_ASCII).strip();
            return Long.parseLong(told) / 1024.0;
        } catch (IOException | NumberFormatException failure) {
            throw new IllegalStateException("ps does not tell the memory of " + pid + ": "
                    + failure.getMessage(), failure);
        }
    }
}
