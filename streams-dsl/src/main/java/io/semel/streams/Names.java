package io.semel.streams;

import java.util.regex.Pattern;

/** What a topic, store or application may be called: what Kafka allows a topic to be called. Stateless. */
public final class Names {
    private static final Pattern LEGAL = Pattern.compile("[a-zA-Z0-9._-]{1,200}");

    private Names() {
    }

    /** Returns {@code name}, or throws {@link IllegalArgumentException} naming what is wrong with it. */
    public static String check(String what, String name) {
        if (name == null || !LEGAL.matcher(name).matches() || name.equals(".") || name.equals("..")) {
            throw new IllegalArgumentException(what + " name '" + name
                    + "' is not 1 to 200 of letters, digits, '.', '_', '-'");
        }
        return name;
    }
}
