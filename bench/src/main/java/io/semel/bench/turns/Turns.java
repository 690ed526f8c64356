package io.semel.bench.turns;

import io.semel.bench.contender.Contender;
import io.semel.bench.contender.Contestants;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** Lets contenders take turns at one workload after the other. Used by one thread. */
public final class Turns {
    private static final int COLD = 4;

    private final Contestants contestants;
    private final int rounds;
    private final Duration turn;
    private final Duration warmUp;
    private final Set<String> warm = new LinkedHashSet<>();

    /**
     * @param turn   how long each has in a round
     * @param warmUp before the first round of each trial; four times as long for who has done nothing yet
     */
    public Turns(Contestants contestants, int rounds, Duration turn, Duration warmUp) {
        this.contestants = contestants;
        this.rounds = rounds;
        this.turn = turn;
        this.warmUp = warmUp;
    }

    /** Warms everybody up, then has {@code rounds} rounds; progress goes to standard output. */
    public Outcome run(Trial trial) {
        System.out.println(trial.name() + ": " + trial.words());
        List<Contender> contenders = contestants.all(trial.who());
        Map<Contender, Work> works = new LinkedHashMap<>();
        try {
            for (Contender contender : contenders) {
                System.out.println("  warming up " + contender.name() + " ...");
                Work work = trial.against().apply(contender);
                works.put(contender, work);
                work.run(warm.add(contender.name()) ? warmUp.multipliedBy(COLD) : warmUp);
            }
            return measure(trial, works);
        } finally {
            works.values().forEach(Work::close);
        }
    }

    private Outcome measure(Trial trial, Map<Contender, Work> works) {
        Outcome outcome = new Outcome(trial);
        Figure first = trial.figures().get(0);
        for (int round = 1; round <= rounds; round++) {
            for (Map.Entry<Contender, Work> one : works.entrySet()) {
                Map<Figure, Double> figures = one.getValue().run(turn);
                String name = one.getKey().name();
                outcome.add(name, figures);
                System.out.printf(Locale.ROOT, "  round %d of %d: %-14s %,12." + first.decimals() + "f %s%n",
                        round, rounds, name, figures.get(first), first.name());
            }
        }
        return outcome;
    }
}
