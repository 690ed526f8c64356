package io.semel.broker.catalogue;

import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;

/** A topic as the catalogue knows it. Immutable; {@code configs} holds only what was set, sorted by key. */
public record Topic(String name, UUID id, int partitions, Map<String, String> configs) {
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
}
