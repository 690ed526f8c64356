package io.semel.sim;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Does evil at moments the seed picks, out of what it has been taught. Owned by its run; knows nobody it
 * harms by name.
 */
public final class Nemesis {
    /** A process that can die and be started again. */
    public interface Node {
        boolean alive();

        void crash(Survival survival);

        void boot();
    }

    private record Evil(String name, Consumer<Dice> strike) {
    }

    private final SimRun run;
    private final Dice dice;
    private final List<Evil> evils = new ArrayList<>();
    private final Map<String, Long> struck = new TreeMap<>();
    private int toCome;
    private boolean stopped;

    public Nemesis(SimRun run) {
        this.run = run;
        this.dice = run.dice("nemesis");
    }

    /** Teaches an evil; the heavier, the more often. */
    public Nemesis learn(String name, int weight, Consumer<Dice> strike) {
        for (int count = 0; count < weight; count++) evils.add(new Evil(name, strike));
        return this;
    }

    /**
     * Crashes by kill -9 or power cut, and starts again after up to {@code downMsMax}, sometimes crashing
     * again at once.
     */
    public Nemesis crashes(int weight, Node node, int powerCutPercent, int downMsMax) {
        return learn("crash", weight, dice -> {
            if (!node.alive()) return;
            node.crash(dice.percent(powerCutPercent) ? Survival.POWER_CUT : Survival.KILL);
            run.after(dice.below(downMsMax), "boot", node::boot);
        });
    }

    public Nemesis cuts(int weight, SimNet net) {
        return learn("cut", weight, dice -> net.cutOne());
    }

    /** Makes background work slow for up to {@code spellMsMax}. */
    public Nemesis slowDisk(int weight, Supplier<SimWorld> world, int msMax, int spellMsMax) {
        return learn("slow disk", weight, dice -> {
            SimIo io = world.get().simIo();
            io.slow(dice.between(20, 100), msMax);
            run.after(dice.between(1, spellMsMax), "disk is fast again", () -> io.slow(0, 1));
        });
    }

    /** Everything stands still for up to {@code msMax}: a long pause, a machine asleep. */
    public Nemesis pauses(int weight, int msMax) {
        return learn("pause", weight, dice -> run.jump(dice.between(1, msMax)));
    }

    /** Strikes so often, at times spread over the span. */
    public void start(int strikes, int spanMs) {
        toCome += strikes;
        for (int count = 0; count < strikes; count++) run.after(dice.below(spanMs), "nemesis", this::strike);
    }

    /** No evil from now on; what is under way heals by itself. */
    public void stop() {
        stopped = true;
    }

    public boolean done() {
        return stopped || toCome == 0;
    }

    /** How often it struck, by what; some strikes hit nothing. */
    public Map<String, Long> struck() {
        return new TreeMap<>(struck);
    }

    private void strike() {
        toCome--;
        if (stopped) return;
        Evil evil = evils.get(dice.below(evils.size()));
        struck.merge(evil.name, 1L, Long::sum);
        run.trace().note("nemesis: " + evil.name, toCome, 0);
        evil.strike.accept(dice);
    }
}
