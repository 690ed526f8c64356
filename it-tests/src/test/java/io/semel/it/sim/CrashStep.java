package io.semel.it.sim;

import io.semel.sim.DiskWatch.Act;
import io.semel.txn.TxnEvent;
import io.semel.txn.TxnEvent.TxnChanged;
import io.semel.txn.TxnEventCodec;
import io.semel.txn.TxnPhase;
import io.semel.wire.batch.BatchHeader;
import io.semel.wire.batch.RecordCursor;
import java.nio.ByteBuffer;
import java.util.Locale;

/** A step of the broker that can be told from what it does to its disk, for a crash to fall on. Immutable. */
enum CrashStep {
    /** A transaction's coordinator writes down that it is under way, or with one more partition. */
    ENLISTMENT(Act.WRITE) {
        @Override
        boolean is(String path, ByteBuffer data, int unforced) {
            return tells(path, data, TxnPhase.ONGOING, TxnPhase.ONGOING);
        }
    },
    PREPARE(Act.WRITE) {
        @Override
        boolean is(String path, ByteBuffer data, int unforced) {
            return tells(path, data, TxnPhase.PREPARE_COMMIT, TxnPhase.PREPARE_ABORT);
        }
    },
    COMPLETE(Act.WRITE) {
        @Override
        boolean is(String path, ByteBuffer data, int unforced) {
            return tells(path, data, TxnPhase.COMPLETE_COMMIT, TxnPhase.COMPLETE_ABORT);
        }
    },
    /** A marker, or more than one, goes to a partition of records. */
    MARKER(Act.WRITE) {
        @Override
        boolean is(String path, ByteBuffer data, int unforced) {
            return isUserLog(path) && new BatchHeader().wrap(data, 0).isControl();
        }
    },
    /** A marker goes to the offsets of groups. */
    MARKER_OF_OFFSETS(Act.WRITE) {
        @Override
        boolean is(String path, ByteBuffer data, int unforced) {
            return isLogOf(path, OFFSETS) && new BatchHeader().wrap(data, 0).isControl();
        }
    },
    /** Offsets of a group, or who is in it. */
    GROUP_STATE(Act.WRITE) {
        @Override
        boolean is(String path, ByteBuffer data, int unforced) {
            return isLogOf(path, OFFSETS) && !new BatchHeader().wrap(data, 0).isControl();
        }
    },
    RECORDS(Act.WRITE) {
        @Override
        boolean is(String path, ByteBuffer data, int unforced) {
            return isUserLog(path) && !new BatchHeader().wrap(data, 0).isControl();
        }
    },
    /** One force for more than one write to a log. */
    GROUP_COMMIT(Act.FORCE) {
        @Override
        boolean is(String path, ByteBuffer data, int unforced) {
            return path.endsWith(LOG) && unforced > 1;
        }
    },
    FORCE(Act.FORCE) {
        @Override
        boolean is(String path, ByteBuffer data, int unforced) {
            return path.endsWith(LOG);
        }
    },
    /** A log gets its next segment. */
    ROLL(Act.CREATE) {
        @Override
        boolean is(String path, ByteBuffer data, int unforced) {
            return path.endsWith(LOG) && !path.endsWith(FIRST);
        }
    },
    SNAPSHOT(Act.RENAME) {
        @Override
        boolean is(String path, ByteBuffer data, int unforced) {
            return path.endsWith(".snapshot");
        }
    },
    /** What a coordinator's journal comes to is written down. */
    STATE(Act.RENAME) {
        @Override
        boolean is(String path, ByteBuffer data, int unforced) {
            return path.endsWith(".state");
        }
    },
    CHECKPOINT(Act.RENAME) {
        @Override
        boolean is(String path, ByteBuffer data, int unforced) {
            return path.endsWith("-checkpoint");
        }
    },
    /** What compaction has made is put in the place of what it was made of. */
    CLEANING(Act.RENAME) {
        @Override
        boolean is(String path, ByteBuffer data, int unforced) {
            return path.endsWith(".swap") || path.endsWith(LOG);
        }
    },
    /** What is no longer needed goes: retention, what was compacted, what a snapshot makes superfluous. */
    DELETION(Act.DELETE) {
        @Override
        boolean is(String path, ByteBuffer data, int unforced) {
            return !path.endsWith(".tmp");
        }
    },
    /** What a crash left of a log's end is cut off. */
    CUT_OFF(Act.TRUNCATE) {
        @Override
        boolean is(String path, ByteBuffer data, int unforced) {
            return path.endsWith(LOG);
        }
    };

    private static final String LOG = ".log";
    private static final String FIRST = "00000000000000000000.log";
    private static final String TRANSACTIONS = "__transaction_state-";
    private static final String OFFSETS = "__consumer_offsets-";
    private static final TxnEventCodec EVENTS = new TxnEventCodec();

    private final Act act;

    CrashStep(Act act) {
        this.act = act;
    }

    /** Whether this is it. @param unforced writes to the same file since it was last forced */
    boolean is(Act done, String path, ByteBuffer data, int unforced) {
        return done == act && is(path, data, unforced);
    }

    abstract boolean is(String path, ByteBuffer data, int unforced);

    String words() {
        return name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }

    private static boolean isUserLog(String path) {
        return path.endsWith(LOG) && !path.startsWith("__");
    }

    private static boolean isLogOf(String path, String topic) {
        return path.endsWith(LOG) && path.startsWith(topic);
    }

    private static boolean tells(String path, ByteBuffer data, TxnPhase one, TxnPhase other) {
        if (!isLogOf(path, TRANSACTIONS)) return false;
        for (int at = 0; at + BatchHeader.SIZE <= data.limit();) {
            BatchHeader batch = new BatchHeader().wrap(data, at);
            at += batch.sizeInBytes();
            RecordCursor records = new RecordCursor().open(batch);
            try {
                while (records.next()) {
                    TxnEvent event = EVENTS.decode(batch, records.key(), records.value());
                    if (!(event instanceof TxnChanged changed)) continue;
                    TxnPhase phase = changed.txn().phase();
                    if (phase == one || phase == other) return true;
                }
            } finally {
                records.close();
            }
        }
        return false;
    }
}
