package io.semel.streams.run;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.function.IntUnaryOperator;

/**
 * A lane in the one thread of a test: what it is given waits until the test lets a step of it happen, or
 * until its host waits for it. Sabotaged, it says that a commit is done before it is, and lets the next one
 * go first.
 */
final class StepLane implements CommitLane {
    private final Deque<Submission> waiting = new ArrayDeque<>();
    private static final int LONG_MS = 100;
    private final boolean overtaking;
    private final IntUnaryOperator vain;

    StepLane(boolean overtaking) {
        this(overtaking, steps -> steps);
    }

    /** {@code vain} says how many of so many steps happen while a host waits for a moment only. */
    StepLane(boolean overtaking, IntUnaryOperator vain) {
        this.overtaking = overtaking;
        this.vain = vain;
    }

    private static final class Submission {
        final Deque<Runnable> steps;
        RuntimeException failure;

        Submission(List<Runnable> steps) {
            this.steps = new ArrayDeque<>(steps);
        }
    }

    boolean isIdle() {
        return waiting.isEmpty();
    }

    /** Lets one step of the oldest submission happen. */
    void step() {
        Submission first = waiting.peek();
        if (first == null || overtaking && waiting.size() < 2) {
            return;
        }
        Submission chosen = overtaking ? waiting.peekLast() : first;
        try {
            chosen.steps.poll().run();
        } catch (RuntimeException failed) {
            chosen.failure = failed;
            chosen.steps.clear();
        }
        if (chosen.steps.isEmpty()) {
            waiting.remove(chosen);
        }
    }

    @Override
    public Ticket submit(List<Runnable> steps) {
        Submission submission = new Submission(steps);
        waiting.add(submission);
        return new Ticket() {
            @Override
            public boolean isDone() {
                return overtaking || submission.steps.isEmpty();
            }

            @Override
            public boolean await(Duration wait) {
                boolean patient = wait.toMillis() >= LONG_MS;
                int left = patient ? 0 : vain.applyAsInt(submission.steps.size());
                while (!isDone() && (patient || left-- > 0)) {
                    step();
                }
                return isDone();
            }

            @Override
            public RuntimeException failure() {
                return submission.failure;
            }
        };
    }

    @Override
    public void close() {
        while (!waiting.isEmpty() && !overtaking) {
            step();
        }
    }
}
