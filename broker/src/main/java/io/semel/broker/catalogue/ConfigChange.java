package io.semel.broker.catalogue;

import io.semel.broker.config.TopicConfig;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * One change of a topic's settings (KIP-339), applied where the settings are owned, so that two changes lose
 * nothing. Immutable.
 */
public record ConfigChange(String key, int operation, String value) {
    private static final int SET = 0;
    private static final int DELETE = 1;
    private static final int APPEND = 2;
    private static final int SUBTRACT = 3;

    /** Changes {@code configs}, or leaves them and says what is wrong. */
    String applyTo(Map<String, String> configs) {
        if (!TopicConfig.isKnown(key)) return "Unknown topic config name: " + key;
        if (operation == DELETE) {
            configs.remove(key);
            return null;
        }
        if (value == null) return key + " needs a value";
        switch (operation) {
            case SET -> configs.put(key, value);
            case APPEND, SUBTRACT -> {
                if (!TopicConfig.isList(key)) return key
                        + " is no list: nothing can be added to it or taken from it";
                configs.put(key, listed(configs.getOrDefault(key, TopicConfig.defaults().get(key))));
            }
            default -> {
                return "Unknown config operation " + operation + " for " + key;
            }
        }
        return null;
    }

    private String listed(String before) {
        List<String> items = new ArrayList<>(Arrays.asList(before.split(",")));
        items.removeIf(String::isEmpty);
        List<String> named = Arrays.asList(value.split(","));
        items.removeAll(named);
        if (operation == APPEND) items.addAll(named);
        return String.join(",", items);
    }
}
