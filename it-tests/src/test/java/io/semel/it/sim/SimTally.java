package io.semel.it.sim;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/** Counts what stories came to and keeps those that failed. Any thread; times in milliseconds. */
final class SimTally {
    /** Failures told at the end; all of them are kept. */
    private static final int SHOWN = 20;

    private final Path directory;
    private final long first;
    private final String planted;
    private final Map<String, Long> ends = new TreeMap<>();
    private final Map<String, Long> struck = new TreeMap<>();
    private final Map<String, Long> ambushed = new TreeMap<>();
    private final List<String> failures = new ArrayList<>();
    private long last;
    private long seeds;
    private long brokers;
    private long topologies;
    private long steps;
    private long committed;
    private long processCrashes;
    private long digest;
    private long beganNanos;
    private long tookMs = -1;

    /** @param planted what the command that plays a story again ends with */
    SimTally(Path directory, long first, String planted) {
        this.directory = directory;
        this.first = first;
        this.planted = planted;
        this.last = first - 1;
    }

    synchronized void begin() {
        beganNanos = System.nanoTime();
    }

    synchronized void end() {
        tookMs = elapsedMs();
    }

    synchronized long elapsedMs() {
        return tookMs >= 0 ? tookMs : TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - beganNanos);
    }

    synchronized void played(long seed) {
        seeds++;
        last = Math.max(last, seed);
    }

    synchronized void ended(Story story) {
        brokers++;
        steps += story.run().steps();
        committed += story.history().count(Fate.COMMITTED);
        digest += story.run().trace().digest();
        story.ends().forEach((how, count) -> ends.merge(how, count, Long::sum));
        story.ambushed().forEach((where, count) -> ambushed.merge(where, count, Long::sum));
        story.struck().forEach((what, count) -> struck.merge(what, count, Long::sum));
    }

    synchronized void ended(DslStory story) {
        topologies++;
        processCrashes += story.crashes();
        digest += story.digest();
        story.ends().forEach((how, count) -> ends.merge(how, count, Long::sum));
    }

    /** Keeps its story in a file of its own. */
    synchronized void failed(String kind, long seed, String told) {
        Path file = directory.resolve(kind + "-" + seed + ".txt");
        String command = "./semel sim --seed " + seed + " --seeds 1 --only "
                + (kind.equals("broker") ? "broker" + planted : "topologies");
        try {
            Files.createDirectories(directory);
            Files.writeString(file, command + "\n\n" + told + "\n");
        } catch (IOException unwritable) {
            throw new UncheckedIOException("cannot keep " + file, unwritable);
        }
        failures.add(told.lines().findFirst().orElse("") + "\n    " + command + "    kept: " + file);
    }

    synchronized boolean isClean() {
        return failures.isEmpty();
    }

    synchronized String line() {
        return String.format(Locale.ROOT, "%,d seeds (%,d a minute) · %,d crashes · %,d failed", seeds,
                aMinute(), crashes(), failures.size());
    }

    /** Crashes of brokers and of processes of topologies; restarts are none. */
    private long crashes() {
        return ends.getOrDefault("kill -9", 0L) + ends.getOrDefault("power cut", 0L) + processCrashes;
    }

    private long aMinute() {
        return seeds * 60_000 / Math.max(1, elapsedMs());
    }

    synchronized String summary() {
        StringBuilder text = new StringBuilder();
        text.append(String.format(Locale.ROOT, "seeds      %d to %d: %,d in %,d s, %,d a minute%n", first,
                last, seeds, elapsedMs() / 1_000, aMinute()));
        text.append(String.format(Locale.ROOT, "stories    %,d of brokers (%,d steps, %,d transactions"
                + " committed), %,d of topologies%n", brokers, steps, committed, topologies));
        text.append(String.format(Locale.ROOT, "crashes    %,d: %s, processes of topologies %,d%n", crashes(),
                listed(ends), processCrashes));
        if (!ambushed.isEmpty()) {
            text.append("           of them ").append(listed(ambushed)).append(System.lineSeparator());
        }
        text.append("faults     ").append(listed(struck)).append(System.lineSeparator());
        text.append(String.format(Locale.ROOT, "schedule   %016x%n", digest));
        text.append(failures.isEmpty() ? "failures   none" : String.format(Locale.ROOT, "FAILED     %,d",
                failures.size())).append(System.lineSeparator());
        for (String failure : failures.subList(0, Math.min(SHOWN, failures.size()))) {
            text.append("  ").append(failure).append(System.lineSeparator());
        }
        return text.toString();
    }

    private static String listed(Map<String, Long> counts) {
        List<String> listed = new ArrayList<>();
        counts.forEach((what, count) -> listed.add(String.format(Locale.ROOT, "%s %,d", what, count)));
        return listed.isEmpty() ? "none" : String.join(", ", listed);
    }
}
