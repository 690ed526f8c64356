package io.semel.it.sim;

import java.io.PrintWriter;
import java.util.Locale;

/** One line that tells how far the stories are, rewritten in place on a terminal, else now and then. */
final class SimProgress {
    private static final long QUIET_MS = 15_000;
    private static final long ENDLESS_MS = 1L << 50;

    private final PrintWriter out;
    private final boolean terminal;
    private final long lengthMs;
    private long shownMs;

    SimProgress(PrintWriter out, boolean terminal, long lengthMs) {
        this.out = out;
        this.terminal = terminal;
        this.lengthMs = lengthMs;
    }

    void show(SimTally tally) {
        long nowMs = tally.elapsedMs();
        if (!terminal && nowMs - shownMs < QUIET_MS) return;
        shownMs = nowMs;
        String length = lengthMs > ENDLESS_MS ? "" : " of " + clock(lengthMs);
        String line = clock(Math.min(nowMs, lengthMs)) + length + " · " + tally.line();
        if (terminal) out.print("\r\033[K" + line);
        else out.println(line);
        out.flush();
    }

    void end() {
        if (terminal) out.print("\r\033[K");
        out.flush();
    }

    private static String clock(long ms) {
        return String.format(Locale.ROOT, "%d:%02d", ms / 60_000, ms / 1_000 % 60);
    }
}
