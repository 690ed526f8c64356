package io.semel.it.kit.chaos;

import java.io.PrintStream;
import java.util.Locale;

/** One line that tells how far a run is, rewritten in place on a terminal, now and then otherwise. */
final class Progress {
    private static final long QUIET_MS = 15_000;

    private final PrintStream out;
    private final boolean terminal;
    private final long lengthMs;
    private long shownMs = -QUIET_MS;

    Progress(PrintStream out, boolean terminal, long lengthMs) {
        this.out = out;
        this.terminal = terminal;
        this.lengthMs = lengthMs;
    }

    void show(Tally tally, long operationsNow) {
        long nowMs = tally.elapsedMs();
        if (!terminal && nowMs - shownMs < QUIET_MS) return;
        shownMs = nowMs;
        long deaths = count(tally, Blow.Kind.KILL) + count(tally, Blow.Kind.POWER)
                + count(tally, Blow.Kind.POWER_TWICE);
        String line = String.format(Locale.ROOT, "%s of %s%s · %,d operations · broker killed %d, paused %d"
                + " times · connections struck %d times · anomalies %d", clock(Math.min(nowMs,
                lengthMs)), clock(lengthMs), nowMs > lengthMs ? ", reading all once more" : "",
                tally.operations() + operationsNow, deaths,
                count(tally, Blow.Kind.PAUSE), tally.blows().size() - deaths
                - count(tally, Blow.Kind.PAUSE), tally.anomaliesFound());
        if (terminal) out.print("\r\033[K" + line);
        else out.println(line);
        out.flush();
    }

    void end() {
        if (terminal) out.print("\r\033[K");
        out.flush();
    }

    private static long count(Tally tally, Blow.Kind kind) {
        return tally.blowsByKind().getOrDefault(kind.words(), 0L);
    }

    private static String clock(long ms) {
        return String.format(Locale.ROOT, "%d:%02d", ms / 60_000, ms / 1_000 % 60);
    }
}
