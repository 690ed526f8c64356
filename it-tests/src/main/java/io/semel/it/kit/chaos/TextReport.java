package io.semel.it.kit.chaos;

import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The report for a terminal. Immutable; of a tally that changes no more. */
final class TextReport {
    private final Told told;
    private final Tally tally;

    TextReport(Told told, Tally tally) {
        this.told = told;
        this.tally = tally;
    }

    /** In one sentence. */
    static String verdict(Tally tally) {
        long found = tally.anomaliesFound();
        if (found > 0) return found + (found == 1 ? " anomaly" : " anomalies") + " found";
        if (!tally.complaints().isEmpty()) return "not finished: something did not recover";
        return "no anomaly";
    }

    String text() {
        StringBuilder text = new StringBuilder();
        line(text, "verdict", verdict(tally));
        line(text, "against", told.target());
        line(text, "again", told.command());
        line(text, "rounds", Integer.toString(tally.roundsDone()));
        line(text, "operations", String.format(Locale.ROOT, "%,d recorded and checked", tally.operations()));
        line(text, "records", String.format(Locale.ROOT, "%,d acknowledged", tally.records()));
        counts(text, "transactions", tally.outcomes());
        counts(text, "broker, net", tally.blowsByKind());
        counts(text, "requests", tally.strikes());
        line(text, "restarts", restarts(tally));
        counts(text, "clients heard", tally.errors());
        for (String complaint : tally.complaints()) text.append('\n').append(complaint).append('\n');
        return text.toString();
    }

    /** How long the broker took from kill -9 to serving again. */
    static String restarts(Tally tally) {
        List<Long> ms = tally.restartsMs();
        if (ms.isEmpty()) return "none";
        return ms.size() + " deaths; serving again after " + ms.get(ms.size() / 2) + " ms (median), "
                + ms.get(ms.size() - 1) + " ms (longest)" + (tally.cutsAtRecovery() == 0 ? ""
                : "; " + tally.cutsAtRecovery() + " more while it recovered");
    }

    private static void counts(StringBuilder text, String name, Map<String, Long> counts) {
        String left = name;
        if (counts.isEmpty()) line(text, left, "none");
        for (Map.Entry<String, Long> one : counts.entrySet()) {
            line(text, left, String.format(Locale.ROOT, "%,d %s", one.getValue(), one.getKey()));
            left = "";
        }
    }

    private static void line(StringBuilder text, String name, String words) {
        text.append(String.format(Locale.ROOT, "  %-14s %s%n", name, words));
    }
}
