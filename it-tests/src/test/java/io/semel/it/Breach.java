package io.semel.it;

/**
 * A rule that does not hold somewhere. Immutable.
 *
 * @param where a path from the root, or a module
 * @param measure how badly: lines, or how many times
 * @param what for whoever has to mend it
 */
record Breach(String rule, String where, int measure, String what) {
    @Override
    public String toString() {
        return rule + " | " + where + " | " + measure + " | " + what;
    }
}
