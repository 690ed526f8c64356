package io.semel.it.kit.faults;

/** A direction through the proxy. Immutable. */
public enum Way {
    TO_BROKER,
    TO_CLIENT
}
