package io.semel.sim;

/**
 * Something in the run broke a promise of ours: carries the seed and the tail of the trace, so that it can
 * be run again.
 */
public final class SimDefect extends RuntimeException {
    private static final long serialVersionUID = 1L;

    SimDefect(String where, SimRun run, Throwable cause) {
        super(where + ", seed " + run.seed() + ", step " + run.steps() + ": " + cause + "\n" + run.trace()
                .tail(), cause);
    }
}
