package io.semel.it;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.w3c.dom.Element;
import org.w3c.dom.Node;
import org.w3c.dom.NodeList;

/**
 * Which module stands on which floor, and what it may stand on: only modules of lower floors, and only the
 * third parties named here (ARCHITECTURE.md, floors). Test scope is free. Stateless.
 */
final class Floors {
    private static final String OURS = "io.semel";
    private static final String KAFKA = "org.apache.kafka";

    /** @param thirdParties groups, or groups and artifacts with a colon between */
    private record Storey(int floor, List<String> thirdParties) {
        boolean admits(Dependency dependency) {
            return thirdParties.contains("*") || thirdParties.contains(dependency.group)
                    || thirdParties.contains(dependency.group + ":" + dependency.artifact);
        }
    }

    /** What a pom asks for in any scope but test. */
    record Dependency(String group, String artifact) {
        boolean isOurs() {
            return group.equals(OURS);
        }

        String module() {
            return artifact.replaceFirst("^semel-", "");
        }
    }

    private static final Map<String, Storey> STOREYS = new LinkedHashMap<>();

    static {
        put(0, "kernel");
        put(0, "compression", "at.yawk.lz4", "com.github.luben", "org.xerial.snappy");
        put(1, "wire", KAFKA + ":kafka-clients");
        put(1, "sim");
        put(2, "log-engine", "net.openhft", "org.slf4j:slf4j-api");
        put(2, "producer-idempotence");
        put(2, "read-committed");
        put(3, "txn-coordinator");
        put(3, "group-coordinator");
        put(4, "broker", "io.netty", "info.picocli", "io.micrometer", "org.slf4j", "com.google.re2j",
                KAFKA + ":kafka-clients");
        put(4, "streams-dsl", "org.slf4j:slf4j-api", KAFKA + ":kafka-clients");
        put(5, "streams-rocksdb", "org.rocksdb");
        put(5, "streams-json", "tools.jackson.core");
        put(6, "streams-tools", KAFKA + ":kafka-clients", "info.picocli", "org.slf4j");
        put(6, "embedded", "*");
        put(6, "examples", "*");
        put(6, "rival", "*");
        put(7, "it-tests", "*");
        put(7, "bench", "*");
    }

    /** Modules without I/O, threads, clock, randomness or unordered collections. */
    static final List<String> PURE = List.of("producer-idempotence", "read-committed", "txn-coordinator",
            "group-coordinator");
    /** Programs around the engine, with processes and threads of their own: no lane lives there. */
    static final List<String> PROGRAMS = List.of("embedded", "examples", "streams-tools", "rival", "it-tests",
            "bench");

    private Floors() {
    }

    private static void put(int floor, String module, String... thirdParties) {
        STOREYS.put(module, new Storey(floor, List.of(thirdParties)));
    }

    static boolean isKnown(String module) {
        return STOREYS.containsKey(module);
    }

    /**
     * May the main sources of {@code upper} use {@code lower}? The simulated world is for tests and the test
     * kit only.
     */
    static boolean mayUse(String upper, String lower) {
        if (upper.equals(lower)) return true;
        if (lower.equals("sim")) return upper.equals("it-tests");
        return isKnown(lower) && STOREYS.get(upper).floor > STOREYS.get(lower).floor;
    }

    /** @param poms by module */
    static List<Breach> check(Map<String, String> poms) {
        List<Breach> breaches = new ArrayList<>();
        for (Map.Entry<String, String> pom : new TreeMap<>(poms).entrySet()) {
            String module = pom.getKey();
            if (!isKnown(module)) {
                breaches.add(new Breach("floors", module, 1, "stands on no floor: place it in Floors"));
                continue;
            }
            for (Dependency dependency : dependencies(pom.getValue())) {
                boolean fine = dependency.isOurs() ? mayUse(module, dependency.module()) : STOREYS.get(module)
                        .admits(dependency);
                if (!fine) breaches.add(new Breach("floors", module, 1, "must not stand on " + dependency));
            }
        }
        return breaches;
    }

    static List<String> modules(String rootPom) {
        List<String> modules = new ArrayList<>();
        NodeList nodes = parse(rootPom).getElementsByTagName("module");
        for (int index = 0; index < nodes.getLength(); index++) {
            modules.add(nodes.item(index).getTextContent().strip());
        }
        return modules;
    }

    private static List<Dependency> dependencies(String pom) {
        List<Dependency> dependencies = new ArrayList<>();
        for (Element block : children(parse(pom), "dependencies")) {
            for (Element one : children(block, "dependency")) {
                if (!text(one, "scope").equals("test")) {
                    dependencies.add(new Dependency(text(one, "groupId"), text(one, "artifactId")));
                }
            }
        }
        return dependencies;
    }

    private static String text(Element parent, String name) {
        List<Element> found = children(parent, name);
        return found.isEmpty() ? "" : found.get(0).getTextContent().strip();
    }

    private static List<Element> children(Element parent, String name) {
        List<Element> found = new ArrayList<>();
        for (Node node = parent.getFirstChild(); node != null; node = node.getNextSibling()) {
            if (node instanceof Element element && element.getTagName().equals(name)) found.add(element);
        }
        return found;
    }

    private static Element parse(String xml) {
        try {
            return DocumentBuilderFactory.newInstance().newDocumentBuilder()
                    .parse(new ByteArrayInputStream(xml.getBytes(StandardCharsets.UTF_8)))
                            .getDocumentElement();
        } catch (ParserConfigurationException | org.xml.sax.SAXException | java.io.IOException e) {
            throw new IllegalArgumentException("no pom: " + xml, e);
        }
    }
}
