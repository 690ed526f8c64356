package io.semel.it.kit.faults;

import java.util.Locale;

/** When a fault strikes a request. Immutable. */
enum Moment {
    /** It has left the client and not reached the broker. */
    BEFORE_REQUEST,
    /**
     * The broker has answered, so that what was asked has been applied; the reply has not reached the
     * client.
     */
    AFTER_APPEND;

    String words() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    static Moment parse(String words) {
        return valueOf(words.toUpperCase(Locale.ROOT).replace('-', '_'));
    }
}
