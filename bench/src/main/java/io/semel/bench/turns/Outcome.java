package io.semel.bench.turns;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What a trial gave: each contender's figures, turn by turn. Owned by one thread while it is filled. */
public final class Outcome {
    private final Trial trial;
    private final Map<String, List<Map<Figure, Double>>> turns = new LinkedHashMap<>();

    Outcome(Trial trial) {
        this.trial = trial;
    }

    void add(String contender, Map<Figure, Double> figures) {
        turns.computeIfAbsent(contender, name -> new ArrayList<>()).add(figures);
    }

    public Trial trial() {
        return trial;
    }

    /** Who had turns, in the order of the trial. */
    public List<String> contenders() {
        return List.copyOf(turns.keySet());
    }

    /** All turns of one, in their order. */
    public List<Double> all(String contender, Figure figure) {
        return turns.get(contender).stream().map(turn -> turn.get(figure)).toList();
    }

    public double median(String contender, Figure figure) {
        return median(all(contender, figure));
    }

    /** The middle one; the upper of two. */
    public static double median(List<Double> figures) {
        return figures.stream().sorted().toList().get(figures.size() / 2);
    }
}
