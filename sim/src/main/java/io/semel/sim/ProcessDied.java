package io.semel.sim;

/**
 * Ends the turn in which a process died, wherever it was; nothing of the process runs after it. Caught by the
 * run, which then has the process buried. Not an exception, so that nobody on the way takes it for a failure.
 */
final class ProcessDied extends Error {
    private static final long serialVersionUID = 1;

    private final transient Runnable burial;

    ProcessDied(Runnable burial) {
        super("the simulated process died", null, false, false);
        this.burial = burial;
    }

    void bury() {
        burial.run();
    }
}
