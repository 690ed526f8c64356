package io.semel.it.sim;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Everything the clients of one story did and were told, in the order they began it. */
final class History {
    private final List<Unit> units = new ArrayList<>();
    private final Map<String, Long> numbers = new TreeMap<>();
    private final List<String> complaints = new ArrayList<>();

    /** @param producer the transactional id, shared by all who write under it, or a name of its own */
    Unit begin(String producer, boolean transactional) {
        Unit unit = new Unit(producer, numbers.merge(producer, 1L, Long::sum), transactional);
        units.add(unit);
        return unit;
    }

    List<Unit> units() {
        return units;
    }

    /** Something a client saw that must never be seen, whatever comes after. */
    void complain(String complaint) {
        complaints.add(complaint);
    }

    List<String> complaints() {
        return complaints;
    }

    long count(Fate fate) {
        return units.stream().filter(unit -> unit.fate == fate).count();
    }
}
