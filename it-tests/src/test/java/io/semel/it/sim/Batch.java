package io.semel.it.sim;

import java.util.List;

/**
 * A batch as its producer knows it. Values are unique in a story, so that a record tells where it comes
 * from.
 */
final class Batch {
    /** No offset was told. */
    static final long UNTOLD = -1;

    final int partition;
    final List<String> values;
    boolean acknowledged;
    /** When its producer made it. */
    long sentMs;
    /** Offset of the first record, as the broker answered it. */
    long offset = UNTOLD;

    Batch(int partition, List<String> values) {
        this.partition = partition;
        this.values = values;
    }

    @Override
    public String toString() {
        return "partition " + partition + (acknowledged ? " @" + offset : " unanswered") + " " + values;
    }
}
