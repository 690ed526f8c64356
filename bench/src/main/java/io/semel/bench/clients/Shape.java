package io.semel.bench.clients;

import java.util.List;

/**
 * What a transaction of the benchmark looks like, and how many producers commit at once. Immutable.
 *
 * @param name        for {@code --only}
 * @param producers   KafkaProducers with their defaults, each on a thread of its own
 * @param records     a transaction, each of ten bytes, in turn over the partitions
 * @param withOffsets whether each transaction commits offsets of a group, too
 */
record Shape(String name, String words, int producers, int records, int partitions, boolean withOffsets) {
    static final List<Shape> ALL = List.of(
            new Shape("tiny", "one-record transactions back to back, one producer", 1, 1, 1, false),
            new Shape("offsets", "transactions of one record and a group's offsets, one producer", 1, 1, 1,
                    true),
            new Shape("spread", "transactions of 100 records over 8 partitions, one producer", 1, 100, 8,
                    false),
            new Shape("spread1000", "transactions of 1,000 records over 8 partitions, one producer", 1,
                    1_000, 8, false),
            new Shape("crowd", "one-record transactions of 8 producers at once", 8, 1, 8, false),
            new Shape("crowd32", "one-record transactions of 32 producers at once", 32, 1, 8, false));
}
