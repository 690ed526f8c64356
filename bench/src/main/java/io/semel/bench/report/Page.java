package io.semel.bench.report;

import io.semel.bench.turns.Figure;
import io.semel.bench.turns.Outcome;
import java.util.List;
import java.util.Locale;

/** One self-contained HTML page: a bar for each contender and figure, a mark for every turn. Stateless. */
public final class Page {
    private static final int WIDTH = 420, ROW = 22, LABEL = 110, VALUE = 90;
    private static final String STYLE = """
            body{font:15px/1.45 system-ui,sans-serif;margin:2rem auto;max-width:64rem;padding:0 1rem;\
            color:#1b1f24;background:#fff}
            h1{font-size:1.5rem}h2{font-size:1.1rem;margin-top:2.2rem;border-top:1px solid #d8dee4;\
            padding-top:1rem}
            figure{display:inline-block;margin:.4rem 1.2rem .4rem 0}figcaption{font-size:.85rem;color:#57606a}
            svg text{font:12px system-ui,sans-serif;fill:#1b1f24}
            .ours{fill:#1a7f5a}.theirs{fill:#b8c0ca}.turn{fill:#1b1f24;opacity:.45}
            table{border-collapse:collapse;font-size:.9rem}td,th{padding:.15rem .7rem;text-align:right;\
            border-bottom:1px solid #eaeef2}td:first-child,th:first-child{text-align:left}
            @media(prefers-color-scheme:dark){body{background:#0d1117;color:#e6edf3}svg text{fill:#e6edf3}\
            .turn{fill:#e6edf3}.theirs{fill:#4b5563}td,th,h2{border-color:#30363d}}
            """;

    private Page() {
    }

    public static String of(Report report) {
        StringBuilder page = new StringBuilder("<!doctype html><html lang=\"en\"><meta charset=\"utf-8\">"
                + "<meta name=\"viewport\" content=\"width=device-width\"><title>Semel bench</title><style>")
                .append(STYLE).append("</style><h1>Semel bench</h1><p>").append(escape(report.title()))
                .append(String.format(Locale.ROOT, "</p><p>The machine in the same run: append of 512 bytes "
                        + "with its force %.0f µs, written one after the other %.0f MB/s, loopback TCP %.0f "
                        + "MB/s, CRC-32C %.0f MB/s. Only ratios of one run mean anything. Bars are medians, "
                        + "marks are single turns.</p>", report.machine().forceUs(),
                        report.machine().writeMbs(), report.machine().socketMbs(),
                        report.machine().crcMbs()));
        for (Outcome outcome : report.outcomes()) {
            page.append("<h2 id=\"").append(escape(outcome.trial().name())).append("\">").append(escape(
                    outcome.trial().name())).append("</h2><p>").append(escape(outcome.trial().words()))
                    .append("</p>");
            for (Figure figure : outcome.trial().figures()) plot(page, outcome, figure);
            ratios(page, outcome);
        }
        return page.append("</html>\n").toString();
    }

    private static void plot(StringBuilder page, Outcome outcome, Figure figure) {
        List<String> names = outcome.contenders();
        double most = names.stream().flatMap(name -> outcome.all(name, figure).stream())
                .mapToDouble(Double::doubleValue).max().orElse(0);
        page.append("<figure><figcaption>").append(escape(figure.name())).append(figure.more()
                ? ", more is better" : ", less is better").append("</figcaption><svg role=\"img\" width=\"")
                .append(LABEL + WIDTH + VALUE).append("\" height=\"").append(names.size() * ROW)
                .append("\">");
        for (int row = 0; row < names.size(); row++) {
            String name = names.get(row);
            double value = outcome.median(name, figure);
            int y = row * ROW;
            page.append(String.format(Locale.ROOT, "<text x=\"0\" y=\"%d\">%s</text><rect class=\"%s\" "
                    + "x=\"%d\" y=\"%d\" width=\"%.1f\" height=\"%d\"/>", y + 15, escape(name),
                    name.startsWith("semel") ? "ours" : "theirs", LABEL, y + 4, length(value, most),
                    ROW - 8));
            for (double turn : outcome.all(name, figure)) {
                page.append(String.format(Locale.ROOT, "<rect class=\"turn\" x=\"%.1f\" y=\"%d\" "
                        + "width=\"1.5\" height=\"%d\"/>", LABEL + length(turn, most), y + 2, ROW - 4));
            }
            page.append(String.format("<text x=\"%d\" y=\"%d\">%s</text>", LABEL + WIDTH + 6, y + 15,
                    Report.number("%,.", figure, value)));
        }
        page.append("</svg></figure>");
    }

    private static double length(double value, double most) {
        return most <= 0 ? 0 : WIDTH * value / most;
    }

    private static void ratios(StringBuilder page, Outcome outcome) {
        List<Ratio> ratios = Ratio.of(outcome);
        if (ratios.isEmpty()) return;
        page.append("<table><tr><th>how many times better</th>");
        for (Figure figure : outcome.trial().figures()) {
            page.append("<th>").append(escape(figure.name())).append("</th>");
        }
        page.append("</tr>");
        for (Ratio ratio : ratios) {
            page.append("<tr><td>").append(escape(ratio.ours() + " : " + ratio.theirs())).append("</td>");
            ratio.advantages().forEach(one -> page.append(String.format(Locale.ROOT, "<td>%.2f</td>", one)));
            page.append("</tr>");
        }
        page.append("</table>");
    }

    private static String escape(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace("\"", "&quot;");
    }
}
