package io.semel.it.sim;

import io.semel.sim.Dice;
import io.semel.sim.DiskWatch;
import io.semel.sim.SimRun;
import io.semel.sim.Survival;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;

/**
 * Many crashes of one broker in quick succession: at a step that has a name, in the midst of recovery, just
 * after the start, at any act on the disk, or between the steps. Each life of the broker gets its ambush; one
 * that nothing walks into strikes after a while, and after some crashes the broker has a little rest, so that
 * its clients come on. One thread.
 */
final class Ambushes implements DiskWatch {
    private static final CrashStep[] STEPS = CrashStep.values();
    private static final Death[] DEATHS = {Death.BEFORE, Death.MIDWAY, Death.AFTER, Death.AFTER};
    private static final int POWER_CUT_PERCENT = 70;

    private enum Place { STEP, RECOVERY, ANY_ACT, JUST_AFTER_START, BETWEEN_STEPS, NONE }

    private final SimRun run;
    private final BrokerNode node;
    private final Dice dice;
    private final Map<String, Integer> unforced = new HashMap<>();
    private final Map<String, Long> met = new TreeMap<>();
    private Place place = Place.NONE;
    private CrashStep step;
    private int actsToCome;
    private Death death = Death.NOT;
    /** Counts ambushes, so that a timer of an earlier one does nothing. */
    private long number;
    private int toCome;
    private int untilRest;

    Ambushes(SimRun run, BrokerNode node) {
        this.run = run;
        this.node = node;
        this.dice = run.dice("ambushes");
    }

    /** From now on, until so many have been. */
    void start(int crashes) {
        toCome = crashes;
        untilRest = dice.between(1, 8);
        node.tells(this::booted, this::served);
        node.world().simDisk().watch(this, this::died);
        lay(true);
    }

    boolean done() {
        return toCome == 0;
    }

    /** How often what was struck, by its name. */
    Map<String, Long> met() {
        return met;
    }

    private void booted() {
        unforced.clear();
        if (toCome > 0) lay(false);
    }

    private void lay(boolean serving) {
        number++;
        int kind = dice.below(100);
        place = kind < 45 ? Place.STEP : kind < 70 ? Place.RECOVERY : kind < 80 ? Place.ANY_ACT
                : kind < 90 ? Place.JUST_AFTER_START : Place.BETWEEN_STEPS;
        step = STEPS[dice.below(STEPS.length)];
        death = DEATHS[dice.below(DEATHS.length)];
        actsToCome = place == Place.STEP ? dice.between(1, 3) : place == Place.RECOVERY
                ? dice.between(1, 40) : dice.between(1, 150);
        boolean rests = untilRest-- == 0;
        if (rests) {
            untilRest = dice.between(1, 8);
            place = Place.NONE;
        }
        if (serving) served();
    }

    /** The broker serves: an ambush in its recovery was in vain, the others wait no longer than so long. */
    private void served() {
        if (toCome == 0) return;
        long laid = number;
        if (place == Place.RECOVERY) place = Place.ANY_ACT;
        int patienceMs = switch (place) {
            case JUST_AFTER_START -> dice.below(4);
            case BETWEEN_STEPS -> dice.between(1, 40);
            case NONE -> dice.between(20, 150);
            default -> dice.between(10, 80);
        };
        run.after(patienceMs, "ambush", () -> {
            if (laid != number || !node.alive() || toCome == 0) return;
            switch (place) {
                case NONE -> lay(true);
                case STEP -> inVain();
                case JUST_AFTER_START -> strike("just after start");
                default -> strike("between steps");
            }
        });
    }

    /** The step does not come, so that another one will do. */
    private void inVain() {
        place = Place.ANY_ACT;
        actsToCome = dice.between(1, 12);
        served();
    }

    @Override
    public Death about(Act act, String path, ByteBuffer data) {
        int writes = count(act, path);
        if (toCome == 0) return Death.NOT;
        boolean here = switch (place) {
            case STEP -> step.is(act, path, data, writes);
            case RECOVERY, ANY_ACT -> true;
            default -> false;
        };
        if (!here || --actsToCome > 0) return Death.NOT;
        return death;
    }

    private int count(Act act, String path) {
        if (act == Act.WRITE) return unforced.merge(path, 1, Integer::sum);
        Integer writes = act == Act.FORCE ? unforced.remove(path) : null;
        return writes == null ? 0 : writes;
    }

    /** Called by the run when the process has died of an act. */
    private void died() {
        String where = node.serves() ? "at some act" : node.alive() ? "in recovery" : "in a clean stop";
        strike(place == Place.STEP ? "at " + step.words() : where);
    }

    private void strike(String where) {
        place = Place.NONE;
        toCome--;
        met.merge(where, 1L, Long::sum);
        run.trace().note("ambush " + where + " " + death, number, toCome);
        node.crash(dice.percent(POWER_CUT_PERCENT) ? Survival.POWER_CUT : Survival.KILL);
        run.after(dice.percent(80) ? dice.below(3) : dice.below(40), "boot", node::boot);
        if (toCome == 0) node.world().simDisk().watch(null, null);
    }
}
