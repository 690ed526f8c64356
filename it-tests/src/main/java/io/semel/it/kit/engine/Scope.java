package io.semel.it.kit.engine;

/** How long an engine lives. Immutable. */
public enum Scope {
    /** All tests of the class share one. */
    CLASS,
    /** Each test has its own. */
    METHOD
}
