package io.semel.it.kit.faults;

import java.util.SplittableRandom;

/** A request that waits for another one to pass. Owned by the fates, under their monitor. */
final class Held {
    private final Rule waitsFor;
    private final Rule holder;
    private Pipe passing;
    private boolean letGo;

    Held(Action.Hold hold, Rule holder, SplittableRandom random) {
        this.waitsFor = new Rule(hold.passing(), Moment.AFTER_APPEND, hold, random);
        this.holder = holder;
    }

    /** The broker has answered this request, which may be what it waited for. */
    void passed(Request request, Pipe pipe) {
        if (letGo || !waitsFor.wants(request)) return;
        letGo = true;
        passing = pipe;
    }

    void release() {
        letGo = true;
    }

    boolean isHeldBy(Rule rule) {
        return holder == rule;
    }

    boolean isLetGo() {
        return letGo;
    }

    /** Where the other one passed; null when it was let go without. */
    Pipe passing() {
        return passing;
    }
}
