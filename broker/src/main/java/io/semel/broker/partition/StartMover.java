package io.semel.broker.partition;

import io.semel.kernel.lane.Lane;
import io.semel.kernel.world.World;
import io.semel.log.PartitionLog;
import io.semel.log.Retention;
import io.semel.log.SegmentRemoval;
import io.semel.wire.error.ErrorCode;
import io.semel.wire.topic.TopicPartition;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Moves a partition's start up, one move at a time: a snapshot of the folds at or above what stays that no
 * power cut takes, then the start is written down, then told to readers and to those who asked, then the
 * bytes are freed. A crash between any two of these leaves a log that opens. Owned by the partition's lane;
 * everything that touches a file runs on I/O threads.
 */
final class StartMover {
    private static final Logger LOG = LoggerFactory.getLogger(StartMover.class);

    private record Move(long start, StartKeeping keeping, Consumer<ErrorCode> asker) {
    }

    private final TopicPartition name;
    private final World world;
    private final Lane lane;
    private final PartitionLog log;
    private final PartitionFolds folds;
    private final SideFilesKeeper sideFiles;
    private final Partition home;
    private List<Move> waiting = new ArrayList<>();
    private List<Move> moving = List.of();
    private boolean freeing;
    private boolean dating;
    private boolean paused;
    private Runnable whenStill;
    private boolean stopped;

    StartMover(Partition home, World world, Lane lane, PartitionLog log, PartitionFolds folds,
            SideFilesKeeper sideFiles) {
        this.name = home.name();
        this.world = world;
        this.lane = lane;
        this.log = log;
        this.folds = folds;
        this.sideFiles = sideFiles;
        this.home = home;
    }

    /**
     * Moves the start to {@code start}, not above the high watermark; a lower one than now changes nothing.
     *
     * @param asker told once readers are
     */
    void move(long start, StartKeeping keeping, Consumer<ErrorCode> asker) {
        if (stopped) {
            asker.accept(ErrorCode.KAFKA_STORAGE_ERROR);
            return;
        }
        waiting.add(new Move(start, keeping, asker));
        next();
    }

    /**
     * Removes what is too old or too much below {@code bound}; {@code endActive} ends the active segment when
     * nothing of it is kept.
     */
    void expire(Retention retention, LongSupplier bound, StartKeeping keeping, Runnable endActive) {
        if (stopped || dating || isMoving()) return;
        long nowMs = world.clock().nowMs();
        Retention.Expiry expiry = log.expiry(retention, bound.getAsLong(), nowMs);
        if (expiry.undated() != null) {
            dating = true;
            world.io().run(log, () -> {
                expiry.undated().run();
                return null;
            }, lane, (nothing, problem) -> {
                dating = false;
                if (problem == null) log.take(expiry.undated());
                else LOG.warn("{}: a segment of unknown age is kept: {}", name, problem.getMessage());
                if (problem == null) expire(retention, bound, keeping, endActive);
                else expireTo(expiry.newStart(), keeping);
            });
            return;
        }
        if (expiry.rollFirst()) endActive.run();
        expireTo(expiry.newStart(), keeping);
    }

    private void expireTo(long newStart, StartKeeping keeping) {
        boolean nothing = newStart <= log.startOffset() && log.firstBaseFor(newStart) <= log.firstBase();
        if (stopped || nothing) return;
        LOG.info("{}: what lies below offset {} has expired", name, newStart);
        move(newStart, keeping, error -> { });
    }

    /**
     * Nothing is moved any more; who waits is told. A start that was written down counts from the next
     * opening on.
     */
    void stop() {
        stopped = true;
        List<Move> told = new ArrayList<>(moving);
        told.addAll(waiting);
        moving = List.of();
        waiting = new ArrayList<>();
        told.forEach(move -> move.asker.accept(ErrorCode.KAFKA_STORAGE_ERROR));
    }

    /** No move begins until {@link #resume}; {@code then} runs once none is under way. */
    void pause(Runnable then) {
        paused = true;
        whenStill = then;
        next();
    }

    void resume() {
        paused = false;
        next();
    }

    private boolean isMoving() {
        return freeing || !moving.isEmpty();
    }

    /** All who wait go together, to the highest. */
    private void next() {
        if (stopped || isMoving()) return;
        if (paused) {
            Runnable still = whenStill;
            whenStill = null;
            if (still != null) still.run();
            return;
        }
        if (waiting.isEmpty()) return;
        moving = waiting;
        waiting = new ArrayList<>();
        long start = log.startOffset();
        for (Move move : moving) start = Math.max(start, move.start);
        long newStart = start;
        long firstBase = newStart == log.endOffset() ? newStart : log.firstBaseFor(newStart);
        if (firstBase <= log.firstBase()) {
            writeDown(newStart);
            return;
        }
        SideFilesKeeper.Securing securing = sideFiles.securing(firstBase);
        world.io().run(log, () -> {
            securing.run();
            return null;
        }, lane, (nothing, problem) -> {
            if (problem == null) sideFiles.secured(securing);
            if (problem == null) home.whenDurable(securing.restsOn(), () -> writeDown(newStart));
            else failed(newStart, problem);
        });
    }

    private void writeDown(long newStart) {
        if (stopped) return;
        if (newStart == log.startOffset()) {
            moved(newStart);
            return;
        }
        moving.get(0).keeping.keep(name, newStart, lane, problem -> {
            if (problem == null) moved(newStart);
            else failed(newStart, problem);
        });
    }

    private void moved(long newStart) {
        if (stopped) return;
        SegmentRemoval removal = log.advanceStart(newStart);
        folds.aborted.forgetBelow(newStart);
        sideFiles.forgetBelow(log.firstBase());
        if (removal != null) free(removal);
        answer(ErrorCode.NONE);
    }

    /** What cannot be deleted now is deleted by the next opening. */
    private void free(SegmentRemoval removal) {
        freeing = true;
        world.io().run(log, () -> {
            removal.run();
            return null;
        }, lane, (nothing, problem) -> {
            freeing = false;
            if (problem != null) LOG.warn("{}: left behind below its start: {}", name, problem.getMessage());
            next();
        });
    }

    private void failed(long newStart, Throwable problem) {
        if (stopped) return;
        LOG.warn("{}: its start is not moved to offset {}: {}", name, newStart, problem.getMessage());
        answer(ErrorCode.KAFKA_STORAGE_ERROR);
    }

    private void answer(ErrorCode error) {
        List<Move> told = moving;
        moving = List.of();
        told.forEach(move -> move.asker.accept(error));
        next();
    }
}
