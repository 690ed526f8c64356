package io.semel.group.base;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/**
 * Moments by name, in order of time then name: setting one costs the logarithm of how many there are. Owned
 * by the room's lane.
 */
public final class Deadlines {
    public static final long NEVER = Long.MAX_VALUE;

    private record Due(long atMs, String name) implements Comparable<Due> {
        @Override
        public int compareTo(Due other) {
            int byTime = Long.compare(atMs, other.atMs);
            return byTime != 0 ? byTime : name.compareTo(other.name);
        }
    }

    private final Map<String, Due> byName;
    private final TreeSet<Due> inOrder;

    public Deadlines() {
        byName = new LinkedHashMap<>();
        inOrder = new TreeSet<>();
    }

    /** A copy that changes on its own. */
    public Deadlines(Deadlines other) {
        byName = new LinkedHashMap<>(other.byName);
        inOrder = new TreeSet<>(other.inOrder);
    }

    /** {@link #NEVER} takes it away. */
    public void set(String name, long atMs) {
        Due before = byName.get(name);
        if (before == null ? atMs == NEVER : before.atMs == atMs) return;
        clear(name);
        if (atMs == NEVER) return;
        Due due = new Due(atMs, name);
        byName.put(name, due);
        inOrder.add(due);
    }

    public void clear(String name) {
        Due before = byName.remove(name);
        if (before != null) inOrder.remove(before);
    }

    /** When {@code name} is due, {@link #NEVER} if not at all. */
    public long of(String name) {
        Due due = byName.get(name);
        return due == null ? NEVER : due.atMs;
    }

    public int count() {
        return byName.size();
    }

    /** When the first is due. */
    public long firstMs() {
        return inOrder.isEmpty() ? NEVER : inOrder.first().atMs;
    }

    /** The names due at {@code nowMs}, in order, at most {@code countMax}. */
    public List<String> due(long nowMs, int countMax) {
        List<String> names = new ArrayList<>();
        for (Due due : inOrder) {
            if (due.atMs > nowMs || names.size() == countMax) break;
            names.add(due.name);
        }
        return names;
    }
}
