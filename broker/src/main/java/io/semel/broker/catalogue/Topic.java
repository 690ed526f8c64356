package io.semel.broker.catalogue;

import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;

/** A topic as the catalogue knows it. Immutable; {@code configs} holds only what was set, sorted by key. */
public record Topic(String name, UUID id, int partitions, Map<String, String> configs) {
    private static final int NAME_LENGTH_MAX = 249;

    public Topic {
        configs = new TreeMap<>(configs);
    }

    public boolean isInternal() {
        return name.equals(Catalogue.TRANSACTION_STATE) || name.equals(Catalogue.CONSUMER_OFFSETS)
                || name.equals(Catalogue.CATALOGUE);
    }

    /** Whether old records are deleted: {@code cleanup.policy} names delete, perhaps beside compact. */
    public boolean expires() {
        return configs.getOrDefault("cleanup.policy", "delete").contains("delete");
    }

    /** Whether records carry the time of their appending instead of their producer's. */
    public boolean stampsAppendTime() {
        return configs.getOrDefault("message.timestamp.type", "CreateTime").equals("LogAppendTime");
    }

    public boolean isCompacted() {
        return configs.getOrDefault("cleanup.policy", "delete").contains("compact");
    }

    /**
     * Kafka's rule: letters, digits, '.', '_' and '-'; at most 249; not '.' or '..'. So a name is always a
     * plain directory name.
     */
    public static String nameProblem(String name) {
        if (name == null || name.isEmpty()) return "Topic name is invalid: it is empty";
        if (name.equals(".") || name.equals("..")) return "Topic name is invalid: '" + name + "'";
        if (name.length() > NAME_LENGTH_MAX) return "Topic name is invalid: longer than " + NAME_LENGTH_MAX
                + " characters";
        for (int index = 0; index < name.length(); index++) {
            char letter = name.charAt(index);
            boolean legal = letter >= 'a' && letter <= 'z' || letter >= 'A' && letter <= 'Z'
                    || letter >= '0' && letter <= '9'
                    || letter == '.' || letter == '_' || letter == '-';
            if (!legal) return "Topic name is invalid: it may hold only letters, digits, '.', '_' and '-'";
        }
        if (name.equals(Catalogue.CATALOGUE)) return "Topic name is invalid: '" + name
                + "' is the broker's own";
        return null;
    }
}
