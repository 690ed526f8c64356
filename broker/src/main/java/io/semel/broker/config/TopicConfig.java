package io.semel.broker.config;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * A topic's settings: which keys Kafka users set, what each may be, and which of them this broker honours.
 * Stateless.
 */
public final class TopicConfig {
    /** How a key is treated. */
    private enum Kind { LONG, INT, DOUBLE, BOOLEAN, LIST, TEXT }

    /** Bounds are Kafka's, both ends included; only numbers have them. */
    private record Key(Kind kind, String byDefault, long least, long most) {
    }

    private static final Map<String, Key> KEYS = new LinkedHashMap<>();
    /** What Kafka allowed before 4.0 asked for 1 MiB: tests want small segments. */
    private static final int SEGMENT_BYTES_MIN = 14;

    static {
        key("cleanup.policy", Kind.LIST, "delete");
        number("compression.gzip.level", Kind.INT, "-1", -1, 9);
        number("compression.lz4.level", Kind.INT, "9", 1, 17);
        key("compression.type", Kind.TEXT, "producer");
        number("compression.zstd.level", Kind.INT, "3", -131072, 22);
        number("delete.retention.ms", Kind.LONG, "86400000", 0);
        number("file.delete.delay.ms", Kind.LONG, "60000", 0);
        number("flush.messages", Kind.LONG, "9223372036854775807", 1);
        number("flush.ms", Kind.LONG, "9223372036854775807", 0);
        number("index.interval.bytes", Kind.INT, "4096", 0);
        number("max.compaction.lag.ms", Kind.LONG, "9223372036854775807", 1);
        number("max.message.bytes", Kind.INT, "1048588", 0);
        number("message.timestamp.after.max.ms", Kind.LONG, "3600000", 0);
        number("message.timestamp.before.max.ms", Kind.LONG, "9223372036854775807", 0);
        key("message.timestamp.type", Kind.TEXT, "CreateTime");
        key("min.cleanable.dirty.ratio", Kind.DOUBLE, "0.5");
        number("min.compaction.lag.ms", Kind.LONG, "0", 0);
        number("min.insync.replicas", Kind.INT, "1", 1);
        key("preallocate", Kind.BOOLEAN, "false");
        number("retention.bytes", Kind.LONG, "-1", Long.MIN_VALUE);
        number("retention.ms", Kind.LONG, "604800000", -1);
        number("segment.bytes", Kind.INT, "1073741824", SEGMENT_BYTES_MIN);
        number("segment.index.bytes", Kind.INT, "10485760", 4);
        number("segment.jitter.ms", Kind.LONG, "0", 0);
        number("segment.ms", Kind.LONG, "604800000", 1);
        key("unclean.leader.election.enable", Kind.BOOLEAN, "false");
        key("leader.replication.throttled.replicas", Kind.LIST, "");
        key("follower.replication.throttled.replicas", Kind.LIST, "");
        key("remote.log.copy.disable", Kind.BOOLEAN, "false");
        key("remote.log.delete.on.disable", Kind.BOOLEAN, "false");
        key("remote.storage.enable", Kind.BOOLEAN, "false");
        number("local.retention.bytes", Kind.LONG, "-2", -2);
        number("local.retention.ms", Kind.LONG, "-2", -2);
    }

    private TopicConfig() {
    }

    private static void key(String name, Kind kind, String byDefault) {
        KEYS.put(name, new Key(kind, byDefault, kind == Kind.DOUBLE ? 0 : Long.MIN_VALUE,
                kind == Kind.DOUBLE ? 1 : Long.MAX_VALUE));
    }

    private static void number(String name, Kind kind, String byDefault, long least) {
        number(name, kind, byDefault, least, Long.MAX_VALUE);
    }

    private static void number(String name, Kind kind, String byDefault, long least, long most) {
        KEYS.put(name, new Key(kind, byDefault, least, most));
    }

