package io.semel.it.kit.faults;

import java.time.Duration;

/** A fault that is armed. Any thread. */
public final class Fault {
    private final Fates fates;
    private final Signal signal;
    private final Rule rule;

    Fault(Fates fates, Signal signal, Rule rule) {
        this.fates = fates;
        this.signal = signal;
        this.rule = rule;
    }

    /** How often it has struck. */
    public int strikes() {
        return fates.strikes(rule);
    }

    /** Returns when it has struck so often. @throws AssertionError it has not, in this time */
    public void awaitStrikes(int count, Duration patience) {
        if (!signal.awaitMs(() -> strikes() >= count, patience.toMillis())) {
            throw new AssertionError(rule + " struck " + strikes() + " times in " + patience
                    + ", not " + count);
        }
    }

    /**
     * Returns when the broker has answered so many of the requests that this struck before they arrived:
     * late, twice or held back as they came.
     *
     * @throws AssertionError it has not, in this time
     */
    public void awaitAnswers(int count, Duration patience) {
        if (!signal.awaitMs(() -> fates.answers(rule) >= count, patience.toMillis())) {
            throw new AssertionError(rule + ": " + fates.answers(rule) + " answers in " + patience + ", not "
                    + count);
        }
    }

    /** Strikes no more; what it holds back is let go. */
    public void disarm() {
        fates.disarm(rule);
        signal.ring();
    }

    @Override
    public String toString() {
        return rule.toString();
    }
}
