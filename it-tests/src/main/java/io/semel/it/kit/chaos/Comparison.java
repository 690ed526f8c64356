package io.semel.it.kit.chaos;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;

/** Two runs of one schedule side by side. Stateless. */
final class Comparison {
    private Comparison() { }

    /** As a table of text. */
    static String text(Tally own, Tally other) {
        StringBuilder text = new StringBuilder();
        row(text, "", "Semel", "Apache Kafka");
        row(text, "verdict", TextReport.verdict(own), TextReport.verdict(other));
        row(text, "rounds", own.roundsDone(), other.roundsDone());
        row(text, "operations checked", own.operations(), other.operations());
        row(text, "records acknowledged", own.records(), other.records());
        rows(text, own.outcomes(), other.outcomes());
        rows(text, own.blowsByKind(), other.blowsByKind());
        row(text, "requests and replies struck", sum(own), sum(other));
        row(text, "serving again, ms (median)", middle(own), middle(other));
        row(text, "serving again, ms (longest)", longest(own), longest(other));
        row(text, "complaints", own.complaints().size(), other.complaints().size());
        row(text, "anomalies", own.anomaliesFound(), other.anomaliesFound());
        TreeSet<String> found = new TreeSet<>();
        own.anomalies().keySet().forEach(anomaly -> found.add(anomaly.word()));
        other.anomalies().keySet().forEach(anomaly -> found.add(anomaly.word()));
        for (String word : found) row(text, "  " + word, count(own, word), count(other, word));
        return text.toString();
    }

    private static long count(Tally tally, String word) {
        return tally.anomalies().entrySet().stream().filter(one -> one.getKey().word().equals(word))
                .mapToLong(Map.Entry::getValue).sum();
    }

    private static long sum(Tally tally) {
        return tally.strikes().values().stream().mapToLong(Long::longValue).sum();
    }

    private static long middle(Tally tally) {
        List<Long> ms = tally.restartsMs();
        return ms.isEmpty() ? 0 : ms.get(ms.size() / 2);
    }

    private static long longest(Tally tally) {
        List<Long> ms = tally.restartsMs();
        return ms.isEmpty() ? 0 : ms.get(ms.size() - 1);
    }

    private static void rows(StringBuilder text, Map<String, Long> own, Map<String, Long> other) {
        TreeSet<String> words = new TreeSet<>(own.keySet());
        words.addAll(other.keySet());
        for (String word : words) row(text, word, own.getOrDefault(word, 0L), other.getOrDefault(word, 0L));
    }

    private static void row(StringBuilder text, String name, long own, long other) {
        row(text, name, String.format(Locale.ROOT, "%,d", own), String.format(Locale.ROOT, "%,d", other));
    }

    private static void row(StringBuilder text, String name, String own, String other) {
        text.append(String.format(Locale.ROOT, "  %-30s %20s %20s%n", name, own, other));
    }
}
