package io.semel.broker.catalogue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * One change of a topic's or the broker's settings (KIP-339), applied where the settings are owned, so that
 * two changes lose
 * nothing. Immutable.
 */
public record ConfigChange(String key, int operation, String value) {
    private static final int SET = 0;
    public static final int DELETE = 1;
    private static final int APPEND = 2;
    private static final int SUBTRACT = 3;

    /**
     * Changes {@code configs}, or leaves them and says what is wrong. As in Kafka whatever key can be
     * deleted: tools
     * take away what may have been set.
     */
    String applyTo(Map<String, String> configs, ConfigKeys keys) {
        if (operation == DELETE) {
            configs.remove(key);
            return null;
        }
        String unknown = keys.unknown(key);
        if (unknown != null) return unknown;
        if (value == null) return key + " needs a value";
        switch (operation) {
            case SET -> configs.put(key, value);
            case APPEND, SUBTRACT -> {
                if (!keys.isList(key)) return key
                        + " is no list: nothing can be added to it or taken from it";
                configs.put(key, listed(configs.getOrDefault(key, keys.byDefault(key))));
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
