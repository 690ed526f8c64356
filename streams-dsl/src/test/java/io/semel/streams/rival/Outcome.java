package io.semel.streams.rival;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;

/**
 * What came out, by topic and key: values with their times, in order. Removals of what was not there are left
 * out, since whether they are told depends on what a step happens to know.
 */
final class Outcome {
    private final Map<String, List<String>> values = new TreeMap<>();

    /**
     * As {@link #add}, of a table: it is left out when it says the same again, since whether that is told
     * depends on what a step happens to know, too.
     */
    void addOfTable(String topic, String key, String value, long timestampMs) {
        List<String> told = values.getOrDefault(topic + " " + key, List.of());
        if (told.isEmpty() || !told.get(told.size() - 1).startsWith(value + "@")) {
            add(topic, key, value, timestampMs);
        }
    }

    void add(String topic, String key, String value, long timestampMs) {
        List<String> told = values.computeIfAbsent(topic + " " + key, name -> new ArrayList<>());
        boolean there = !told.isEmpty() && !told.get(told.size() - 1).startsWith("null@");
        if (value != null || there) {
            told.add(value + "@" + timestampMs);
        }
    }

    /** A row of a store. */
    void row(String store, String key, String value) {
        values.computeIfAbsent("store " + store + " " + key, name -> new ArrayList<>()).add(value);
    }

    Set<String> keys() {
        return Set.copyOf(values.keySet());
    }

    void leaveOut(String key) {
        values.remove(key);
    }

    int size() {
        return values.values().stream().mapToInt(List::size).sum();
    }

    /** The differences, one a line; the values of {@code unordered} topics may come in any order. */
    String minus(Outcome other, Set<String> unordered) {
        return minus(other, unordered, Set.of());
    }

    /** As above; of topics in {@code last} only the last value of a key counts, none is as good as null. */
    String minus(Outcome other, Set<String> unordered, Set<String> last) {
        TreeMap<String, String> all = new TreeMap<>();
        values.forEach((key, told) -> all.put(key, ""));
        other.values.forEach((key, told) -> all.put(key, ""));
        StringBuilder text = new StringBuilder();
        for (String key : all.keySet()) {
            boolean sorts = unordered.contains(key.substring(0, key.indexOf(' ')));
            List<String> mine = told(key, sorts);
            List<String> others = other.told(key, sorts);
            if (last.contains(key.substring(0, key.indexOf(' ')))) {
                mine = last(mine);
                others = last(others);
            }
            if (sorts) {
                mine = withoutEager(mine, others);
            }
            if (!Objects.equals(mine, others)) {
                text.append(key).append("\n   ours   ").append(mine).append("\n   theirs ").append(others)
                        .append('\n');
            }
        }
        return text.toString();
    }

    /** Drops what we tell of a record that has met none, where the other side waited and it met one late. */
    private static List<String> withoutEager(List<String> mine, List<String> others) {
        List<String> left = new ArrayList<>(others);
        List<String> kept = new ArrayList<>();
        for (String one : mine) {
            if (left.remove(one) || !one.contains(",null)") && !one.contains("(null,")) {
                kept.add(one);
            }
        }
        return kept;
    }

    private static List<String> last(List<String> told) {
        String last = told.isEmpty() ? "null@" : told.get(told.size() - 1);
        return last.startsWith("null@") ? List.of() : List.of(last.substring(0, last.lastIndexOf('@')));
    }

    private List<String> told(String key, boolean sorts) {
        List<String> told = values.getOrDefault(key, List.of());
        return sorts ? told.stream().sorted().toList() : told;
    }
}
