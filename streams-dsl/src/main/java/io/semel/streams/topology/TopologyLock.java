package io.semel.streams.topology;

import io.semel.streams.Serdes;
import io.semel.streams.Store;
import io.semel.streams.Topic;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What a program's stored state depends on, a line for each name: the application, its stores with layout and
 * types, its repartition topics, its inputs. Kept in a file next to the code, it tells at the next change
 * what has become of each. Steps are not in it: to add or remove one changes no name. Immutable; compares and
 * prints in a fixed order.
 */
public final class TopologyLock {
    private static final String HEAD =
            "# What stored state depends on. Written by Topologies.writeLock; keep it with "
            + "the code.\n";
    private final SortedMap<String, String> lines;

    private TopologyLock(SortedMap<String, String> lines) {
        this.lines = lines;
    }

    /** One name that is not what it was. */
    public record Difference(boolean breaksState, String what, String action) {
        @Override
        public String toString() {
            return what + " | action: " + action;
        }
    }

    public static TopologyLock of(Graph graph) {
        SortedMap<String, String> lines = new TreeMap<>();
        lines.put("application", graph.name());
        for (Node node : graph.nodes()) {
            node.topic().ifPresent(topic -> {
                if (node.kind() == Node.Kind.SOURCE || node.kind() == Node.Kind.TABLE) {
                    lines.put("input " + topic.name(), types(topic));
                } else if (node.kind() == Node.Kind.VIA_SOURCE) {
                    var asked = graph.viaPartitions(topic.name());
                    lines.put("via " + topic.name(), types(topic)
                            + (asked.isPresent() ? " partitions=" + asked.getAsInt() : ""));
                }
            });
        }
        for (SubTopology sub : graph.subTopologies()) {
            sub.stores().stream().filter(spec -> !spec.isTable())
                    .forEach(spec -> lines.put("store " + spec.name(), shape(spec)));
        }
        return new TopologyLock(lines);
    }

    /**
     * Reads what {@link #toString} has written; throws {@link IllegalArgumentException} naming a bad line.
     */
    public static TopologyLock parse(String text) {
        SortedMap<String, String> lines = new TreeMap<>();
        for (String line : text.lines().map(String::strip).toList()) {
            if (line.isEmpty() || line.startsWith("#")) {
                continue;
            }
            int equals = line.indexOf(" = ");
            if (equals < 0 || !line.matches("(application|(input|via|store) \\S+) = .+")) {
                throw new IllegalArgumentException("not a line of a topology lock: '" + line + "'");
            }
            lines.put(line.substring(0, equals), line.substring(equals + 3));
        }
        if (!lines.containsKey("application")) {
            throw new IllegalArgumentException("a topology lock begins with 'application = NAME'");
        }
        return new TopologyLock(lines);
    }

    /** What has become of each name, since {@code before}; empty if nothing changed. */
    public List<Difference> since(TopologyLock before) {
        List<Difference> differences = new ArrayList<>();
        String app = before.lines.get("application");
        if (!lines.get("application").equals(app)) {
            differences
                    .add(new Difference(true, "application '" + app + "' is called '"
                            + lines.get("application")
                    + "' now, so that its offsets and stores begin anew",
                            "give it its old name; or delete the old"
                    + " one's state: ./semel streams reset --application " + app));
            return differences;
        }
        before.lines.forEach((name, was) -> {
            String now = lines.get(name);
            if (now == null) {
                differences.add(gone(app, name, was));
            } else if (!now.equals(was)) {
                differences.add(new Difference(true, name + " was '" + was + "' and is '" + now + "'",
                        name.startsWith("store ") ? "give it a new name, or delete what it holds:"
                                + " ./semel streams reset --application " + app + " --store " + word(name)
                                : "use another topic, or drain this one and delete it"));
            }
        });
        lines.keySet().stream().filter(name -> !before.lines.containsKey(name)).forEach(name ->
                differences.add(new Difference(false, name + " is new"
                        + (name.startsWith("store ") ? " and begins empty" : ""), "write the lock anew")));
        return differences;
    }

    private Difference gone(String app, String name, String was) {
        Optional<String> heir = lines.keySet().stream().filter(one -> one.startsWith("store ")
                && name.startsWith("store ") && lines.get(one).equals(was)).findFirst();
        if (heir.isPresent()) {
            return new Difference(true, name + " is gone; if it is called '" + word(heir.get())
                    + "' now, what it holds does not follow", "give it its old name back");
        }
        return switch (name.substring(0, name.indexOf(' '))) {
            case "store" -> new Difference(true, name + " is orphaned", "delete what it holds:"
                    + " ./semel streams reset --application " + app + " --store " + word(name));
            case "via" -> new Difference(true, name + " is no longer read",
                    "let the old version drain it first, then delete the topic");
            default -> new Difference(false, name + " is no longer read", "write the lock anew");
        };
    }

    private static String word(String name) {
        return name.substring(name.indexOf(' ') + 1);
    }

    private static String types(Topic<?, ?> topic) {
        return "key=" + Serdes.nameOf(topic.keySerde()) + " value=" + Serdes.nameOf(topic.valueSerde());
    }

    private static String shape(StoreSpec spec) {
        Store<?, ?> store = spec.declared();
        return spec.layout().name().toLowerCase(java.util.Locale.ROOT) + " key="
                + Serdes.nameOf(store.keySerde())
                + " value=" + Serdes.nameOf(store.valueSerde())
                + (store.ttlMs().isPresent() ? " ttl=" + store.ttlMs().getAsLong() + "ms" : "")
                + (spec.shape().isEmpty() ? "" : " " + spec.shape());
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof TopologyLock lock && lock.lines.equals(lines);
    }

    @Override
    public int hashCode() {
        return lines.hashCode();
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder(HEAD);
        lines.forEach((name, value) -> text.append(name).append(" = ").append(value).append('\n'));
        return text.toString();
    }
}
