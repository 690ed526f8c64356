package io.semel.examples.demo;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Random;

/**
 * What is killed at which point of the work, drawn from a seed: the broker twice, the application once. An
 * immutable value.
 */
record KillPlan(List<Kill> kills) {

    /** One kill -9, when so many flights are counted in committed results. */
    record Kill(Target target, long atCounted) { }

    enum Target {
        BROKER, APPLICATION;

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * No kill falls in the first tenth or the last fifth of the work: something must be under way, and be
     * left to do.
     */
    static KillPlan of(long seed, long total) {
        Random random = new Random(seed);
        List<Target> targets = new ArrayList<>(List.of(Target.BROKER, Target.BROKER, Target.APPLICATION));
        Collections.shuffle(targets, random);
        long[] points = random.doubles(targets.size(), 0.1, 0.8).sorted()
            .mapToLong(share -> Math.max(1, (long) (share * total))).toArray();
        List<Kill> kills = new ArrayList<>();
        for (int i = 0; i < points.length; i++) kills.add(new Kill(targets.get(i), points[i]));
        return new KillPlan(List.copyOf(kills));
    }

    long count(Target target) {
        return kills.stream().filter(kill -> kill.target() == target).count();
    }
}
