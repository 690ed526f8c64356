package io.semel.bench.report;

import io.semel.bench.turns.Figure;
import io.semel.bench.turns.Outcome;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * How many times better ours was than theirs in a run, to be compared with another run on any machine: never
 * an absolute time. Immutable.
 *
 * @param ratios by trial, contenders and figure; in the order measured
 */
public record Baseline(Map<String, Double> ratios) {
    private static final String BETWEEN = " | ";

    /** What a run gave; empty when no rival took part. */
    public static Baseline of(Report report) {
        Map<String, Double> ratios = new LinkedHashMap<>();
        for (Outcome outcome : report.outcomes()) {
            for (Ratio ratio : Ratio.of(outcome)) {
                for (Figure figure : ratio.figures()) {
                    ratios.put(String.join(BETWEEN, outcome.trial().name(), ratio.ours(), ratio.theirs(),
                            figure.name()), ratio.advantages().get(ratio.figures().indexOf(figure)));
                }
            }
        }
        return new Baseline(ratios);
    }

    /** @throws IllegalArgumentException a line is none of {@link #text} */
    public static Baseline parse(String text) {
        Map<String, Double> ratios = new LinkedHashMap<>();
        for (String line : text.lines().toList()) {
            if (line.isBlank() || line.startsWith("#")) continue;
            int last = line.lastIndexOf(BETWEEN);
            try {
                ratios.put(line.substring(0, last),
                        Double.parseDouble(line.substring(last + BETWEEN.length())));
            } catch (IndexOutOfBoundsException | NumberFormatException wrong) {
                throw new IllegalArgumentException("not a line of ratios: '" + line
                        + "'; it wants trial | ours | theirs | figure | ratio, as --save writes it", wrong);
            }
        }
        return new Baseline(ratios);
    }

    /** A line for each ratio. */
    public String text() {
        StringBuilder text = new StringBuilder("# trial | ours | theirs | figure | times better\n");
        ratios.forEach((name, ratio) -> text.append(name).append(BETWEEN)
                .append(String.format(Locale.ROOT, "%.3f", ratio)).append('\n'));
        return text.toString();
    }

    /**
     * What has become worse by more than {@code tolerance} times since {@code before}, a line each.
     *
     * @throws IllegalArgumentException they have nothing in common, so that nothing was compared
     */
    public List<String> worseThan(Baseline before, double tolerance) {
        List<String> worse = new ArrayList<>();
        int compared = 0;
        for (Map.Entry<String, Double> then : before.ratios.entrySet()) {
            Double now = ratios.get(then.getKey());
            if (now == null) continue;
            compared++;
            if (now * tolerance < then.getValue()) {
                worse.add(String.format(Locale.ROOT, "%s: %.2f times better, it was %.2f", then.getKey(), now,
                        then.getValue()));
            }
        }
        if (compared == 0) {
            throw new IllegalArgumentException("this run and the one before have no ratio in common: run the"
                    + " same --only, with the rival");
        }
        return worse;
    }
}
