package io.semel.it.kit.chaos;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/** What goes wrong in a round, drawn from a seed: the same seed and length, the same blows. Immutable. */
record Schedule(List<Blow> blows) {
    private static final long LASTS_MS = 200;
    private static final long LASTS_MORE_MS = 2_500;
    /** An engine recovers in less than that on a quiet machine. */
    private static final long RECOVERS_MS = 600;
    private static final int KILL_ONE_IN = 3;

    Schedule {
        blows = List.copyOf(blows);
    }

    static Schedule draw(long seed, long lengthMs, Mix mix) {
        SplittableRandom random = new SplittableRandom(seed);
        List<Blow.Kind> kinds = mix.kinds();
        List<Blow> blows = new ArrayList<>();
        for (long ms = 0; ms < lengthMs; ms += blows.get(blows.size() - 1).afterMs()) {
            boolean kills = random.nextInt(KILL_ONE_IN) == 0;
            Blow.Kind kind = kinds.get(random.nextInt(kinds.size()));
            if (kinds.contains(Blow.Kind.KILL) && kills) kind = Blow.Kind.KILL;
            long lastsMs = LASTS_MS + random.nextLong(LASTS_MORE_MS);
            if (kind == Blow.Kind.POWER_TWICE) lastsMs %= RECOVERS_MS;
            long afterMs = mix.apartMs() + random.nextLong(mix.apartMoreMs());
            blows.add(new Blow(kind, afterMs, kind.lasts ? lastsMs : 0));
        }
        return new Schedule(blows);
    }
}
