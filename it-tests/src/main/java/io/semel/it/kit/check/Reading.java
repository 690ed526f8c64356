package io.semel.it.kit.check;

import io.semel.it.kit.history.History;
import io.semel.it.kit.history.Operation;
import io.semel.it.kit.history.Place;
import io.semel.it.kit.history.Seen;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Walks every reader through what it read, by the time each operation ended (a rebalance happens inside a
 * poll), and keeps where it stands in each partition. Used by one thread.
 */
final class Reading {
    /** What is told on the way. */
    interface Visitor {
        /** Called before {@code position} moves on to the record. */
        void record(int operation, Seen seen, Position position);

        /** The reader has read on from one of these offsets to the other without a break. */
        default void run(Place place, boolean readCommitted, long first, long last) {
        }
    }

    /** Where a reader stands in a partition. */
    static final class Position {
        final Place place;
        /** Where it was told to go on, or -1. */
        long sought = -1;
        /** Where its last unbroken run began, and the last it read; -1 for nothing yet. */
        long first = -1;
        long last = -1;
        int lastOperation = -1;
        /** The group decides what it reads. */
        boolean subscribed;
        private boolean readCommitted;

        private Position(Place place) {
            this.place = place;
        }
    }

    private static final class Reader {
        final Map<Place, Position> positions = new HashMap<>();
        boolean subscribed;
    }

    private final History history;
    private final int[] order;
    private final Map<String, Reader> readers = new HashMap<>();

    Reading(History history) {
        this.history = history;
        List<Operation> operations = history.operations();
        Ints mine = new Ints();
        for (int index = 0; index < operations.size(); index++) {
            switch (operations.get(index).kind()) {
                case POLL, ASSIGN, SUBSCRIBE, REBALANCE, SEEK -> mine.add(index);
                default -> { }
            }
        }
        Integer[] sorted = new Integer[mine.size()];
        for (int index = 0; index < sorted.length; index++) sorted[index] = mine.get(index);
        java.util.Arrays.sort(sorted, java.util.Comparator.comparingLong(index -> operations.get(index)
                .endNs()));
        order = new int[sorted.length];
        for (int index = 0; index < order.length; index++) order[index] = sorted[index];
    }

    void walk(Visitor visitor) {
        readers.clear();
        for (int index : order) {
            Operation operation = history.operations().get(index);
            Reader reader = readers.computeIfAbsent(operation.process(), name -> new Reader());
            switch (operation.kind()) {
                case POLL -> poll(index, operation, reader, visitor);
                case ASSIGN, SUBSCRIBE -> {
                    forgetAll(reader, visitor);
                    reader.subscribed = operation.kind() == io.semel.it.kit.history.Kind.SUBSCRIBE;
                }
                case REBALANCE -> operation.offsets().keySet().forEach(place -> forget(reader, place,
                        visitor));
                case SEEK -> operation.offsets().forEach((place, offset) -> {
                    forget(reader, place, visitor);
                    position(reader, place).sought = offset;
                });
                default -> { }
            }
        }
        readers.values().forEach(reader -> forgetAll(reader, visitor));
    }

    private static void poll(int index, Operation operation, Reader reader, Visitor visitor) {
        switch (operation.outcome()) {
            case OK -> {
                Position position = null;
                for (Seen seen : operation.records()) {
                    if (position == null || !position.place.equals(seen.place())) {
                        position = position(reader, seen.place());
                    }
                    visitor.record(index, seen, position);
                    moves(position, index, operation.readCommitted(), seen.offset(), visitor);
                }
            }
            case FAILED -> { }
            case UNKNOWN -> forgetAll(reader, visitor);
        }
    }

    private static void moves(Position position, int index, boolean readCommitted, long offset,
            Visitor visitor) {
        if (position.last >= offset) {
            visitor.run(position.place, position.readCommitted, position.first, position.last);
            position.first = offset;
        } else if (position.last < 0) {
            position.first = position.sought >= 0 ? Math.min(position.sought, offset) : offset;
        }
        position.readCommitted = readCommitted;
        position.sought = -1;
        position.last = offset;
        position.lastOperation = index;
    }

    private static Position position(Reader reader, Place place) {
        Position position = reader.positions.get(place);
        if (position == null) {
            position = new Position(place);
            position.subscribed = reader.subscribed;
            reader.positions.put(place, position);
        }
        return position;
    }

    private static void forget(Reader reader, Place place, Visitor visitor) {
        Position position = reader.positions.remove(place);
        if (position != null && position.last >= 0) {
            visitor.run(place, position.readCommitted, position.first, position.last);
        }
    }

    private static void forgetAll(Reader reader, Visitor visitor) {
        for (Place place : List.copyOf(reader.positions.keySet())) forget(reader, place, visitor);
    }
}
