package io.semel.it.sim;

import java.util.Collection;
import java.util.Map;
import java.util.TreeMap;

/** Who said that it holds which chain in which generation or epoch: never two in the same. One thread. */
final class Owners {
    private record Place(int generation, int chain) implements Comparable<Place> {
        @Override
        public int compareTo(Place other) {
            int order = Integer.compare(generation, other.generation);
            return order != 0 ? order : Integer.compare(chain, other.chain);
        }
    }

    private final History history;
    private final Map<Place, String> owners = new TreeMap<>();

    Owners(History history) {
        this.history = history;
    }

    void hold(int generation, String owner, Collection<Integer> chains) {
        for (int chain : chains) {
            String before = owners.putIfAbsent(new Place(generation, chain), owner);
            if (before == null || before.equals(owner)) continue;
            history.complain("two owners: in generation " + generation + " chain " + chain + " is held by "
                    + before + " and by " + owner);
        }
    }
}