    /** The number a topic has set, or {@code unset}. It was checked by {@link #problem} when it was set. */
    public static long number(Map<String, String> configs, String name, long unset) {
        String value = configs.get(name);
        return value == null ? unset : Long.parseLong(value.trim());
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

    /** Whether a key's value is several, with commas between them. */
    public static boolean isList(String name) {
        return KEYS.get(name).kind == Kind.LIST;
    }

    /** A key's type in the numbers of DescribeConfigs (KIP-569). */
    public static byte protocolType(String name) {
        return switch (KEYS.get(name).kind) {
            case BOOLEAN -> 1;
            case TEXT -> 2;
            case INT -> 3;
            case LONG -> 5;
            case DOUBLE -> 6;
            case LIST -> 7;
        };
    }

    /** Null when the value may be set; otherwise what is wrong with it, naming the key. */
    public static String problem(String name, String value) {
        Key key = KEYS.get(name);
        if (key == null) return "Unknown topic config name: " + name;
        if (value == null) return name + " needs a value";
        return switch (name) {
            case "compression.type" -> value.equals("producer") ? null
                    : "compression.type=" + value + " is refused: batches stay as the producer made them;"
                    + " set compression.type on the producer";
            case "message.timestamp.type" -> value.equals("CreateTime") || value.equals("LogAppendTime")
                    ? null : "message.timestamp.type takes CreateTime or LogAppendTime, not " + value;
            case "remote.storage.enable" -> value.equals("false") ? null
                    : "remote.storage.enable is not built";
            case "cleanup.policy" -> cleanupProblem(value);
            case "compression.gzip.level" -> value.trim().equals("0")
                    ? name + "=0 is refused: it takes 1 to 9, or -1 for the default"
                    : typeProblem(name, key, value);
            case "leader.replication.throttled.replicas", "follower.replication.throttled.replicas" ->
                    value.trim().equals("*") || isReplicas(value.trim()) ? null : name
                            + " takes * or a list of PARTITION:BROKER, not " + value;
            default -> typeProblem(name, key, value);
        };
    }

    private static boolean isReplicas(String value) {
        for (String replica : value.split(",")) {
            if (!replica.trim().matches("([0-9]+:[0-9]+)?")) return false;
        }
        return true;
    }

    /** Null when settings of a topic go together. */
    public static String conflict(Map<String, String> configs) {
        long least = number(configs, "min.compaction.lag.ms", 0);
        long most = number(configs, "max.compaction.lag.ms", Long.MAX_VALUE);
        return least <= most ? null : "conflict topic config setting min.compaction.lag.ms (" + least
                + ") > max.compaction.lag.ms (" + most + ")";
    }

    /** Neither of the two keeps everything for ever (as Kafka has it from 4.2 on). */
    private static String cleanupProblem(String value) {
        if (value.trim().isEmpty()) return null;
        for (String part : value.split(",", -1)) {
            if (!part.trim().equals("delete") && !part.trim().equals("compact")) {
                return "cleanup.policy takes delete, compact, both or neither, not " + value;
            }
        }
        return null;
    }

    private static String typeProblem(String name, Key key, String value) {
        try {
            switch (key.kind) {
                case LONG -> {
                    return boundProblem(name, key, Long.parseLong(value.trim()), value);
                }
                case INT -> {
                    return boundProblem(name, key, Integer.parseInt(value.trim()), value);
                }
                case DOUBLE -> {
                    return boundProblem(name, key, Double.parseDouble(value.trim()), value);
                }
                case BOOLEAN -> {
                    String word = value.trim().toLowerCase(Locale.ROOT);
                    return word.equals("true") || word.equals("false") ? null : name
                            + " takes true or false, not " + value;
                }
                case LIST, TEXT -> {
                    return null;
                }
            }
        } catch (NumberFormatException notANumber) {
            return name + " takes " + (key.kind == Kind.INT ? "an integer" : "a number") + ", not " + value;
        }
        return null;
    }

    private static String boundProblem(String name, Key key, double number, String value) {
        if (number >= key.least && number <= key.most) return null;
        return name + "=" + value + " is refused: it takes " + key.least + " or more"
                + (key.most < Long.MAX_VALUE ? ", at most " + key.most : "");
    }
}
