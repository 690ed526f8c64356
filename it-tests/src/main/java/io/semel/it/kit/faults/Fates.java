package io.semel.it.kit.faults;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/**
 * Decides what happens to each request, and remembers what did. Of several rules for one moment the first
 * that wants the call strikes it; the plan comes last. Any thread, under its own monitor.
 */
final class Fates {
    /** Strikes remembered; those beyond are only counted (I14). */
    static final int STRIKES_MAX = 20_000;
    private static final int COUNTERS_MAX = 20_000;

    private final List<Rule> rules = new ArrayList<>();
    private final List<Strike> strikes = new ArrayList<>();
    private final List<Held> held = new ArrayList<>();
    private final Map<String, Integer> calls = new LinkedHashMap<>();
    private final SplittableRandom random;
    private Plan plan;
    private String planned = "scripted";
    private int strikesBeyond;

    Fates(long seed) {
        this.random = new SplittableRandom(seed);
    }

    synchronized Rule arm(Calls which, Moment moment, Action action) {
        Rule rule = new Rule(which, moment, action, random.split());
        rules.add(rule);
        return rule;
    }

    synchronized void disarm(Rule rule) {
        rules.remove(rule);
        for (Held one : held) if (one.isHeldBy(rule)) one.release();
    }

    /** No rule and no plan any more; what is held back is let go. What has happened stays on record. */
    synchronized void disarmAll() {
        rules.clear();
        plan = null;
        for (Held one : held) one.release();
    }

    /** As {@link #disarmAll}, and nothing has happened yet: calls are counted from 1 again. */
    synchronized void startAfresh() {
        disarmAll();
        strikes.clear();
        strikesBeyond = 0;
        calls.clear();
        planned = "scripted";
    }

    synchronized void follow(Plan next) {
        plan = next;
        planned = next.words();
    }

    synchronized int strikes(Rule rule) {
        return rule.strikes();
    }

    synchronized Fate decide(Request came) {
        Request request = came.asCall(count(came));
        Rule before = null;
        Rule after = null;
        for (Rule rule : rules) {
            if (!rule.wants(request)) continue;
            if (rule.moment() == Moment.BEFORE_REQUEST && before == null) before = rule;
            else if (rule.moment() == Moment.AFTER_APPEND && after == null) after = rule;
        }
        Action first = before == null ? planned(request, Moment.BEFORE_REQUEST) : before.action();
        boolean arrives = !(first instanceof Action.HangUp || first instanceof Action.Refuse);
        Action second = null;
        if (arrives) second = after == null ? planned(request, Moment.AFTER_APPEND) : after.action();
        if (before != null) before.struck();
        if (after != null && arrives) after.struck();
        record(request, Moment.BEFORE_REQUEST, first);
        record(request, Moment.AFTER_APPEND, second);
        Held waiting = first instanceof Action.Hold hold ? new Held(hold, before, random.split()) : null;
        if (waiting != null) held.add(waiting);
        return new Fate(request, first, second, before, waiting);
    }

    private int count(Request request) {
        String key = request.api() + " " + request.clientId();
        if (calls.size() >= COUNTERS_MAX && !calls.containsKey(key)) return 1;
        return calls.merge(key, 1, Integer::sum);
    }

    private Action planned(Request request, Moment moment) {
        return plan == null ? null : plan.strike(request, moment);
    }

    private void record(Request request, Moment moment, Action action) {
        if (action == null) return;
        if (strikes.size() < STRIKES_MAX) strikes.add(Strike.of(request, moment, action));
        else strikesBeyond++;
    }

    synchronized void forget(Held one) {
        held.remove(one);
    }

    synchronized boolean isLetGo(Held one) {
        return one.isLetGo();
    }

    /** The broker has answered this request on that connection. */
    synchronized void passed(Fate fate, Pipe pipe) {
        if (fate.rule() != null) fate.rule().answered();
        for (Held one : held) one.passed(fate.request(), pipe);
    }

    synchronized int answers(Rule rule) {
        return rule.answers();
    }

    synchronized List<Strike> schedule() {
        return List.copyOf(strikes);
    }

    /** The plan, then a line for each strike. */
    synchronized String story() {
        StringBuilder story = new StringBuilder("# faults: ").append(planned).append('\n');
        for (Rule rule : rules) story.append("# armed: ").append(rule).append('\n');
        for (Strike strike : strikes) story.append(strike).append('\n');
        if (strikesBeyond > 0) story.append("# and ").append(strikesBeyond).append(" more\n");
        return story.toString();
    }
}
