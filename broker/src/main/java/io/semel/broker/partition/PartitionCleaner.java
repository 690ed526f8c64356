package io.semel.broker.partition;

import io.semel.kernel.lane.Lane;
import io.semel.wire.topic.TopicPartition;
import io.semel.kernel.world.DiskFailure;
import io.semel.kernel.world.Saboteur;
import io.semel.kernel.world.World;
import io.semel.log.CleanedGroup;
import io.semel.log.Cleaning;
import io.semel.log.Compaction;
import io.semel.log.PartitionLog;
import java.util.function.BiConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Cleans one compacted partition: two snapshots of the folds at or above what is cleaned, then the cleaning
 * in steps off the lane, then each group of segments swapped in while the log's start rests. Readers, appends
 * and forces go on. A crash between any two steps leaves a log that opens. Owned by the partition's lane.
 */
public final class PartitionCleaner {
    private static final Logger LOG = LoggerFactory.getLogger(PartitionCleaner.class);

    private final TopicPartition name;
    private final World world;
    private final Lane lane;
    private final PartitionLog log;
    private final PartitionFolds folds;
    private final SideFilesKeeper sideFiles;
    private final StartMover starts;
    private final Partition home;
    private BiConsumer<Long, Throwable> asker;
    private Cleaning cleaning;
    private boolean dating;
    private boolean stopped;
    /** A stable offset seen before, and the log's end then: it counts once that much is forced. */
    private long stableThen;
    private long endThen;

    PartitionCleaner(PartitionOpening.Opened opened, World world, Lane lane, SideFilesKeeper sideFiles,
            StartMover starts, Partition home) {
        this.name = opened.name();
        this.log = opened.log();
        this.folds = opened.folds();
        this.world = world;
        this.lane = lane;
        this.sideFiles = sideFiles;
        this.starts = starts;
        this.home = home;
    }

    /**
     * What can be cleaned now. Of segments whose age matters and is not known it is found out, for the next
     * time.
     *
     * @param firstDirty   where the last cleaning ended
     * @param writtenPoint the recovery point that is written down
     */
    public Compaction.Cleanable look(Compaction how, long firstDirty, long writtenPoint) {
        long bound = Math.min(writtenPoint, decidedForGood());
        Compaction.Cleanable found = log.compactor().cleanable(how, firstDirty, bound, world.clock().nowMs());
        if (found.undated() != null && !dating && !stopped) {
            dating = true;
            world.io().run(log, () -> {
                found.undated().run();
                return null;
            }, lane, (nothing, problem) -> {
                dating = false;
                if (problem == null) log.take(found.undated());
                else LOG.warn("{}: a segment of unknown age is not cleaned: {}", name, problem.getMessage());
            });
        }
        return found;
    }

    /**
     * The stable offset by markers that no power cut takes back: with durability {@code os} not every marker
     * that readers have seen is forced, and what a lost one has replaced must still be there.
     */
    private long decidedForGood() {
        if (log.recoveryPoint() >= endThen) {
            long decided = stableThen;
            stableThen = home.stableOffset();
            endThen = log.endOffset();
            return log.recoveryPoint() >= endThen ? stableThen : decided;
        }
        return stableThen;
    }

    /**
     * Cleans what {@link #look} has found. One at a time.
     *
     * @param mapBytes most memory for the keys
     * @param done     told up to where it is clean, or why it is not
     */
    public void clean(Compaction how, Compaction.Cleanable found, int mapBytes,
            BiConsumer<Long, Throwable> done) {
        if (stopped || cleaning != null || asker != null) {
            done.accept(null, new IllegalStateException(name + " is closed, or is being cleaned already"));
            return;
        }
        asker = done;
        SideFilesKeeper.Securing securing = sideFiles.securingCleaning(found.end());
        world.io().run(log, () -> {
            securing.run();
            return null;
        }, lane, (nothing, problem) -> {
            if (problem == null) sideFiles.secured(securing);
            Runnable next = () -> secureState(found.end(), () -> begin(how, found, mapBytes));
            if (problem == null) home.whenDurable(securing.restsOn(), next);
            else failed(problem);
        });
    }

