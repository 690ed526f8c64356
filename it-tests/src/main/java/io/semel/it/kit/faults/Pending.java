package io.semel.it.kit.faults;

/**
 * A request that the broker has not answered yet on one of our connections.
 *
 * @param correlationId the number it was sent under
 * @param target        who is told the answer; null for nobody
 */
record Pending(Fate fate, int correlationId, Pipe target) {
    /** A second one, which counts for nothing. */
    boolean isCopy() {
        return target == null;
    }
}
