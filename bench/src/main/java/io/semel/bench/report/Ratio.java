package io.semel.bench.report;

import io.semel.bench.turns.Figure;
import io.semel.bench.turns.Outcome;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * One of ours beside one of theirs, figure by figure: how many times better. Immutable.
 */
record Ratio(String ours, String theirs, List<Figure> figures, List<Double> advantages) {
    /** Every pair of this outcome. */
    static List<Ratio> of(Outcome outcome) {
        List<Ratio> all = new ArrayList<>();
        for (String ours : outcome.contenders()) {
            for (String theirs : outcome.contenders()) {
                if (!ours.startsWith("semel") || theirs.startsWith("semel")) continue;
                List<Figure> figures = outcome.trial().figures();
                all.add(new Ratio(ours, theirs, figures, figures.stream().map(figure -> figure.advantage(
                        outcome.median(ours, figure), outcome.median(theirs, figure))).toList()));
            }
        }
        return all;
    }

    String words() {
        return ours + " : " + theirs + "  =  " + figures.stream().map(figure -> String.format(Locale.ROOT,
                "%s %.2fx", figure.name(), advantages.get(figures.indexOf(figure)))).collect(
                Collectors.joining(", ")) + " (more than 1 is better)";
    }
}
