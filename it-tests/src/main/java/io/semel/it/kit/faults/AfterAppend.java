package io.semel.it.kit.faults;

import java.time.Duration;

/**
 * What can happen when the broker has answered and its client has not heard it. Each verb arms a fault at
 * once. Immutable; any thread.
 */
public final class AfterAppend {
    private final Calls calls;

    AfterAppend(Calls calls) {
        this.calls = calls;
    }

    /**
     * The reply is lost, and with it the connection: a stream that has lost a piece cannot go on, a
     * client that found the next reply in its place would be right to complain.
     */
    public Fault dropReply() {
        return arm(new Action.HangUp(false));
    }

    /** The reply is lost, and the connection is reset. */
    public Fault reset() {
        return arm(new Action.HangUp(true));
    }

    /** The reply is lost and the connection stays open, with nothing coming on it any more. */
    public Fault silence() {
        return arm(new Action.Silence());
    }

    /** The reply comes late, and those behind it too. */
    public Fault delay(Duration duration) {
        return arm(new Action.Delay(duration.toMillis()));
    }

    /** The request comes a second time after it has been answered, as from a network that remembers. */
    public Fault duplicate() {
        return arm(new Action.Duplicate());
    }

    private Fault arm(Action action) {
        return calls.arm(Moment.AFTER_APPEND, action);
    }
}
