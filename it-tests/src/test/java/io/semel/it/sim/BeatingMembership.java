package io.semel.it.sim;

import io.semel.sim.Dice;
import java.util.TreeSet;
import org.apache.kafka.common.protocol.Errors;

/**
 * One whose heartbeats are all it says: a heartbeat at a time; gives up first what it is no longer assigned,
 * then takes the rest, and says what it has when it has come to the end of that. One that is careless gives a
 * chain up while a step of it is being taken; then the coordinator has to turn the step away. One thread.
 */
abstract class BeatingMembership extends Membership {
    private final boolean careless;
    /** What it is to have, null when it has come to that. */
    private TreeSet<Integer> wanted;
    private TreeSet<Integer> told;
    private boolean tellsAll = true;
    private boolean beating;

    BeatingMembership(Clients clients, String name, Dice dice) {
        super(clients, name, dice);
        this.careless = dice.percent(30);
        this.generation = 0;
    }

    /**
     * Sends a heartbeat, and says {@link #heard} or {@link #unheard} of it.
     *
     * @param all whatever a first heartbeat tells
     * @param has the chains it has come to have, null for nothing new
     */
    abstract void send(boolean all, TreeSet<Integer> has);

    @Override
    void begin() {
        newId();
        phase = Phase.IN;
        beat();
        tick();
    }

    void newId() {
        memberId = name.replace(' ', '-') + "-" + Long.toHexString(dice.nextLong());
    }

    @Override
    boolean mayStep() {
        return true;
    }

    /** Its heartbeats will tell it. */
    @Override
    void fenced() {
    }

    @Override
    void stepped() {
        reconcile();
    }

    private void tick() {
        if (phase == Phase.GONE) return;
        clients.run.after(dice.between(20, 60), "heartbeat", this::tick);
        bookmarks.write(this, true);
        beat();
    }

    private void beat() {
        if (phase == Phase.GONE || beating) return;
        beating = true;
        boolean all = tellsAll;
        if (all) reach();
        TreeSet<Integer> has = new TreeSet<>(stands.keySet());
        boolean news = wanted == null && (all || !has.equals(told));
        if (news) told = has;
        tellsAll = false;
        send(all, news ? has : null);
    }

    void heard() {
        beating = false;
    }

    void unheard() {
        beating = false;
        tellsAll = true;
        beat();
    }

    /** The group does not know it, or not yet. */
    void unknown() {
        if (generation > 0) comeAgain();
        tellsAll = true;
    }

    /** With an error that says nothing particular in its protocol. */
    void failed(Errors error, String message) {
        tellsAll = true;
        if (!Retry.helps(error)) clients.history.complain(name + " got " + error + " beating: " + message);
    }

    void comeAgain() {
        stands.clear();
        wanted = null;
        told = null;
        generation = 0;
        tellsAll = true;
    }

    /** @param assigned null for what it was */
    void follow(int epoch, TreeSet<Integer> assigned) {
        generation = epoch;
        if (assigned != null) wanted = assigned;
        reconcile();
        tellsWhatItHolds();
    }

    /** Gives up, then takes, unless it waits for the end of a step. */
    private void reconcile() {
        if (wanted == null) return;
        boolean waits = stepping() >= 0 && stands.containsKey(stepping()) && !wanted.contains(stepping());
        if (!waits || careless) reach();
    }

    private void reach() {
        if (wanted == null) return;
        stands.keySet().retainAll(wanted);
        for (int chain : wanted) stands.computeIfAbsent(chain, held -> new Stand());
        wanted = null;
    }
}
