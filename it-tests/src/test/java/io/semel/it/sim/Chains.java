package io.semel.it.sim;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.LongStream;

/**
 * What members of a group copied: each step of a chain exactly once and in order, and the group's offset at
 * the last one, whoever took the steps and however the members changed. Stateless.
 */
final class Chains {
    private static final String MARK = " step ";

    private Chains() {
    }

    static String name(int chain) {
        return Membership.GROUP + "/" + chain;
    }

    static String value(String transactionalId, long unit, Membership.Step step) {
        return transactionalId + "-" + unit + MARK + step.number();
    }

    static List<String> violations(Outcome outcome) {
        List<String> violations = new ArrayList<>();
        Map<String, List<Long>> chains = new TreeMap<>();
        outcome.committed.partitions().forEach((partition, list) -> list.forEach(seen -> {
            int mark = seen.value().indexOf(MARK);
            boolean stands = seen.offset() >= outcome.start(partition);
            if (mark >= 0 && stands) chains.computeIfAbsent(name(partition), name -> new ArrayList<>())
                    .add(Long.valueOf(seen.value().substring(mark + MARK.length())));
        }));
        outcome.offsets.forEach((name, offset) -> {
            if (name.startsWith(Membership.GROUP + "/")) chains.putIfAbsent(name, List.of());
        });
        chains.forEach((name, steps) -> {
            long last = outcome.offsets.getOrDefault(name, 0L);
            int chain = Integer.parseInt(name.substring(name.indexOf('/') + 1));
            long first = outcome.start(chain) > 0 ? last - steps.size() + 1 : 1;
            if (!steps.equals(LongStream.rangeClosed(Math.max(1, first), last).boxed().toList())) {
                violations.add("chain " + name + " stands at " + last + ", its steps are " + steps);
            }
        });
        return violations;
    }
}
