package io.semel.it.kit.chaos;

import java.util.Locale;

/**
 * One thing that goes wrong, when, and for how long. Immutable.
 *
 * @param afterMs since the one before was over, or the round began: on a slow machine they come later, and
 *        the broker has its time between them all the same
 * @param lastsMs 0 for what is over at once
 */
record Blow(Kind kind, long afterMs, long lastsMs) {
    /** What can be done to a whole broker, or to all connections to it. */
    enum Kind {
        /** SIGKILL, and started again at once. */
        KILL(true, false),
        /** SIGSTOP, and SIGCONT when it is over. */
        PAUSE(true, true),
        /** The power of its disk is cut; started again at once. Only where it is asked for by name. */
        POWER(true, false),
        /** The power is cut, and again while the broker recovers from that. Only where it is asked for. */
        POWER_TWICE(true, true),
        CUT(false, false),
        RESET(false, false),
        /** The broker's ends are closed, the clients' stay open. */
        HALF_OPEN(false, false),
        BLACKHOLE(false, true),
        THROTTLE(false, true);

        /** Only for a broker that we have started. */
        final boolean needsProcess;
        /** For {@link #POWER_TWICE}: how long it recovers. */
        final boolean lasts;

        boolean cutsPower() {
            return this == POWER || this == POWER_TWICE;
        }

        Kind(boolean needsProcess, boolean lasts) {
            this.needsProcess = needsProcess;
            this.lasts = lasts;
        }

        String words() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }

    @Override
    public String toString() {
        return kind.words() + (lastsMs == 0 ? "" : " for " + lastsMs + " ms");
    }
}
