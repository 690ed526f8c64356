package io.semel.broker.partition;

import io.semel.kernel.lane.Lane;
import io.semel.kernel.world.Saboteur;
import io.semel.kernel.world.World;
import io.semel.log.PartitionLog;
import io.semel.log.ReadCheck;
import io.semel.wire.batch.BatchHeader;
import io.semel.wire.batch.BatchSlice;
import io.semel.wire.topic.TopicPartition;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes down a room's state beside its journal, so that start-up does not grow with history. The lane is not
 * asked for it: a second room is folded off the lane, from the last state and the journal since, as an
 * opening would, and its state written when the disk has all of the journal that it was folded from. So what
 * is written is what recovery would have found, whenever the power goes. Two are kept. Owned by the
 * partition's lane; folds and writes on I/O threads.
 */
final class StateKeeper {
    static final String STATE = "state";
    private static final Logger LOG = LoggerFactory.getLogger(StateKeeper.class);
    private static final int STEP_BYTES = 1 << 20;
    private static final int KEPT = 2;

    private final TopicPartition name;
    private final World world;
    private final Lane lane;
    private final PartitionLog log;
    private final ForcePump pump;
    private final Supplier<Room> rooms;
    private final int everyBytes;
    private final boolean late;
    private final List<Asker> askers = new ArrayList<>();
    private long bytesSince;
    private long stateBytes;
    private long stateAt;
    private boolean folding;
    private boolean resting;
    private boolean stopped;

    private record Asker(long upTo, Consumer<Throwable> then) {
    }

    StateKeeper(TopicPartition name, World world, Lane lane, PartitionLog log, ForcePump pump,
            PartitionOpening.Journal journal) {
        this.name = name;
        this.world = world;
        this.lane = lane;
        this.log = log;
        this.pump = pump;
        this.rooms = journal.rooms();
        this.everyBytes = journal.stateEveryBytes();
        this.stateAt = journal.stateAt();
        this.late = world.sabotaged(Saboteur.STATE_ONE_BATCH_LATE);
    }

    /** So much more of the journal lies above the last state. */
    void grown(long bytes) {
        bytesSince += bytes;
        if (bytesSince > Math.max(everyBytes, stateBytes) && !folding && !resting) {
            keep(log.endOffset(), problem -> { });
        }
    }

    /** {@code then} is told on the lane when a state at or above {@code upTo} is durable. */
    void keep(long upTo, Consumer<Throwable> then) {
        if (stateAt >= upTo) {
            then.accept(null);
            return;
        }
        askers.add(new Asker(upTo, then));
        if (!folding && !stopped) begin();
    }

    /** While the journal is cleaned nobody reads it through: of two records a key, one may be gone. */
    void rest(boolean rests) {
        resting = rests;
    }

    /** What the journal's tail was cleaned of cannot be found again from a state below. Blocking. */
    void dropBelow(long offset) {
        for (long old : log.sideFiles().list(STATE)) if (old < offset) log.sideFiles().delete(old, STATE);
    }

    private void begin() {
        folding = true;
        bytesSince = 0;
        Fold fold = new Fold(log.endOffset());
        world.io().run(this, () -> {
            fold.begin();
            return null;
        }, lane, (nothing, problem) -> goOn(fold, problem));
    }

    private void goOn(Fold fold, Throwable problem) {
        if (stopped) return;
        if (problem != null) {
            ended(fold, problem);
            return;
        }
        List<BatchSlice> slices = fold.next >= fold.end ? null : read(fold);
        if (slices == null) {
            pump.whenOnDisk(fold.end, () -> write(fold));
            return;
        }
        ReadCheck check = log.checkOfLastRead();
        world.io().run(this, () -> {
            fold.take(slices, check);
            return null;
        }, lane, (nothing, failure) -> {
            if (check != null) log.take(check);
            goOn(fold, failure);
        });
    }

    private void write(Fold fold) {
        if (stopped) return;
        world.io().run(log, () -> {
            fold.write();
            return null;
        }, lane, (nothing, failure) -> ended(fold, failure));
    }

    private List<BatchSlice> read(Fold fold) {
        try {
            return log.read(Math.max(fold.next, log.startOffset()), fold.end, STEP_BYTES, true);
        } catch (RuntimeException unreadable) {
            LOG.warn("{}: cannot be read at offset {}: {}", name, fold.next, unreadable.getMessage());
            return null;
        }
    }

    /** What could not be written down is folded again by the next opening, and costs no more than time. */
    private void ended(Fold fold, Throwable problem) {
        folding = false;
        if (stopped) return;
        if (problem == null) {
            stateBytes = fold.size;
            stateAt = fold.end;
        } else {
            LOG.warn("{}: its state at offset {} is not written down: {}", name, fold.end,
                    problem.getMessage());
        }
        List<Asker> told = new ArrayList<>(askers);
        told.removeIf(asker -> problem == null && asker.upTo > fold.end);
        askers.removeAll(told);
        told.forEach(asker -> asker.then.accept(problem));
        if (!askers.isEmpty() && !folding) begin();
    }

    /** What a clean close leaves behind: on an I/O thread, once the lane has let go of the room. */
    void writeLast(Room room) {
        if (log.endOffset() > stateAt) write(log.endOffset(), room.state());
    }

    private void write(long offset, byte[] state) {
        log.sideFiles().write(offset, STATE, state, true);
        List<Long> states = log.sideFiles().list(STATE);
        for (long old : states.subList(0, Math.max(0, states.size() - KEPT))) {
            log.sideFiles().delete(old, STATE);
        }
    }

    void stop() {
        stopped = true;
        askers.clear();
    }

    /** The newest state that can be read, taken into a room. */
    static long restore(PartitionLog.SideFiles files, Supplier<Room> rooms, long notAbove,
            Consumer<Room> into) {
        List<Long> states = new ArrayList<>(files.list(STATE));
        states.sort((first, second) -> Long.compare(second, first));
        for (long offset : states) {
            if (offset > notAbove) continue;
            Room room = rooms.get();
            if (!room.restore(files.read(offset, STATE))) continue;
            into.accept(room);
            return offset;
        }
        into.accept(rooms.get());
        return 0;
    }

    /** One state on its way. Used by one I/O thread at a time. */
    private final class Fold {
        private final long end;
        private final BatchHeader header = new BatchHeader();
        private Room room;
        private long from;
        private long next;
        private long size;

        private Fold(long end) {
            this.end = end;
        }

        private void begin() {
            from = StateKeeper.restore(log.sideFiles(), rooms, end, restored -> room = restored);
            next = from;
        }

        /** Nothing that is damaged: an opening would not fold it either. */
        private void take(List<BatchSlice> slices, ReadCheck check) {
            if (check != null) check.run();
            List<BatchSlice> good = check == null ? slices : check.good();
            try {
                for (BatchSlice slice : good) fold(slice);
            } finally {
                good.forEach(BatchSlice::release);
            }
            if (check != null && check.failure() != null) throw check.failure();
        }

        private void fold(BatchSlice slice) {
            ByteBuffer bytes = ByteBuffer.allocate(slice.sizeInBytes());
            slice.file().read(bytes, slice.position());
            for (int at = 0; at < bytes.capacity(); at += header.sizeInBytes()) {
                header.wrap(bytes, at);
                boolean held = late && header.nextOffset() == end;
                if (header.baseOffset() >= from && !held) room.replay(header);
                next = header.nextOffset();
            }
        }

        private void write() {
            if (next < end) throw new IllegalStateException("it was read up to offset " + next + " only");
            byte[] state = room.state();
            size = state.length;
            StateKeeper.this.write(end, state);
        }
    }
}
