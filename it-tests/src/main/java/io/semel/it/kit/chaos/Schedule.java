package io.semel.it.kit.chaos;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/** What goes wrong in a round, drawn from a seed: the same seed and length, the same blows. Immutable. */
record Schedule(List<Blow> blows) {
    private static final long APART_MS = 1_500;
    private static final long APART_MORE_MS = 4_000;
    private static final long LASTS_MS = 200;
    private static final long LASTS_MORE_MS = 2_500;
    private static final int KILL_ONE_IN = 3;

    Schedule {
        blows = List.copyOf(blows);
    }

    /** @param ownBroker whether it may be killed and paused too */
    static Schedule draw(long seed, long lengthMs, boolean ownBroker) {
        SplittableRandom random = new SplittableRandom(seed);
        List<Blow.Kind> kinds = new ArrayList<>();
        for (Blow.Kind kind : Blow.Kind.values()) if (ownBroker || !kind.needsProcess) kinds.add(kind);
        List<Blow> blows = new ArrayList<>();
        for (long ms = 0; ms < lengthMs; ms += blows.get(blows.size() - 1).afterMs()) {
            boolean kills = random.nextInt(KILL_ONE_IN) == 0;
            Blow.Kind kind = kinds.get(random.nextInt(kinds.size()));
            if (ownBroker && kills) kind = Blow.Kind.KILL;
            long lastsMs = LASTS_MS + random.nextLong(LASTS_MORE_MS);
            long afterMs = APART_MS + random.nextLong(APART_MORE_MS);
            blows.add(new Blow(kind, afterMs, kind.lasts ? lastsMs : 0));
        }
        return new Schedule(blows);
    }
}
