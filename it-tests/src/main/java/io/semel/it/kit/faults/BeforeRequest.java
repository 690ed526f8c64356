package io.semel.it.kit.faults;

import java.time.Duration;
import org.apache.kafka.common.protocol.Errors;

/**
 * What can happen to a request on its way to the broker. Each verb arms a fault at once. Immutable; any
 * thread.
 */
public final class BeforeRequest {
    private final Calls calls;

    BeforeRequest(Calls calls) {
        this.calls = calls;
    }

    /** Comes late, and so does what its client sends behind it on the same connection. */
    public Fault delay(Duration duration) {
        return arm(new Action.Delay(duration.toMillis()));
    }

    /** Comes twice, one right behind the other. */
    public Fault duplicate() {
        return arm(new Action.Duplicate());
    }

    /** Is lost with its connection. */
    public Fault disconnect() {
        return arm(new Action.HangUp(false));
    }

    /** Is lost with its connection, which is reset. */
    public Fault reset() {
        return arm(new Action.HangUp(true));
    }

    /** Is answered with this error, wherever the reply has a place for one; the broker never hears of it. */
    public Fault error(Errors error) {
        if (error == Errors.NONE) throw new IllegalArgumentException("NONE is no error");
        return arm(new Action.Refuse(error));
    }

    /** Waits until the broker has answered such a request, which must come on another connection. */
    public Fault holdUntil(Calls passing) {
        return holdUntil(passing, Via.OWN);
    }

    /**
     * Waits until the broker has answered such a request, and is then sent on the connection of choice.
     * Its client goes on waiting until its own patience ends.
     */
    public Fault holdUntil(Calls passing, Via via) {
        return arm(new Action.Hold(passing, via, false));
    }

    /** As {@link #holdUntil(Calls, Via)}, and its client is hung up on, so that it asks again at once. */
    public Fault disconnectAndHoldUntil(Calls passing, Via via) {
        return arm(new Action.Hold(passing, via, true));
    }

    private Fault arm(Action action) {
        return calls.arm(Moment.BEFORE_REQUEST, action);
    }
}
