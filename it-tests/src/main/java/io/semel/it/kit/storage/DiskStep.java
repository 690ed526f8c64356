package io.semel.it.kit.storage;

import io.semel.txn.TxnEvent;
import io.semel.txn.TxnEvent.TxnChanged;
import io.semel.txn.TxnEventCodec;
import io.semel.txn.TxnPhase;
import io.semel.wire.batch.BatchHeader;
import io.semel.wire.batch.RecordCursor;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * One thing that an engine does to its disk, about to be done or just done, and how to read it. Immutable, as
 * long as its bytes are; used under the storage's monitor.
 *
 * @param done false before it is done, true after
 * @param path what it is done to; of a rename, the old name
 * @param to the new name of a rename, else null
 * @param bytes that are written, else null
 */
record DiskStep(Verb verb, boolean done, String path, String to, ByteBuffer bytes) {
    /** What can be done to a disk; a force of a directory counts as one of its path. */
    enum Verb { CREATE, WRITE, TRUNCATE, FORCE, RENAME, DELETE }

    private static final String LOG = ".log";
    private static final String FIRST = "00000000000000000000";
    private static final TxnEventCodec EVENTS = new TxnEventCodec();

    static DiskStep of(Verb verb, String path) {
        return new DiskStep(verb, false, path, null, null);
    }

    static DiskStep write(String path, ByteBuffer source) {
        return new DiskStep(Verb.WRITE, false, path, null, source.slice());
    }

    static DiskStep rename(String from, String to) {
        return new DiskStep(Verb.RENAME, false, from, to, null);
    }

    DiskStep nowDone() {
        return new DiskStep(verb, true, path, to, bytes);
    }

    boolean isBefore(Verb what) {
        return !done && verb == what;
    }

    boolean isAfter(Verb what) {
        return done && verb == what;
    }

    boolean ends(String with) {
        return path.endsWith(with);
    }

    /** Into the log of a topic that is not internal. */
    boolean toUserLog() {
        return ends(LOG) && !path.startsWith("__");
    }

    boolean toLogOf(String topic) {
        return ends(LOG) && path.startsWith(topic + "-");
    }

    /** A log's file that is not its first. */
    boolean isLaterSegment() {
        return toUserLog() && !ends("/" + FIRST + LOG);
    }

    /** Headers over the batches that are written to a log; they last as long as the bytes. */
    List<BatchHeader> batches() {
        List<BatchHeader> batches = new ArrayList<>();
        if (bytes == null || !ends(LOG)) return batches;
        int at = 0;
        while (at + BatchHeader.SIZE <= bytes.limit()) {
            BatchHeader batch = new BatchHeader().wrap(bytes, at);
            batches.add(batch);
            at += batch.sizeInBytes();
        }
        return batches;
    }

    boolean writesRecords() {
        return batches().stream().anyMatch(batch -> !batch.isControl());
    }

    boolean writesTransactionalRecords() {
        return batches().stream().anyMatch(batch -> !batch.isControl() && batch.isTransactional());
    }

    /** Whether a transaction's coordinator writes down that it is in one of these phases. */
    boolean tells(TxnPhase... phases) {
        if (verb != Verb.WRITE || !toLogOf("__transaction_state")) return false;
        for (BatchHeader batch : batches()) if (!batch.isControl() && tells(batch, phases)) return true;
        return false;
    }

    private static boolean tells(BatchHeader batch, TxnPhase[] phases) {
        RecordCursor records = new RecordCursor().open(batch);
        try {
            while (records.next()) {
                TxnEvent event = EVENTS.decode(batch, records.key(), records.value());
                boolean so = event instanceof TxnChanged changed
                        && List.of(phases).contains(changed.txn().phase());
                if (so) return true;
            }
            return false;
        } finally {
            records.close();
        }
    }
}
