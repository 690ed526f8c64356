package io.semel.it.kit.check;

import io.semel.it.kit.history.History;
import io.semel.it.kit.history.Operation;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;

/** Collects what one check finds: counts everything, keeps the first of each kind. Used by one thread. */
final class Findings {
    private final History history;
    private final Options options;
    private final Map<Anomaly, Integer> judged = new EnumMap<>(Anomaly.class);
    private final Map<Anomaly, Integer> allowed = new EnumMap<>(Anomaly.class);
    private final List<Finding> kept = new ArrayList<>();

    Findings(History history, Options options) {
        this.history = history;
        this.options = options;
    }

    /** @param operations indexes into the history; negative ones are left out */
    void add(Anomaly anomaly, Supplier<String> words, int... operations) {
        boolean claimed = anomaly == Anomaly.PARTIAL_VISIBILITY && options.atomicVisibility();
        add(anomaly, claimed || !anomaly.isAllowed(), words, operations);
    }

    void add(Anomaly anomaly, boolean forbidden, Supplier<String> words, int... operations) {
        int count = (forbidden ? judged : allowed).merge(anomaly, 1, Integer::sum);
        if (count > options.detailsMost()) return;
        Map<Integer, Operation> shown = new TreeMap<>();
        for (int index : operations) if (index >= 0) shown.put(index, history.operations().get(index));
        kept.add(new Finding(anomaly, forbidden, words.get(), List.copyOf(shown.values())));
    }

    Report report() {
        return new Report(history.size(), judged, allowed, kept);
    }
}
