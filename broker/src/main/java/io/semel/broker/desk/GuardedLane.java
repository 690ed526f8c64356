package io.semel.broker.desk;

import io.semel.kernel.lane.Lane;
import io.semel.kernel.law.Invariant.InvariantViolation;
import java.util.function.Consumer;

/**
 * A lane as one connection's desks see it: a desk that fails costs that connection, not the lane and
 * everything it owns. What says that a room is wrong ({@link InvariantViolation}) goes through and stops the
 * lane. Any thread posts; the rest on the lane.
 */
final class GuardedLane implements Lane {
    private final Lane lane;
    private final Consumer<RuntimeException> onDefect;

    GuardedLane(Lane lane, Consumer<RuntimeException> onDefect) {
        this.lane = lane;
        this.onDefect = onDefect;
    }

    @Override
    public int index() {
        return lane.index();
    }

    @Override
    public void post(Runnable mail) {
        lane.post(() -> run(mail));
    }

    @Override
    public void atTurnEnd(Runnable mail) {
        lane.atTurnEnd(() -> run(mail));
    }

    @Override
    public void wakeAt(long deadlineMs, Runnable mail) {
        lane.wakeAt(deadlineMs, () -> run(mail));
    }

    private void run(Runnable mail) {
        try {
            mail.run();
        } catch (InvariantViolation violation) {
            throw violation;
        } catch (RuntimeException defect) {
            onDefect.accept(defect);
        }
    }
}
