package io.semel.it.kit.chaos;

import io.semel.it.kit.check.Anomaly;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The report as one page that needs nothing else. Immutable; of a tally that changes no more. */
final class HtmlReport {
    private static final int WIDTH = 900;
    private static final int HEIGHT = 200;
    private static final int FLOOR = 150;
    private static final int LANE = 22;
    private static final String STYLE = """
            :root { --ink: #1c2126; --soft: #5d6772; --line: #d9dee3; --paper: #fff; --card: #f5f7f9;
              --good: #13734b; --bad: #b3261e; --curve: #2a6fdb; }
            @media (prefers-color-scheme: dark) { :root { --ink: #e6eaee; --soft: #9aa5b1; --line: #343c45;
              --paper: #14181c; --card: #1d2329; --good: #4cc38a; --bad: #ff8a80; --curve: #79a8ff; } }
            * { box-sizing: border-box; }
            body { font: 15px/1.5 system-ui, sans-serif; color: var(--ink); background: var(--paper);
              max-width: 60rem; margin: 2rem auto; padding: 0 1rem; }
            h1 { font-size: 1.4rem; margin: 0; } h2 { font-size: 1.05rem; margin: 2rem 0 .5rem; }
            p { margin: .3rem 0; color: var(--soft); }
            .verdict { font-size: 2rem; font-weight: 650; margin: .5rem 0 0; }
            .good { color: var(--good); } .bad { color: var(--bad); }
            .cards { display: grid; grid-template-columns: repeat(auto-fit, minmax(12rem, 1fr)); gap: .7rem;
              margin: 1.2rem 0; }
            .card { background: var(--card); border-radius: .6rem; padding: .7rem .9rem; }
            .card b { display: block; font-size: 1.45rem; font-variant-numeric: tabular-nums; }
            .card span { color: var(--soft); font-size: .85rem; }
            .tables { display: grid; gap: 0 2rem;
              grid-template-columns: repeat(auto-fit, minmax(17rem, 1fr)); }
            table { border-collapse: collapse; width: 100%; }
            td { border-top: 1px solid var(--line); padding: .25rem .2rem; }
            td:first-child { text-align: right; width: 6rem; font-variant-numeric: tabular-nums; }
            code, pre { font: 13px/1.45 ui-monospace, monospace; }
            pre { background: var(--card); padding: .8rem; border-radius: .6rem; overflow-x: auto; }
            svg { width: 100%; height: auto; } svg text { fill: var(--soft); font-size: 12px; }
            """;

    private final Told told;
    private final Tally tally;

    HtmlReport(Told told, Tally tally) {
        this.told = told;
        this.tally = tally;
    }

    String page() {
        StringBuilder page = new StringBuilder("<!doctype html>\n<html lang=\"en\"><head>"
                + "<meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width\">"
                + "<title>Semel chaos, seed ").append(told.seed()).append("</title><style>\n").append(STYLE)
                .append("</style></head><body>\n");
        head(page);
        cards(page);
        page.append("<h2>What happened when</h2>\n");
        timeline(page);
        page.append("<div class=\"tables\">\n");
        table(page, "Transactions, as their clients know them", tally.outcomes());
        table(page, "Blows at the broker and the network", tally.blowsByKind());
        table(page, "Faults of single requests", tally.strikes());
        table(page, "What clients were told", tally.errors());
        page.append("</div>\n");
        findings(page);
        page.append("<h2>Run it again</h2>\n<pre>").append(escaped(told.command())).append("</pre>\n<p>")
                .append("The same seed and minutes give the same schedule; what meets what is decided by "
                + "the machine too.</p>\n</body></html>\n");
        return page.toString();
    }

    private void head(StringBuilder page) {
        page.append("<h1>Semel chaos</h1>\n<p>").append(escaped(told.target())).append(" · seed ")
                .append(told.seed()).append(" · ").append(told.minutes()).append(" minutes · ")
                .append(tally.roundsDone()).append(tally.roundsDone() == 1 ? " round" : " rounds")
                .append("</p>\n<p class=\"verdict ")
                .append(tally.isClean() ? "good" : "bad").append("\">")
                .append(escaped(TextReport.verdict(tally))).append("</p>\n");
    }

    private void cards(StringBuilder page) {
        Map<String, Long> blows = tally.blowsByKind();
        page.append("<div class=\"cards\">\n");
        card(page, tally.operations(), "operations checked");
        card(page, tally.outcomes().getOrDefault("commits answered", 0L), "transactions committed");
        card(page, tally.records(), "records acknowledged");
        card(page, blows.getOrDefault(Blow.Kind.KILL.words(), 0L), "kill -9");
        card(page, blows.getOrDefault(Blow.Kind.PAUSE.words(), 0L), "pauses");
        card(page, tally.strikes().values().stream().mapToLong(Long::longValue).sum(),
                "requests and replies struck");
        card(page, tally.anomaliesFound(), "anomalies");
        page.append("</div>\n<p>Restarts: ").append(escaped(TextReport.restarts(tally))).append("</p>\n");
    }

