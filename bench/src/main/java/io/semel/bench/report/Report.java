package io.semel.bench.report;

import io.semel.bench.turns.Figure;
import io.semel.bench.turns.Machine;
import io.semel.bench.turns.Outcome;
import java.util.List;
import java.util.Locale;

/**
 * All outcomes of one run beside the machine's own limits.
 *
 * @param title    what was run, with its rounds and seconds
 * @param machine  measured in the same run
 * @param outcomes in the order in which they were measured
 */
public record Report(String title, Machine machine, List<Outcome> outcomes) {
    /** A table for each trial, medians, and every ratio of ours to theirs. */
    public String text() {
        StringBuilder text = new StringBuilder();
        for (Outcome outcome : outcomes) table(text, outcome);
        text.append(String.format(Locale.ROOT, "%nthe machine: append of 512 bytes with its force %.0f us, "
                + "written one after the other %.0f MB/s, loopback TCP %.0f MB/s, CRC-32C %.0f MB/s%n",
                machine.forceUs(), machine.writeMbs(), machine.socketMbs(), machine.crcMbs()));
        return text.toString();
    }

    private static void table(StringBuilder text, Outcome outcome) {
        List<Figure> figures = outcome.trial().figures();
        text.append(String.format("%n%s: %s; medians%n%-16s", outcome.trial().name(),
                outcome.trial().words(), ""));
        for (Figure figure : figures) text.append(String.format(" %18s", figure.name()));
        text.append('\n');
        for (String name : outcome.contenders()) {
            text.append(String.format("%-16s", name));
            for (Figure figure : figures) {
                text.append(' ').append(number("%,18.", figure, outcome.median(name, figure)));
            }
            text.append('\n');
        }
        for (Ratio ratio : Ratio.of(outcome)) text.append("  ").append(ratio.words()).append('\n');
    }

    static String number(String format, Figure figure, double value) {
        return String.format(Locale.ROOT, format + figure.decimals() + "f", value);
    }
}
