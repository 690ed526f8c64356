package io.semel.broker.config;

import java.util.Locale;
import java.util.Set;

/**
 * A setting of the broker: what it may be and what becomes of it. Immutable.
 *
 * @param name      Kafka's, or one of ours that begins with {@code semel.}
 * @param byDefault its value when nobody sets it; empty when it then has none
 * @param least     for numbers: the smallest it may be
 * @param most      and the largest
 * @param about     what it does; or why it does nothing here; or why it is refused
 */
public record BrokerKey(String name, Kind kind, String byDefault, long least, long most, Treatment treatment,
        String about) {
    /** What its value looks like. */
    public enum Kind {
        INT, LONG, BOOLEAN, TEXT, DURABILITY, MIGRATION, TOPIC_SETTING;

        /** In the numbers of DescribeConfigs (KIP-569). */
        public byte protocolType() {
            return switch (this) {
                case BOOLEAN -> 1;
                case TEXT, DURABILITY, MIGRATION -> 2;
                case INT -> 3;
                case LONG, TOPIC_SETTING -> 5;
            };
        }
    }

    /** What becomes of it. */
    public enum Treatment {
        /** It does what it says. */
        HONOURED,
        /** It is taken and does nothing, since one broker has nothing for it to act on. */
        NO_EFFECT,
        /** Taking it would promise what is not kept: only its default is taken. */
        REFUSED
    }

    /** Null when the value may be set; otherwise what is wrong with it, naming the key. */
    public String problem(String value) {
        if (treatment == Treatment.REFUSED) {
            return value.trim().equals(byDefault) ? null : name + "=" + value + " is refused: " + about;
        }
        return switch (kind) {
            case TEXT -> null;
            case BOOLEAN -> isFlag(value) ? null : name + " takes true or false, not " + value;
            case DURABILITY -> isDurability(value) ? null : name + " takes force or os, not " + value;
            case MIGRATION -> isMigration(value) ? null : name
                    + " takes bidirectional, upgrade, downgrade or disabled, not " + value;
            case TOPIC_SETTING -> {
                String problem = TopicConfig.problem(DynamicConfig.topicKeyOf(name), value);
                yield problem == null ? null : name + ": " + problem;
            }
            case INT, LONG -> numberProblem(value);
        };
    }

    private static boolean isFlag(String value) {
        String word = value.trim().toLowerCase(Locale.ROOT);
        return word.equals("true") || word.equals("false");
    }

    private static boolean isDurability(String value) {
        String word = value.trim().toLowerCase(Locale.ROOT);
        return word.equals("force") || word.equals("os");
    }

    private static boolean isMigration(String value) {
        String word = value.trim().toLowerCase(Locale.ROOT);
        return Set.of("bidirectional", "upgrade", "downgrade", "disabled").contains(word);
    }

    private String numberProblem(String value) {
        try {
            long number = Long.parseLong(value.trim());
            if (number >= least && number <= most) return null;
            return name + " takes " + least + (most == Long.MAX_VALUE ? " or more" : " to " + most) + ", not "
                    + value;
        } catch (NumberFormatException notANumber) {
            return name + " takes a whole number, not " + value;
        }
    }
}
