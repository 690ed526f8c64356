package io.semel.broker.config;

import java.util.Locale;

/** When an append counts as durable: the one setting behind the one gate. */
public enum Durability {
    /** After fsync, group-committed: survives power loss. The default. */
    FORCE,
    /** When in the page cache: survives the process, not the machine. */
    OS;

    /** As it is written in a setting. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** @throws IllegalArgumentException it is neither of the two */
    public static Durability of(String word) {
        for (Durability one
                : values()) if (one.word().equals(word.trim().toLowerCase(Locale.ROOT))) return one;
        throw new IllegalArgumentException("semel.durability takes force or os, not " + word);
    }
}
