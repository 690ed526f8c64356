package io.semel.it.kit.check;

import io.semel.it.kit.history.Json;
import io.semel.it.kit.history.Operation;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * What a history shows, for people and for machines. Immutable.
 *
 * @param operations how many were checked
 * @param judged how often each forbidden anomaly was found
 * @param allowed how often each that Kafka's model allows
 * @param findings the first of each in full
 */
public record Report(int operations, Map<Anomaly, Integer> judged, Map<Anomaly, Integer> allowed,
        List<Finding> findings) {
    public Report {
        judged = new EnumMap<>(judged);
        allowed = new EnumMap<>(allowed);
        findings = List.copyOf(findings);
    }

    /** Was nothing found that Kafka's model forbids? */
    public boolean isClean() {
        return judged.isEmpty();
    }

    public Set<Anomaly> anomalies() {
        return new TreeSet<>(judged.keySet());
    }

    /** @throws AssertionError there are anomalies; the message is the whole report */
    public void assertClean() {
        if (!isClean()) throw new AssertionError(text());
    }

    /** For people. */
    public String text() {
        StringBuilder text = new StringBuilder();
        text.append(operations).append(" operations: ").append(isClean() ? "no anomaly" : "ANOMALIES")
                .append('\n');
        tell(text, judged, true);
        tell(text, allowed, false);
        return text.toString();
    }

    private void tell(StringBuilder text, Map<Anomaly, Integer> counts, boolean forbidden) {
        counts.forEach((anomaly, count) -> {
            text.append(forbidden ? "ANOMALY " : "allowed ").append(anomaly.word()).append(", ").append(count)
                    .append(count == 1 ? " time\n" : " times\n");
            for (Finding finding : findings) {
                if (finding.anomaly() != anomaly || finding.judged() != forbidden) continue;
                text.append("  ").append(finding.words()).append('\n');
                for (Operation operation : finding.operations()) text.append("    ").append(operation)
                        .append('\n');
            }
        });
    }

    /**
     * For machines: {@code
     * {"operations":…,"clean":…,"anomalies":{"lost-write":1},"allowed":{},"findings":[…]}}.
     */
    public String json() {
        StringBuilder json = new StringBuilder("{\"operations\":").append(operations).append(",\"clean\":")
                .append(isClean());
        counts(json.append(",\"anomalies\":"), judged);
        counts(json.append(",\"allowed\":"), allowed);
        json.append(",\"findings\":[");
        String comma = "";
        for (Finding finding : findings) {
            json.append(comma).append("{\"anomaly\":\"").append(finding.anomaly().word())
                    .append("\",\"number\":").append(finding.anomaly().number()).append(",\"judged\":")
                    .append(finding.judged()).append(",\"words\":");
            Json.quote(json, finding.words()).append(",\"operations\":");
            json.append(finding.operations().stream().map(Operation::number).toList()).append('}');
            comma = ",";
        }
        return json.append("]}").toString();
    }

    private static void counts(StringBuilder json, Map<Anomaly, Integer> counts) {
        json.append('{');
        String comma = "";
        for (Map.Entry<Anomaly, Integer> one : counts.entrySet()) {
            json.append(comma).append('"').append(one.getKey().word()).append("\":").append(one.getValue());
            comma = ",";
        }
        json.append('}');
    }

    @Override
    public String toString() {
        return text();
    }
}
