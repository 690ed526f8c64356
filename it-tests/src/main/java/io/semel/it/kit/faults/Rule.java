package io.semel.it.kit.faults;

import java.util.SplittableRandom;

/** Counts the calls it is about and strikes those it should. Owned by the fates, under their monitor. */
final class Rule {
    private final Calls calls;
    private final Moment moment;
    private final Action action;
    private final SplittableRandom random;
    private int seen;
    private int strikes;
    private int answers;

    Rule(Calls calls, Moment moment, Action action, SplittableRandom random) {
        this.calls = calls;
        this.moment = moment;
        this.action = action;
        this.random = random;
    }

    /** To be asked about every request once, so that calls are counted whoever strikes them. */
    boolean wants(Request request) {
        if (!calls.concern(request)) return false;
        seen++;
        if (seen < calls.firstCall() || strikes >= calls.times()) return false;
        return calls.probability() >= 1 || random.nextDouble() < calls.probability();
    }

    void struck() {
        strikes++;
    }

    void answered() {
        answers++;
    }

    int answers() {
        return answers;
    }

    int strikes() {
        return strikes;
    }

    Moment moment() {
        return moment;
    }

    Action action() {
        return action;
    }

    @Override
    public String toString() {
        return calls + " " + moment.words() + " " + action.words();
    }
}
