package io.semel.it.kit.faults;

/**
 * What is to happen to one request: decided when it comes, so that rules count calls in the order of
 * their coming. Immutable.
 *
 * @param before null for nothing
 * @param after  null for nothing
 * @param rule   which strikes it before; null for none
 * @param held   it is held back from the very moment it was decided, so that nothing can pass unseen; or null
 */
record Fate(Request request, Action before, Action after, Rule rule, Held held) {
    /** Whether nothing happens to it. */
    boolean isPlain() {
        return before == null && after == null;
    }
}
