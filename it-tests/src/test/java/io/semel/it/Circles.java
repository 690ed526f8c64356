package io.semel.it;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Finds packages that need each other, directly or around corners, inside a module and across modules.
 * Stateless.
 */
final class Circles {
    private Circles() {
    }

    /** Which package uses which, over main sources. */
    static Map<String, TreeSet<String>> uses(List<JavaSource> sources) {
        TreeSet<String> packages = new TreeSet<>();
        for (JavaSource source : sources) packages.add(source.packageName());
        Map<String, TreeSet<String>> uses = new TreeMap<>();
        for (JavaSource source : sources) {
            TreeSet<String> used = uses.computeIfAbsent(source.packageName(), name -> new TreeSet<>());
            if (source.isPackageInfo()) continue;
            for (String reference : source.references()) {
                String name = packageOf(reference, packages);
                if (name != null && !name.equals(source.packageName())) used.add(name);
            }
        }
        return uses;
    }

    static List<Breach> check(List<JavaSource> sources) {
        Map<String, TreeSet<String>> uses = uses(sources);
        List<Breach> breaches = new ArrayList<>();
        TreeSet<String> told = new TreeSet<>();
        for (String name : uses.keySet()) {
            TreeSet<String> circle = new TreeSet<>(reachable(uses, name));
            circle.removeIf(other -> !reachable(uses, other).contains(name));
            if (circle.contains(name) && told.add(circle.first())) {
                breaches.add(new Breach("circles", circle.first(), circle.size(), "goes round through "
                        + circle));
            }
        }
        return breaches;
    }

    /** The longest known package that a qualified name begins with, or null. */
    static String packageOf(String reference, TreeSet<String> packages) {
        String name = reference;
        while (!packages.contains(name)) {
            int dot = name.lastIndexOf('.');
            if (dot < 0) return null;
            name = name.substring(0, dot);
        }
        return name;
    }

    private static TreeSet<String> reachable(Map<String, TreeSet<String>> uses, String from) {
        TreeSet<String> reached = new TreeSet<>();
        Deque<String> next = new ArrayDeque<>(uses.get(from));
        while (!next.isEmpty()) {
            String name = next.pop();
            if (reached.add(name)) next.addAll(uses.get(name));
        }
        return reached;
    }
}
