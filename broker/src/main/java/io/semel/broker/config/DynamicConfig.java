package io.semel.broker.config;

import java.util.Map;
import java.util.TreeMap;

/**
 * The broker's settings that can be altered while it runs (KIP-226): those that are the default of a topic's
 * setting. Stateless.
 */
public final class DynamicConfig {
    private static final Map<String, String> TOPIC_KEYS = new TreeMap<>();
    private static final Map<String, String> BROKER_KEYS = new TreeMap<>();

    static {
        pair("log.retention.ms", "retention.ms");
        pair("log.retention.bytes", "retention.bytes");
        pair("log.segment.bytes", "segment.bytes");
        pair("log.roll.ms", "segment.ms");
        pair("message.max.bytes", "max.message.bytes");
    }

    private DynamicConfig() {
    }

    private static void pair(String brokerKey, String topicKey) {
        TOPIC_KEYS.put(brokerKey, topicKey);
        BROKER_KEYS.put(topicKey, brokerKey);
    }

    /** Null when the broker's key can be altered while it runs; otherwise why not. */
    public static String unalterable(String brokerKey) {
        return TOPIC_KEYS.containsKey(brokerKey) ? null : "Cannot update these configs dynamically: ["
                + brokerKey
                + "]. Those that can be are " + TOPIC_KEYS.keySet() + "; others are set at start.";
    }

    /** The topic's setting that such a key is the default of; null for any other key. */
    public static String topicKeyOf(String brokerKey) {
        return TOPIC_KEYS.get(brokerKey);
    }

    /** The other way round; null when the default is fixed while the broker runs. */
    public static String brokerKeyOf(String topicKey) {
        return BROKER_KEYS.get(topicKey);
    }
}
