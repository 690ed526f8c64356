package io.semel.it.kit.storage;

import static io.semel.it.kit.storage.DiskStep.Verb.CREATE;
import static io.semel.it.kit.storage.DiskStep.Verb.DELETE;
import static io.semel.it.kit.storage.DiskStep.Verb.FORCE;
import static io.semel.it.kit.storage.DiskStep.Verb.RENAME;
import static io.semel.it.kit.storage.DiskStep.Verb.WRITE;
import static io.semel.txn.TxnPhase.COMPLETE_ABORT;
import static io.semel.txn.TxnPhase.COMPLETE_COMMIT;
import static io.semel.txn.TxnPhase.ONGOING;
import static io.semel.txn.TxnPhase.PREPARE_ABORT;
import static io.semel.txn.TxnPhase.PREPARE_COMMIT;

import io.semel.wire.batch.BatchHeader;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Where between two steps an engine can be made to stand still, and then to die: recognised by what it does
 * to its disk, so that the engine knows nothing of it. {@link Storage#standStillAt}. Immutable.
 */
public enum CrashPoint {
    /** Records stand in the log of a topic; they are not forced, and nobody has been told. */
    PRODUCE_WRITTEN {
        @Override
        boolean isReached(DiskStep step, Past past) {
            return step.isAfter(WRITE) && step.toUserLog() && step.writesRecords();
        }
    },
    /** They are forced, and nobody has been told. Not with durability {@code os}, which tells before. */
    PRODUCE_FORCED {
        @Override
        boolean isReached(DiskStep step, Past past) {
            if (PRODUCE_WRITTEN.isReached(step, past)) past.written.add(step.path());
            return step.isAfter(FORCE) && past.written.contains(step.path());
        }
    },
    /** The coordinator has written that a partition belongs to a transaction; its first batch waits. */
    ENLISTMENT_WRITTEN {
        @Override
        boolean isReached(DiskStep step, Past past) {
            return step.done() && step.tells(ONGOING);
        }
    },
    /** Offsets of a transaction stand in {@code __consumer_offsets}; they are not forced. */
    OFFSETS_WRITTEN {
        @Override
        boolean isReached(DiskStep step, Past past) {
            return step.isAfter(WRITE) && step.toLogOf("__consumer_offsets")
                    && step.writesTransactionalRecords();
        }
    },
    /** A decision is written and not forced. */
    PREPARE_WRITTEN {
        @Override
        boolean isReached(DiskStep step, Past past) {
            return step.done() && step.tells(PREPARE_COMMIT, PREPARE_ABORT);
        }
    },
    /** A decision counts as durable, and no marker of it is written. */
    PREPARE_DURABLE {
        @Override
        boolean isReached(DiskStep step, Past past) {
            return past.marker(step, 1);
        }
    },
    /** One marker of a transaction is written, the next one is not. */
    BETWEEN_MARKERS {
        @Override
        boolean isReached(DiskStep step, Past past) {
            return past.marker(step, 2);
        }
    },
    /** A marker is forced; the others of its transaction may be written, and its end is not. */
    MARKER_FORCED {
        @Override
        boolean isReached(DiskStep step, Past past) {
            boolean marks = step.isAfter(WRITE) && step.batches().stream().anyMatch(BatchHeader::isControl);
            if (marks) past.written.add(step.path());
            return step.isAfter(FORCE) && past.written.contains(step.path());
        }
    },
    /** All markers of a transaction count as durable; that it is complete is not written. */
    MARKERS_DURABLE {
        @Override
        boolean isReached(DiskStep step, Past past) {
            return !step.done() && step.tells(COMPLETE_COMMIT, COMPLETE_ABORT);
        }
    },
    /** That a transaction is complete is written and not forced. */
    COMPLETE_WRITTEN {
        @Override
        boolean isReached(DiskStep step, Past past) {
            return step.done() && step.tells(COMPLETE_COMMIT, COMPLETE_ABORT);
        }
    },
    /** A log has a new segment, with nothing in it. */
    SEGMENT_ROLLED {
        @Override
        boolean isReached(DiskStep step, Past past) {
            return step.isAfter(CREATE) && step.isLaterSegment();
        }
    },
    /** The aborted ranges of a segment are on disk, the snapshot of the producers at its end is not. */
    SNAPSHOT_NOT_BEGUN {
        @Override
        boolean isReached(DiskStep step, Past past) {
            return step.isBefore(CREATE) && step.ends(".snapshot.tmp");
        }
    },
    /** A snapshot is written whole and does not have its name yet. */
    SNAPSHOT_NOT_NAMED {
        @Override
        boolean isReached(DiskStep step, Past past) {
            return step.isBefore(RENAME) && step.ends(".snapshot.tmp");
        }
    },
    /** A snapshot has its name, which is not durable. */
    SNAPSHOT_NAMED {
        @Override
        boolean isReached(DiskStep step, Past past) {
            return step.isAfter(RENAME) && step.ends(".snapshot.tmp");
        }
    },
    /** A coordinator's state is written whole and does not have its name yet. */
    STATE_NOT_NAMED {
        @Override
        boolean isReached(DiskStep step, Past past) {
            return step.isBefore(RENAME) && step.ends(".state.tmp");
        }
    },
    /** A coordinator's new state is in place, the oldest one is not deleted. */
    STATE_NOT_PRUNED {
        @Override
        boolean isReached(DiskStep step, Past past) {
            return step.isBefore(DELETE) && step.ends(".state");
        }
    },
    /** A log is cleaned into files beside it, which do not count yet. */
    CLEANING_WRITTEN {
        @Override
        boolean isReached(DiskStep step, Past past) {
            return step.isBefore(RENAME) && step.ends(".log.cleaned");
        }
    },
    /** The cleaned segment has the name that makes it count; that is not durable, and the old ones stand. */
    CLEANING_DECIDED {
        @Override
        boolean isReached(DiskStep step, Past past) {
            return step.isAfter(RENAME) && step.ends(".log.cleaned");
        }
    },
    /** The old segments are gone, and the cleaned one is not yet under their name. */
    CLEANING_REPLACED {
        @Override
        boolean isReached(DiskStep step, Past past) {
            return step.isBefore(RENAME) && step.ends(".log.swap");
        }
    },
    /** It is, and its indexes are not. */
    CLEANING_NAMED {
        @Override
        boolean isReached(DiskStep step, Past past) {
            return step.isAfter(RENAME) && step.ends(".log.swap");
        }
    };

    /** Told of every step in turn, since the point was asked for. */
    abstract boolean isReached(DiskStep step, Past past);

    Past past() {
        return new Past();
    }

    /** What went before, as far as a point needs it. Used under the storage's monitor. */
    static final class Past {
        private final TreeSet<String> written = new TreeSet<>();
        private final TreeMap<Long, Integer> epochs = new TreeMap<>();
        private final TreeMap<Long, TreeSet<String>> marked = new TreeMap<>();

        /** Whether the step is about to write the marker of this number of its transaction, from 1. */
        private boolean marker(DiskStep step, int number) {
            if (step.verb() != WRITE) return false;
            boolean reached = false;
            for (BatchHeader batch : step.batches()) {
                if (!batch.isControl()) continue;
                TreeSet<String> logs = logsOf(batch);
                if (step.done()) logs.add(step.path());
                else reached |= logs.size() == number - 1 && !logs.contains(step.path());
            }
            return reached;
        }

        private TreeSet<String> logsOf(BatchHeader marker) {
            Integer epoch = (int) marker.producerEpoch();
            if (!epoch.equals(epochs.put(marker.producerId(), epoch))) marked.remove(marker.producerId());
            return marked.computeIfAbsent(marker.producerId(), id -> new TreeSet<>());
        }
    }
}
