package io.semel.it.kit.engine;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The system properties in which frameworks look for a broker: set, and put back as they were. One
 * thread.
 */
final class BootstrapProperties {
    private static final List<String> NAMES = List.of("spring.kafka.bootstrap-servers",
            "spring.embedded.kafka.brokers", "kafka.bootstrap.servers",
            "mp.messaging.connector.smallrye-kafka.bootstrap.servers");

    private final Map<String, String> before = new LinkedHashMap<>();

    BootstrapProperties(String bootstrap) {
        for (String name : NAMES) before.put(name, System.setProperty(name, bootstrap));
    }

    void restore() {
        before.forEach((name, value) -> {
            if (value == null) System.clearProperty(name);
            else System.setProperty(name, value);
        });
    }
}
