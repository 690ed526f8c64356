package io.semel.streams.run;

/**
 * Whether an instance is well, and why not. An immutable value; see {@link Running#health}.
 *
 * @param stuck whether somebody should look: it failed, does not heal, does not get on with restoring, or a
 * step does not return
 * @param cause why it is stuck or what is being healed; empty if nothing is wrong
 */
public record Health(RunState state, boolean stuck, String cause) {
    @Override
    public String toString() {
        return (stuck ? "STUCK" : state.toString()) + (cause.isEmpty() ? "" : ": " + cause);
    }
}
