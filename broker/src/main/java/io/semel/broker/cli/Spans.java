package io.semel.broker.cli;

/** How long something takes, for people. Stateless. */
final class Spans {
    private static final long SECOND_MS = 1_000;
    private static final long MINUTE_S = 60;
    private static final long HOUR_S = 3_600;

    private Spans() {
    }

    /** 740 ms, 12 s, 4 min 12 s, 3 h 5 min; a negative span is overdue. */
    static String text(long ms) {
        if (ms < 0) return "overdue by " + text(-ms);
        if (ms < SECOND_MS) return ms + " ms";
        long seconds = ms / SECOND_MS;
        if (seconds < MINUTE_S) return seconds + " s";
        if (seconds < HOUR_S) return seconds / MINUTE_S + " min " + seconds % MINUTE_S + " s";
        return seconds / HOUR_S + " h " + seconds % HOUR_S / MINUTE_S + " min";
    }
}
