package io.semel.broker.config;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A host and a port out of {@code listeners} or {@code advertised.listeners}. Immutable.
 *
 * @param host empty for every address of the machine
 */
record Listener(String name, String host, int port) {
    private static final int PORT_MAX = 65_535;

    /** All of a list such as {@code PLAINTEXT://:9092,CONTROLLER://:9093}; problems go into the list. */
    static List<Listener> all(Given given, List<String> problems) {
        List<Listener> listeners = new ArrayList<>();
        for (String text : given.value().split(",")) {
            Listener one = of(text.strip());
            if (one != null) listeners.add(one);
            else problems.add(given.told(given.key() + " takes PLAINTEXT://HOST:PORT, not " + text.strip()));
        }
        return listeners;
    }

    /** Null when it is none. The name may be left out. */
    static Listener of(String text) {
        int scheme = text.indexOf("://");
        String name = scheme < 0 ? "PLAINTEXT" : text.substring(0, scheme);
        String address = scheme < 0 ? text : text.substring(scheme + 3);
        int colon = address.lastIndexOf(':');
        if (colon < 0 || name.isEmpty()) return null;
        try {
            int port = Integer.parseInt(address.substring(colon + 1));
            String host = address.substring(0, colon);
            if (host.startsWith("[") && host.endsWith("]")) host = host.substring(1, host.length() - 1);
            return port < 0 || port > PORT_MAX ? null : new Listener(name, host, port);
        } catch (NumberFormatException notAPort) {
            return null;
        }
    }

    boolean isEverywhere() {
        return host.isEmpty() || host.equals("0.0.0.0") || host.equals("::");
    }

    /** What a listener's name speaks, by {@code listener.security.protocol.map}. */
    static Map<String, String> protocols(String map) {
        Map<String, String> protocols = new TreeMap<>();
        for (String entry : map.split(",")) {
            String[] pair = entry.strip().split(":", 2);
            if (pair.length == 2) protocols.put(pair[0].strip(), pair[1].strip());
        }
        return protocols;
    }

    static boolean listed(String names, String name) {
        return Arrays.stream(names.split(",")).map(String::strip).anyMatch(name::equals);
    }
}