    /**
     * The room's state is written down at or above what is cleaned, and no older one is left: folded on from
     * below, a journal whose tombstones are gone would bring back what they removed.
     */
    private void secureState(long end, Runnable then) {
        StateKeeper states = home.states();
        if (states == null || stopped) {
            then.run();
            return;
        }
        states.keep(end, problem -> {
            if (problem != null) {
                failed(problem);
                return;
            }
            states.rest(true);
            world.io().run(log, () -> {
                states.dropBelow(end);
                return null;
            }, lane, (nothing, failure) -> {
                if (failure == null) then.run();
                else failed(failure);
            });
        });
    }

    private void begin(Compaction how, Compaction.Cleanable found, int mapBytes) {
        if (stopped) return;
        Cleaning.Order order = new Cleaning.Order(found.firstDirty(), found.end(), world.clock().nowMs(),
                how.deleteRetentionMs(), mapBytes);
        boolean forgets = world.sabotaged(Saboteur.CLEANING_FORGETS_ABORTED);
        cleaning = log.compactor().begin(order, new FoldedWriters(folds, forgets ? 0 : found.end()));
        step();
    }

    /** Steps have a queue of their own: no force waits for one. */
    private void step() {
        Cleaning current = cleaning;
        world.io().run(this, current::step, lane, (next, problem) -> {
            if (stopped) abandon(current);
            else if (problem != null) failed(problem);
            else if (next == Cleaning.Next.STEP) step();
            else if (next == Cleaning.Next.SWAP) starts.pause(() -> swap(current.made()));
            else done(current);
        });
    }

    private void swap(CleanedGroup group) {
        if (stopped || !log.compactor().takes(group)) {
            starts.resume();
            world.io().run(this, () -> {
                group.discard();
                return null;
            }, lane, (nothing, problem) -> failed(new IllegalStateException(
                    "segments were removed while they were cleaned")));
            return;
        }
        world.io().run(log, () -> {
            group.decide();
            return null;
        }, lane, (nothing, problem) -> {
            if (stopped) return;
            if (problem == null) take(group);
            else home.fail(asFailure(problem));
        });
    }

    private void take(CleanedGroup group) {
        log.compactor().take(group);
        folds.aborted.keepOnly(group.base(), group.endOffset(), group.abortedMarkers());
        sideFiles.replaced(group.base(), group.endOffset());
        world.io().run(log, () -> {
            group.complete();
            return null;
        }, lane, (nothing, problem) -> {
            if (stopped) return;
            if (problem != null) {
                home.fail(asFailure(problem));
                return;
            }
            log.compactor().settle(group);
            starts.resume();
            step();
        });
    }

    private void done(Cleaning current) {
        LOG.info("{}: cleaned up to offset {}: {} of {} bytes are left", name, current.cleanedTo(),
                current.bytesKept(), current.bytesRead());
        cleaning = null;
        answer(current.cleanedTo(), null);
    }

    private void failed(Throwable problem) {
        LOG.warn("{}: not cleaned: {}", name, problem.getMessage());
        if (cleaning != null) abandon(cleaning);
        cleaning = null;
        answer(null, problem);
    }

    private void abandon(Cleaning current) {
        world.io().run(this, () -> {
            current.abandon();
            return null;
        }, lane, (nothing, problem) -> { });
    }

    private static DiskFailure asFailure(Throwable problem) {
        return problem instanceof DiskFailure failure ? failure
                : new DiskFailure("a cleaned segment could not be swapped in: " + problem, problem);
    }

    private void answer(Long cleanedTo, Throwable problem) {
        BiConsumer<Long, Throwable> told = asker;
        asker = null;
        if (home.states() != null) home.states().rest(false);
        if (told != null) told.accept(cleanedTo, problem);
    }

    /** Nothing is begun any more; what is half done is put right by the next opening. */
    void stop() {
        if (stopped) return;
        stopped = true;
        answer(null, new IllegalStateException(name + " is closed"));
    }
}
