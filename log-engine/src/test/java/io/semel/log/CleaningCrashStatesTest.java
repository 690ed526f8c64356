package io.semel.log;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.semel.kernel.world.Disk;
import io.semel.log.CompactionWalk.Moment;
import io.semel.log.disk.FileDisk;
import io.semel.sim.Dice;
import io.semel.sim.Survival;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The walk of {@link CompactionModelTest} (appends, transactions, forces, checkpoints, cleanings and their
 * swaps, starts that move, ended segments, kills, power cuts whose recovery truncates) on a disk that
 * remembers every change: each of its lives is cut between every two changes, and of the states that a cut
 * can leave (the fault model stands at the top of {@link DiskTrace}) many are opened: committed keys are
 * whole, nothing durable is missing, nothing half swapped is left. Some walks go on from there, and some
 * states are put on the real disk and gone on with there, where whole walks are played as well.
 */
class CleaningCrashStatesTest {
    private static final int STEPS = 130;
    private static final int STATES_LEAST = 2_000;
    private static final int STATES_LEAST_UNDER_SOAK = 20_000;
    private static final int WALKS_UNDER_SOAK = 32;
    private static final int GO_ON_EVERY = 20;
    private static final int GO_ON_STEPS = 12;
    /** Of the states, one in so many is put on the real disk; every other one of these goes on there. */
    private static final int REAL_EVERY = 25;

    /** A life of the walk: what its disk went through, and after how many changes what held. */
    private record Life(DiskTrace disk, List<Integer> at, List<Moment> moments) {
    }

    private final Set<Long> seen = new HashSet<>();
    private final int[] tally = new int[CompactionWalk.Tally.values().length];
    private List<Life> lives = new ArrayList<>();
    private Dice dice;
    private int opened;
    private int wentOn;
    private int real;
    private int changes;
    @TempDir
    private Path root;

    @Test
    void everyStateACutCanLeaveOfACleaningOpensWithAllThatWasPromised() {
        long first = Long.getLong("semel.seed", 1);
        int walks = Tests.scale() == 1 ? 3 : WALKS_UNDER_SOAK;
        for (long seed = first; seed < first + walks; seed++) {
            lives = new ArrayList<>();
            dice = new Dice(seed).fork("cuts");
            CompactionWalk walk = new CompactionWalk(seed, tally, begin(new DiskTrace()));
            walk.onMoment(this::note);
            walk.go(STEPS);
            for (Life life : lives) cut(walk, life, seed);
        }
        System.out.println("crash states of cleanings: " + changes + " changes of the disk, " + opened
                + " different states opened, " + real + " of them on the real disk, " + wentOn
                + " walks went on, seeds " + first + " to "
                + (first + walks - 1));
        int least = Tests.scale() == 1 ? STATES_LEAST : STATES_LEAST_UNDER_SOAK;
        assertTrue(opened >= least && wentOn > least / 40, opened + ", " + wentOn);
        assertTrue(real > least / 30, real + " on the real disk");
        met(CompactionWalk.Tally.CLEANED, CompactionWalk.Tally.THINNED, CompactionWalk.Tally.SEGMENTS_REMOVED,
                CompactionWalk.Tally.POWER_CUT);
    }

    /** What a real disk shows by itself: restarts and kills, which lose nothing that was written. */
    @Test
    void theSameWalksHoldOnTheRealDisk() {
        for (long seed = 1; seed <= 6L * Math.min(10, Tests.scale()); seed++) {
            CompactionWalk walk = new CompactionWalk(seed, tally, Ground.real(root.resolve("walk-" + seed)));
            try {
                walk.go(STEPS);
                walk.leave();
            } catch (RuntimeException | AssertionError failure) {
                throw new AssertionError("seed " + seed + ", step " + walk.step() + ": "
                        + failure.getMessage(), failure);
            }
        }
        met(CompactionWalk.Tally.CLEANED, CompactionWalk.Tally.THINNED,
                CompactionWalk.Tally.SEGMENTS_REMOVED);
    }

    private void met(CompactionWalk.Tally... all) {
        for (CompactionWalk.Tally what : all) assertTrue(tally[what.ordinal()] > 0, "never seen: " + what);
    }

    private void note(Moment moment) {
        Life life = lives.get(lives.size() - 1);
        life.at.add(life.disk.changes().size());
        life.moments.add(moment);
    }

