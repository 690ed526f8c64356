package io.semel.it.kit.check;

import io.semel.it.kit.history.History;

/**
 * Names the anomalies of a history. Its cost grows with the history's size (times the logarithm of sorting).
 * Stateless.
 *
 * <p>Values of one topic are expected to be unique among committed writes. Topics are expected to keep what
 * was written: no retention, compaction or deletion of records while the history lasts.
 */
public final class Checker {
    private Checker() {
    }

    public static Report check(History history) {
        return check(history, Options.defaults());
    }

    public static Report check(History history, Options options) {
        Findings findings = new Findings(history, options);
        Facts facts = new Facts(history, findings);
        new Visibility(facts, findings).check();
        new Orders(facts, findings).check();
        new Circles(facts, findings).check();
        new Ends(facts, findings, options).check();
        new GroupOffsets(facts, findings).check();
        new Zombies(facts, findings).check();
        return findings.report();
    }
}
