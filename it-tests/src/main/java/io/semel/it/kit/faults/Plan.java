package io.semel.it.kit.faults;

import java.util.List;
import java.util.SplittableRandom;
import org.apache.kafka.common.protocol.ApiKeys;

/**
 * Decides the fate of each call on its own: a function of the client's id, the API and the number of the
 * call, so that threads may interleave as they like and the same seed still means the same faults.
 * Immutable; any thread.
 */
public abstract sealed class Plan {
    private Plan() { }

    /** What strikes this call at this moment; null for nothing. */
    abstract Action strike(Request request, Moment moment);

    /** For a story: how to get the same plan again. */
    abstract String words();

    /** Faults drawn from a seed. */
    static final class Drawn extends Plan {
        private final long seed;
        private final Profile profile;

        Drawn(long seed, Profile profile) {
            this.seed = seed;
            this.profile = profile;
        }

        @Override
        Action strike(Request request, Moment moment) {
            if (!profile.apis().contains(request.api())) return null;
            long call = request.clientId().hashCode() * 31L + request.api().id;
            SplittableRandom random = new SplittableRandom(seed ^ call * 0x9E3779B97F4A7C15L
                    ^ request.call() * 0xC2B2AE3D27D4EB4FL ^ moment.ordinal() * 0x165667B19E3779F9L);
            Action drawn = profile.draw(random, moment);
            return drawn instanceof Action.Duplicate && isAnotherProducer(request) ? null : drawn;
        }

        /**
         * Asked twice, InitProducerId is asked by two producers for all that a broker can know, and the
         * second fences the first: a client that complains then is right. Whoever wants it can script it.
         */
        private static boolean isAnotherProducer(Request request) {
            return request.api() == ApiKeys.INIT_PRODUCER_ID;
        }

        @Override
        String words() {
            return "seed " + seed + ", " + profile;
        }
    }

    /** Faults that struck before, once more. */
    static final class Replayed extends Plan {
        private final List<Strike> strikes;

        Replayed(List<Strike> strikes) {
            this.strikes = List.copyOf(strikes);
        }

        @Override
        Action strike(Request request, Moment moment) {
            for (Strike strike : strikes) {
                if (strike.strikes(request, moment)) return Action.parse(strike.action());
            }
            return null;
        }

        @Override
        String words() {
            return "replay of " + strikes.size() + " strikes";
        }
    }
}