    /** What held in the last life holds while this one begins. */
    private Ground begin(DiskTrace disk) {
        List<Moment> held = new ArrayList<>();
        if (!lives.isEmpty()) {
            List<Moment> before = lives.get(lives.size() - 1).moments;
            held.add(before.get(before.size() - 1));
        }
        lives.add(new Life(disk, new ArrayList<>(held.isEmpty() ? List.of() : List.of(0)), held));
        return traced(disk, true);
    }

    /** A kill leaves the disk as it is. */
    private Ground traced(DiskTrace disk, boolean ofTheStory) {
        return new Ground() {
            @Override
            public Disk disk() {
                return disk;
            }

            @Override
            public Ground after(Survival survival) {
                if (survival == Survival.KILL) return this;
                DiskTrace left = disk.after(disk.changes().size(), some(disk.pending(disk.changes().size())),
                        -1, 0);
                return ofTheStory ? begin(left) : traced(left, false);
            }

            @Override
            public long digest() {
                return disk.digest();
            }
        };
    }

    private Set<Integer> some(List<Integer> pending) {
        Set<Integer> some = new HashSet<>();
        for (int index : pending) if (dice.percent(50)) some.add(index);
        return some;
    }

    private void cut(CompactionWalk walk, Life life, long seed) {
        int size = life.disk.changes().size();
        changes += size;
        for (int end = 1; end <= size; end++) {
            List<Integer> pending = life.disk.pending(end);
            Set<Integer> all = new HashSet<>(pending);
            judge(walk, life, seed, end, all, -1, 0);
            judge(walk, life, seed, end, Set.of(), -1, 0);
            for (int back = 1; back <= Math.min(4, pending.size()); back++) {
                Set<Integer> butOne = new HashSet<>(all);
                butOne.remove(pending.get(pending.size() - back));
                judge(walk, life, seed, end, butOne, -1, 0);
                judge(walk, life, seed, end, Set.of(pending.get(pending.size() - back)), -1, 0);
            }
            for (int round = 0; round < 3; round++) judge(walk, life, seed, end, some(pending), -1, 0);
            tear(walk, life, seed, end, all);
        }
    }

    private void tear(CompactionWalk walk, Life life, long seed, int end, Set<Integer> all) {
        int last = end - 1;
        DiskTrace.Change change = life.disk.changes().get(last);
        if (change.kind() != DiskTrace.Kind.WRITE || !all.contains(last)) return;
        for (int bytes = 0; bytes < change.data().length; bytes += 512) {
            judge(walk, life, seed, end, all, last, bytes);
        }
    }

    /** The same files in a real directory, opened and gone on with by the code that does it for a broker. */
    private void onTheRealDisk(CompactionWalk walk, Moment promised, Moment then, DiskTrace found) {
        Path directory = root.resolve("state-" + real++);
        found.copyTo(new FileDisk(directory));
        CompactionWalk again = new CompactionWalk(walk, promised, then, Ground.real(directory),
                dice.fork("real state " + real));
        if (real % 2 == 0) again.go(GO_ON_STEPS);
        else again.reopen(false);
        again.leave();
    }

    private void judge(CompactionWalk walk, Life life, long seed, int end, Set<Integer> kept, int torn,
            int tornBytes) {
        int promised = -1;
        while (promised + 1 < life.at.size() && life.at.get(promised + 1) <= end) promised++;
        if (promised < 0) return;
        boolean between = life.at.get(promised) < end && promised + 1 < life.at.size();
        Moment then = life.moments.get(between ? promised + 1 : promised);
        DiskTrace found = life.disk.after(end, kept, torn, tornBytes);
        if (!seen.add(found.digest() * 31 + promised)) return;
        opened++;
        try {
            if (opened % REAL_EVERY == 1) onTheRealDisk(walk, life.moments.get(promised), then, found);
            Dice own = dice.fork("state " + opened);
            CompactionWalk again = new CompactionWalk(walk, life.moments.get(promised), then,
                    traced(found, false), own);
            if (opened % GO_ON_EVERY == 0) {
                again.go(GO_ON_STEPS);
                wentOn++;
            } else {
                again.reopen(false);
            }
        } catch (RuntimeException | AssertionError failure) {
            throw new AssertionError("seed " + seed + ", life " + lives.indexOf(life) + ", cut before change "
                    + end + " of " + life.disk.changes().size() + ", kept " + kept + " of "
                    + life.disk.pending(end) + (torn < 0 ? "" : ", " + torn + " torn at " + tornBytes) + ": "
                    + failure.getMessage() + life.disk.lastBefore(end), failure);
        }
    }
}
