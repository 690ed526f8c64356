package io.semel.broker.config;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;

/** A topic's settings: which keys Kafka users set, what each may be, and which of them this broker honours. Stateless. */
public final class TopicConfig {
    /** How a key is treated. */
    private enum Kind { LONG, INT, DOUBLE, BOOLEAN, LIST, TEXT }

    private record Key(Kind kind, String byDefault) {
    }

    private static final Map<String, Key> KEYS = new LinkedHashMap<>();

    static {
        key("cleanup.policy", Kind.LIST, "delete");
        key("compression.type", Kind.TEXT, "producer");
        key("delete.retention.ms", Kind.LONG, "86400000");
        key("file.delete.delay.ms", Kind.LONG, "60000");
        key("flush.messages", Kind.LONG, "9223372036854775807");
        key("flush.ms", Kind.LONG, "9223372036854775807");
        key("index.interval.bytes", Kind.INT, "4096");
        key("max.compaction.lag.ms", Kind.LONG, "9223372036854775807");
        key("max.message.bytes", Kind.INT, "1048588");
        key("message.timestamp.after.max.ms", Kind.LONG, "3600000");
        key("message.timestamp.before.max.ms", Kind.LONG, "9223372036854775807");
        key("message.timestamp.type", Kind.TEXT, "CreateTime");
        key("min.cleanable.dirty.ratio", Kind.DOUBLE, "0.5");
        key("min.compaction.lag.ms", Kind.LONG, "0");
        key("min.insync.replicas", Kind.INT, "1");
        key("preallocate", Kind.BOOLEAN, "false");
        key("retention.bytes", Kind.LONG, "-1");
        key("retention.ms", Kind.LONG, "604800000");
        key("segment.bytes", Kind.INT, "1073741824");
        key("segment.index.bytes", Kind.INT, "10485760");
        key("segment.jitter.ms", Kind.LONG, "0");
        key("segment.ms", Kind.LONG, "604800000");
        key("unclean.leader.election.enable", Kind.BOOLEAN, "false");
        key("leader.replication.throttled.replicas", Kind.LIST, "");
        key("follower.replication.throttled.replicas", Kind.LIST, "");
        key("remote.storage.enable", Kind.BOOLEAN, "false");
        key("local.retention.bytes", Kind.LONG, "-2");
        key("local.retention.ms", Kind.LONG, "-2");
    }

    private TopicConfig() {
    }

    private static void key(String name, Kind kind, String byDefault) {
        KEYS.put(name, new Key(kind, byDefault));
    }

    /** Every key with its default, in the order of Kafka's documentation. */
    public static Map<String, String> defaults() {
        Map<String, String> all = new TreeMap<>();
        KEYS.forEach((name, key) -> all.put(name, key.byDefault));
        return all;
    }

    public static boolean isKnown(String name) {
        return KEYS.containsKey(name);
    }

    /** Null when the value may be set; otherwise what is wrong with it, naming the key. */
    public static String problem(String name, String value) {
        Key key = KEYS.get(name);
        if (key == null) return "Unknown topic config name: " + name;
        if (value == null) return name + " needs a value";
        return switch (name) {
            case "compression.type" -> value.equals("producer") ? null
                    : "compression.type=" + value + " is refused: batches are stored as the producer compressed them;"
                    + " set compression.type on the producer";
            case "message.timestamp.type" -> value.equals("CreateTime") ? null
                    : "message.timestamp.type=" + value + " is not built yet; only CreateTime is";
            case "remote.storage.enable" -> value.equals("false") ? null : "remote.storage.enable is not built";
            case "cleanup.policy" -> cleanupProblem(value);
            default -> typeProblem(name, key.kind, value);
        };
    }

    private static String cleanupProblem(String value) {
        for (String part : value.split(",")) {
            if (!part.trim().equals("delete") && !part.trim().equals("compact")) {
                return "cleanup.policy takes delete, compact or both, not " + value;
            }
        }
        return null;
    }

    private static String typeProblem(String name, Kind kind, String value) {
        try {
            switch (kind) {
                case LONG -> Long.parseLong(value.trim());
                case INT -> Integer.parseInt(value.trim());
                case DOUBLE -> Double.parseDouble(value.trim());
                case BOOLEAN -> {
                    if (!value.equals("true") && !value.equals("false")) return name + " takes true or false, not " + value;
                }
                case LIST, TEXT -> {
                    return null;
                }
            }
        } catch (NumberFormatException notANumber) {
            return name + " takes a number, not " + value;
        }
        return null;
    }
}
