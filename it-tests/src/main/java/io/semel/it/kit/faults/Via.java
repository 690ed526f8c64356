package io.semel.it.kit.faults;

/** On which connection to the broker a request that was held back is sent at last. Immutable. */
public enum Via {
    /** The one it came for, which is kept open for it even when its client has gone. */
    OWN,
    /** That of the request which it waited for, as behind a proxy that pools connections. */
    PASSING,
    /** A new one, for it alone. */
    FRESH
}
