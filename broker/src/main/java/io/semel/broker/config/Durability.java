package io.semel.broker.config;

/** When an append counts as durable: the one setting behind the one gate. */
public enum Durability {
    /** After fsync, group-committed: survives power loss. The default. */
    FORCE,
    /** When in the page cache: survives the process, not the machine. */
    OS
}
