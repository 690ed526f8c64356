package io.semel.sim;

/** How a process ends, and what of its disk outlives it. */
public enum Survival {
    /** kill -9: the page cache survives, nothing is lost; what was not forced can still be lost later. */
    KILL,
    /** The machine loses power: what was not forced survives, is lost or is torn, as the seed likes. */
    POWER_CUT
}
