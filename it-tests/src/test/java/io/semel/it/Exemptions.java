package io.semel.it;

import java.util.ArrayList;
import java.util.List;

/**
 * What the tree is forgiven, by rule and place, with a measure that it must not exceed and the reason. The
 * list may only shrink: an exemption that nothing needs any more is itself a breach. Immutable.
 */
record Exemptions(List<Exemption> list) {
    /** Up to {@code atMost} of a rule's measure is forgiven at one place. */
    record Exemption(String rule, String where, int atMost, String why) {
        boolean forgives(Breach breach) {
            return isAbout(breach) && breach.measure() <= atMost;
        }

        boolean isAbout(Breach breach) {
            return breach.rule().equals(rule) && breach.where().equals(where);
        }
    }

    /** @param text a line each: rule | where | at most | why; lines with # in front are for the reader */
    static Exemptions parse(String text) {
        List<Exemption> list = new ArrayList<>();
        for (String line : text.split("\n")) {
            if (line.isBlank() || line.startsWith("#")) continue;
            String[] field = line.split("\\|", 4);
            if (field.length < 4 || field[3].isBlank()) {
                throw new IllegalArgumentException("no reason given: " + line);
            }
            list.add(new Exemption(field[0].strip(), field[1].strip(), Integer.parseInt(field[2].strip()),
                    field[3].strip()));
        }
        return new Exemptions(List.copyOf(list));
    }

    /** What remains of the breaches of these rules, and the exemptions of these rules that nothing needs. */
    List<Breach> apply(List<String> rules, List<Breach> breaches) {
        List<Breach> left = new ArrayList<>();
        for (Breach breach : breaches) {
            if (list.stream().noneMatch(one -> one.forgives(breach))) {
                left.add(breach);
            }
        }
        for (Exemption one : list) {
            if (rules.contains(one.rule) && breaches.stream().noneMatch(one::isAbout)) {
                left.add(new Breach(one.rule, one.where, one.atMost,
                        "is exempt without need: strike it off the list"));
            }
        }
        return left;
    }
}
