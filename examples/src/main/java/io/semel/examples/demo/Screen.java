package io.semel.examples.demo;

import io.semel.examples.flights.AirportDelays;
import io.semel.examples.flights.DelayStats;
import java.io.PrintStream;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;

/**
 * What the demo shows: lines, and below them a progress bar that is redrawn in place on a terminal and
 * printed every tenth elsewhere. Owned by the round's thread.
 */
final class Screen {

    private static final int BAR_WIDTH = 32, NAME_WIDTH = 36;
    private static final String CLEAR_LINE = "\r\u001b[K";

    private final PrintStream out;
    private final boolean terminal;
    private String bar = "";
    private long tenthShown = -1;

    Screen(PrintStream out, boolean terminal) {
        this.out = out;
        this.terminal = terminal;
    }

    void say(String format, Object... args) {
        if (terminal) out.print(CLEAR_LINE);
        out.println(String.format(Locale.ROOT, format, args));
        if (terminal) out.print(bar);
        out.flush();
    }

    void progress(long done, long total, String status) {
        long tenth = 10 * Math.min(done, total) / total;
        String text = String.format(Locale.ROOT, "%,7d of %,d counted  %s", done, total, status);
        if (terminal) {
            int filled = (int) (BAR_WIDTH * Math.min(done, total) / total);
            show("[" + "#".repeat(filled) + "-".repeat(BAR_WIDTH - filled) + "] " + text);
        } else if (tenth > tenthShown) {
            say("%s", text);
        }
        tenthShown = Math.max(tenth, tenthShown);
    }

    private void show(String newBar) {
        if (newBar.equals(bar)) return;
        bar = newBar;
        out.print(CLEAR_LINE + bar);
        out.flush();
    }

    /** Ends a progress bar; the next one starts anew. */
    void endProgress() {
        if (terminal && !bar.isEmpty()) out.println();
        bar = "";
        tenthShown = -1;
    }

    /** The airports with the most flights. */
    void busiest(SortedMap<String, AirportDelays> byAirport, int rows) {
        Comparator<Map.Entry<String, AirportDelays>> byFlights =
            Comparator.comparingLong(entry -> -entry.getValue().stats().count());
        List<Map.Entry<String, AirportDelays>> busiest = byAirport.entrySet().stream()
            .sorted(byFlights.thenComparing(Map.Entry.comparingByKey())).limit(rows).toList();
        say("");
        say("  #  airport %s  flights  mean delay  longest  late", " ".repeat(NAME_WIDTH - 4));
        int rank = 1;
        for (Map.Entry<String, AirportDelays> entry : busiest) {
            say("%s", row(rank++, entry.getKey(), entry.getValue()));
        }
        say("");
    }

    private static String row(int rank, String code, AirportDelays delays) {
        DelayStats stats = delays.stats();
        String name = delays.name();
        if (name.length() > NAME_WIDTH) name = name.substring(0, NAME_WIDTH - 3) + "...";
        String format = " %2d  %s %-" + NAME_WIDTH + "s  %,7d  %+6.1f min  %,3d min  %3d%%";
        return String.format(Locale.ROOT, format, rank, code, name, stats.count(),
            stats.delayMeanTenths() / 10.0, stats.delayMax(), stats.latePercent());
    }
}
