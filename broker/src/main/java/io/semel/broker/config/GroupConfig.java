package io.semel.broker.config;

import java.util.Collection;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/**
 * A group's settings ({@code kafka-configs --entity-type groups}): which there are, between which of the
 * broker's settings each may lie, and what holds for a group that sets none. Immutable.
 */
public final class GroupConfig {
    /**
     * A setting of a group, a whole number.
     *
     * @param brokerKey what holds for groups that do not set it
     * @param leastKey  the broker's setting with the smallest it may be; null for {@code least}
     * @param mostKey   and the largest; null for {@code Integer.MAX_VALUE}
     */
    public record Key(String name, String brokerKey, String leastKey, String mostKey, int least,
                      String about) {
    }

    private static final Map<String, Key> KEYS = new TreeMap<>();
    private static final String SHARE = "share.";
    private static final String SESSION = ".session.timeout.ms";
    private static final String HEARTBEAT = ".heartbeat.interval.ms";

    static {
        protocol("consumer");
        protocol("streams");
        put(new Key("streams.num.standby.replicas", "group.streams.num.standby.replicas", null,
                "group.streams.max.standby.replicas", 0, "copies of each stateful task, in other processes"));
        put(new Key("streams.initial.rebalance.delay.ms", "group.streams.initial.rebalance.delay.ms", null,
                null, 0, "how long an empty group waits for more members"));
    }

    private final BrokerConfig broker;

    /** @param broker with the bounds, and what holds for groups that set nothing */
    public GroupConfig(BrokerConfig broker) {
        this.broker = broker;
    }

    private static void protocol(String name) {
        bounded(name, SESSION, "a member that is not heard of so long is out");
        bounded(name, HEARTBEAT, "how often members are told to send heartbeats");
    }

    private static void bounded(String protocol, String what, String about) {
        put(new Key(protocol + what, "group." + protocol + what, "group." + protocol + ".min" + what,
                "group." + protocol + ".max" + what, 1, about));
    }

    private static void put(Key key) {
        KEYS.put(key.name, key);
    }

    /** All of them, by name. */
    public static Collection<Key> all() {
        return Collections.unmodifiableCollection(KEYS.values());
    }

    /** Null when a group has such a setting; otherwise why not. */
    public static String unknown(String name) {
        if (KEYS.containsKey(name)) return null;
        if (name.startsWith(SHARE)) return name + " is refused: share groups (KIP-932) are not built";
        if (name.endsWith(".assignment.interval.ms") || name.endsWith(".assignor.offload.enable")) {
            return name + " is refused: an assignment is computed at once, when it is needed";
        }
        return "Unknown group config name: " + name;
    }

    /** Null when the value may be set; otherwise what is wrong with it, naming the key. */
    public String problem(String name, String value) {
        String unknown = unknown(name);
        if (unknown != null) return unknown;
        if (value == null) return name + " needs a value";
        Key key = KEYS.get(name);
        try {
            long number = Integer.parseInt(value.trim());
            if (number >= least(key) && number <= most(key)) return null;
            return name + "=" + value + " is refused: it takes " + least(key) + " to " + most(key)
                    + (key.leastKey == null ? "" : " (" + key.leastKey + ", " + key.mostKey + ")");
        } catch (NumberFormatException notANumber) {
            return name + " takes a whole number, not " + value;
        }
    }

    /** Null when a group may have these settings; otherwise what is wrong with one, or with two together. */
    public String problem(Map<String, String> own) {
        for (Map.Entry<String, String> each : own.entrySet()) {
            String problem = problem(each.getKey(), each.getValue());
            if (problem != null) return problem;
        }
        for (Key key : KEYS.values()) {
            if (!key.name.endsWith(SESSION)) continue;
            String heartbeat = key.name.replace(SESSION, HEARTBEAT);
            boolean set = own.containsKey(key.name) || own.containsKey(heartbeat);
            if (set && number(own, key.name) <= number(own, heartbeat)) {
                return key.name + " must be greater than " + heartbeat;
            }
        }
        return null;
    }

    /**
     * What holds for a group that has set {@code own}. What was set under other bounds than today's is taken
     * to the nearer one.
     */
    public int number(Map<String, String> own, String name) {
        Key key = KEYS.get(name);
        String value = own.get(name);
        if (value == null) return (int) ofBroker(key.brokerKey);
        return (int) Math.max(least(key), Math.min(most(key), Integer.parseInt(value.trim())));
    }

    private long least(Key key) {
        return key.leastKey == null ? key.least : ofBroker(key.leastKey);
    }

    private long most(Key key) {
        return key.mostKey == null ? Integer.MAX_VALUE : ofBroker(key.mostKey);
    }

    private long ofBroker(String name) {
        return broker.number(name, Long.parseLong(BrokerKeys.of(name).byDefault()));
    }
}
