package io.semel.it.sim;

import java.util.ArrayList;
import java.util.List;

/**
 * What must take effect whole or not at all: a transaction, or one batch of a producer without transactions.
 */
final class Unit {
    final String producer;
    final long number;
    final boolean transactional;
    final List<Batch> batches = new ArrayList<>();
    Fate fate = Fate.ABORTED;
    /**
     * Whether the group's offset was committed in it: to {@link #number}, for the group named as its
     * producer.
     */
    boolean movesOffset;

    Unit(String producer, long number, boolean transactional) {
        this.producer = producer;
        this.number = number;
        this.transactional = transactional;
    }

    @Override
    public String toString() {
        return producer + "#" + number + " " + fate + " " + batches;
    }
}
