package io.semel.it.kit.chaos;

import io.semel.it.kit.check.Anomaly;
import io.semel.it.kit.check.Report;
import io.semel.it.kit.faults.Strike;
import io.semel.it.kit.history.History;
import io.semel.it.kit.history.Kind;
import io.semel.it.kit.history.Operation;
import io.semel.it.kit.history.Outcome;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What a run has seen so far. Any thread, under its own monitor. */
final class Tally {
    /** @param operations recorded at the time */
    record Sample(long atMs, long operations) { }

    /** @param atMs since the run began */
    record Dealt(long atMs, Blow blow) { }

    private static final int COMPLAINTS_MOST = 20;

    private final long startNs = System.nanoTime();
    private final Map<String, Long> outcomes = new TreeMap<>();
    private final Map<String, Long> strikes = new TreeMap<>();
    private final Map<String, Long> errors = new TreeMap<>();
    private final Map<Anomaly, Long> anomalies = new TreeMap<>();
    private final List<Sample> samples = new ArrayList<>();
    private final List<Dealt> blows = new ArrayList<>();
    private final List<Long> restartsMs = new ArrayList<>();
    private final List<String> complaints = new ArrayList<>();
    private long operations;
    private long records;
    private int cutsAtRecovery;
    private int roundsDone;

    synchronized long elapsedMs() {
        return (System.nanoTime() - startNs) / 1_000_000;
    }

    synchronized void dealt(Blow blow) {
        blows.add(new Dealt(elapsedMs(), blow));
    }

    synchronized void restarted(long ms) {
        restartsMs.add(ms);
    }

    /** The power went while the broker did not serve yet after the cut before. */
    synchronized void cutAtRecovery() {
        cutsAtRecovery++;
    }

    synchronized int cutsAtRecovery() {
        return cutsAtRecovery;
    }

    synchronized void sample(long operationsNow) {
        samples.add(new Sample(elapsedMs(), operations + operationsNow));
    }

    synchronized void struck(List<Strike> all) {
        for (Strike strike : all) {
            String kind = strike.action().split(" ")[0];
            strikes.merge(kind + " " + (strike.moment().startsWith("after") ? "a reply" : "a request"), 1L,
                    Long::sum);
        }
    }

    /** What one workload did, and what the checker says of it. */
    synchronized void judged(History history, Report report, String where) {
        operations += history.size();
        for (Operation operation : history.operations()) {
            boolean ends = operation.kind() == Kind.COMMIT || operation.kind() == Kind.ABORT;
            if (ends) outcomes.merge(word(operation), 1L, Long::sum);
            if (operation.kind() == Kind.SEND && operation.isOk()) records++;
            if (operation.error() != null) errors.merge(operation.error().split(":")[0], 1L, Long::sum);
        }
        report.judged().forEach((anomaly, count) -> anomalies.merge(anomaly, (long) count, Long::sum));
        if (!report.isClean()) complain(where + ": " + report.text());
    }

    private static String word(Operation operation) {
        String what = operation.kind() == Kind.COMMIT ? "commits" : "aborts";
        Outcome outcome = operation.outcome();
        return what + (outcome == Outcome.OK ? " answered" : outcome == Outcome.FAILED ? " refused"
                : " of unknown outcome");
    }

    /** Something that should not be, other than an anomaly. */
    synchronized void complain(String words) {
        if (complaints.size() < COMPLAINTS_MOST) complaints.add(words);
    }

    synchronized void roundDone() {
        roundsDone++;
    }

    synchronized int roundsDone() {
        return roundsDone;
    }

    synchronized boolean isClean() {
        return complaints.isEmpty() && anomalies.isEmpty();
    }

    synchronized long operations() {
        return operations;
    }

    synchronized long records() {
        return records;
    }

    synchronized Map<String, Long> outcomes() {
        return new TreeMap<>(outcomes);
    }

    synchronized Map<String, Long> strikes() {
        return new TreeMap<>(strikes);
    }

    synchronized Map<String, Long> errors() {
        return new TreeMap<>(errors);
    }

    synchronized Map<Anomaly, Long> anomalies() {
        return new TreeMap<>(anomalies);
    }

    synchronized List<Sample> samples() {
        return List.copyOf(samples);
    }

    synchronized List<Dealt> blows() {
        return List.copyOf(blows);
    }

    /** By kind of blow, in words. */
    synchronized Map<String, Long> blowsByKind() {
        Map<String, Long> counts = new TreeMap<>();
        for (Dealt one : blows) counts.merge(one.blow().kind().words(), 1L, Long::sum);
        return counts;
    }

    synchronized long anomaliesFound() {
        return anomalies.values().stream().mapToLong(Long::longValue).sum();
    }

    synchronized List<Long> restartsMs() {
        return restartsMs.stream().sorted().toList();
    }

    synchronized List<String> complaints() {
        return List.copyOf(complaints);
    }
}