    private static void card(StringBuilder page, long count, String words) {
        page.append(String.format(Locale.ROOT, "<div class=\"card\"><b>%,d</b><span>%s</span></div>%n", count,
                words));
    }

    /** Operations a second as a curve, and below it a mark for every blow. */
    private void timeline(StringBuilder page) {
        List<Tally.Sample> samples = tally.samples();
        long endMs = Math.max(1, tally.elapsedMs());
        double peak = 1;
        for (int index = 1; index < samples.size(); index++) peak = Math.max(peak, rate(samples, index));
        page.append(String.format(Locale.ROOT, "<svg viewBox=\"0 0 %d %d\" role=\"img\" aria-label="
                + "\"operations a second over time, with every blow\">%n", WIDTH, HEIGHT + LANE));
        StringBuilder points = new StringBuilder();
        for (int index = 1; index < samples.size(); index++) {
            points.append(String.format(Locale.ROOT, "%.1f,%.1f ", x(samples.get(index).atMs(), endMs),
                    FLOOR - rate(samples, index) / peak * (FLOOR - LANE)));
        }
        page.append("<line x1=\"0\" x2=\"900\" y1=\"150\" y2=\"150\" stroke=\"var(--line)\"/>\n")
                .append("<polyline fill=\"none\" stroke=\"var(--curve)\" stroke-width=\"1.5\" points=\"")
                .append(points).append("\"/>\n");
        for (Tally.Dealt one : tally.blows()) mark(page, one, endMs);
        page.append(String.format(Locale.ROOT, "<text x=\"0\" y=\"14\">operations a second, at most %,.0f"
                + "</text>%n<text x=\"0\" y=\"%d\">0:00</text>%n<text x=\"%d\" y=\"%d\" text-anchor=\"end\">"
                + "%d:%02d</text>%n", peak, HEIGHT + LANE - 4, WIDTH, HEIGHT + LANE - 4, endMs / 60_000,
                endMs / 1_000 % 60));
        page.append("</svg>\n<p>Marks, from above: <span class=\"bad\">kill -9</span>, pauses, the network. "
                + "Where the curve is at the bottom, everything is read once more and checked, or the "
                + "broker is away.</p>\n");
    }

    private static double rate(List<Tally.Sample> samples, int index) {
        Tally.Sample now = samples.get(index);
        Tally.Sample before = samples.get(index - 1);
        long tookMs = Math.max(1, now.atMs() - before.atMs());
        return Math.max(0, (now.operations() - before.operations()) * 1_000.0 / tookMs);
    }

    private static double x(long atMs, long endMs) {
        return atMs * (double) WIDTH / endMs;
    }

    private static void mark(StringBuilder page, Tally.Dealt one, long endMs) {
        Blow.Kind kind = one.blow().kind();
        int lane = kind == Blow.Kind.KILL ? 0 : kind == Blow.Kind.PAUSE ? 1 : 2;
        double width = Math.max(3, x(one.blow().lastsMs(), endMs));
        page.append(String.format(Locale.ROOT, "<rect x=\"%.1f\" y=\"%d\" width=\"%.1f\" height=\"10\" fill="
                + "\"var(--%s)\"><title>%s</title></rect>%n", x(one.atMs(), endMs), FLOOR + 6 + lane * 14,
                width, lane == 0 ? "bad" : "soft", escaped(one.blow().toString().strip())));
    }

    private static void table(StringBuilder page, String title, Map<String, Long> counts) {
        page.append("<div><h2>").append(title).append("</h2>\n<table>\n");
        if (counts.isEmpty()) page.append("<tr><td>0</td><td>none</td></tr>\n");
        counts.forEach((words, count) -> page.append(String.format(Locale.ROOT,
                "<tr><td>%,d</td><td>%s</td></tr>%n", count, escaped(words))));
        page.append("</table></div>\n");
    }

    private void findings(StringBuilder page) {
        page.append("<h2>Anomalies</h2>\n");
        Map<Anomaly, Long> found = tally.anomalies();
        if (found.isEmpty()) page.append("<p>None of those that Kafka's model forbids.</p>\n");
        found.forEach((anomaly, count) -> page.append("<p class=\"bad\">").append(anomaly.word())
                .append(": ").append(count).append("</p>\n"));
        for (String complaint : tally.complaints()) {
            page.append("<pre>").append(escaped(complaint)).append("</pre>\n");
        }
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("\"", "&quot;");
    }
}
