package io.semel.idempotence;

import io.semel.wire.error.ErrorCode;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The ledger told again, slowly: keeps everything that was ever folded and looks at all of it for each
 * question.
 */
final class LedgerModel {
    private static final long SEQUENCES = 1L << 31;

    /** A batch of data, or a marker when {@code coordinatorEpoch} is not negative. */
    record Event(long producerId, int epoch, long first, int records, boolean transactional, long offset,
            long timestamp, int coordinatorEpoch) {
        boolean isMarker() {
            return coordinatorEpoch >= 0;
        }

        long last() {
            return first < 0 ? -1 : (first + records - 1) % SEQUENCES;
        }
    }

    private static final class Guard {
        long number;
        int epoch;
        boolean version2;
        long lowest;
        long sweptMs = -1;
    }

    private final List<Event> history = new ArrayList<>();
    private final TreeMap<Long, Guard> guards = new TreeMap<>();
    private long end;

    void fold(Event event) {
        history.add(event);
        end = event.offset + event.records;
        Guard guard = guards.get(event.producerId);
        boolean ofBefore = guard != null && guard.version2 && guard.epoch == event.epoch;
        boolean endsGuard = event.isMarker() ? !ofBefore : event.transactional;
        if (endsGuard) guards.remove(event.producerId);
    }

    /** Guards are lost, and the log goes on at {@code nextOffset}. */
    void reloaded(long nextOffset) {
        guards.clear();
        end = nextOffset;
    }

    void expire(long nowMs, long idleMs) {
        for (long producerId : producers()) {
            long silent = nowMs - last(of(producerId)).timestamp;
            if (openedAt(producerId) < 0 && silent >= idleMs) {
                history.removeIf(event -> event.producerId == producerId);
            }
        }
        guards.values().forEach(guard -> guard.sweptMs = guard.sweptMs < 0 ? nowMs : guard.sweptMs);
        guards.values().removeIf(guard -> nowMs - guard.sweptMs >= idleMs);
    }

    TreeSet<Long> producers() {
        TreeSet<Long> ids = new TreeSet<>();
        history.forEach(event -> ids.add(event.producerId));
        return ids;
    }

    /** What the verdict on a batch of data must print as; the guard's number is left out. */
    String judge(Event batch, long shown, boolean version2) {
        long id = batch.producerId;
        int epoch = epoch(id);
        for (Event event : remembered(id)) {
            if (event.epoch == batch.epoch && event.first == batch.first && event.records == batch.records) {
                return "DUPLICATE of " + event.offset + " to " + (event.offset + event.records - 1) + " at "
                        + event.timestamp;
            }
        }
        if (batch.epoch < epoch) return "REJECT " + ErrorCode.INVALID_PRODUCER_EPOCH;
        boolean ongoing = openedAt(id) >= 0 && epoch == batch.epoch;
        if (batch.transactional && !ongoing) {
            boolean any = batch.epoch == epoch && !remembered(id).isEmpty();
            long last = Math.floorMod(sequenceExpected(id, batch.epoch) - 1, SEQUENCES);
            if (any && !isAfter(batch.first, last)) {
                return "REJECT " + ErrorCode.OUT_OF_ORDER_SEQUENCE_NUMBER;
            }
            String missing = missing(id, batch.epoch, batch.first, shown, version2);
            if (missing != null) return missing;
        }
        if (!inOrder(batch, version2)) return "REJECT " + ErrorCode.OUT_OF_ORDER_SEQUENCE_NUMBER;
        return openedAt(id) >= 0 && !batch.transactional ? "REJECT " + ErrorCode.INVALID_TXN_STATE : "ACCEPT";
    }

    String judgeMarker(long id, int epoch, int coordinatorEpoch, boolean version2) {
        int stored = epoch(id);
        boolean open = openedAt(id) >= 0;
        boolean fits = epoch > stored || epoch == stored && (!version2 || !open || epoch == Short.MAX_VALUE);
        if (!fits) return "REJECT " + ErrorCode.INVALID_PRODUCER_EPOCH;
        int known = coordinatorEpoch(id);
        return coordinatorEpoch < known ? "REJECT " + ErrorCode.TRANSACTION_COORDINATOR_FENCED : "ACCEPT";
    }

    String judgeOffsets(long id, int epoch, long shown, boolean version2) {
        if (epoch < epoch(id)) return "REJECT " + ErrorCode.INVALID_PRODUCER_EPOCH;
        if (openedAt(id) >= 0 && epoch == epoch(id)) return "ACCEPT";
        String missing = missing(id, epoch, -1, shown, version2);
        return missing == null ? "ACCEPT" : missing;
    }

    /** The guard that stands for a producer, 0 for none. */
    long guard(long id) {
        return guards.containsKey(id) ? guards.get(id).number : 0;
    }

    List<OpenTransaction> open() {
        TreeMap<Long, OpenTransaction> open = new TreeMap<>();
        for (long id : producers()) {
            if (openedAt(id) >= 0) {
                open.put(openedAt(id), new OpenTransaction(id, (short) epoch(id), openedAt(id)));
            }
        }
        return List.copyOf(open.values());
    }

    List<ProducerEntry> describe() {
        List<ProducerEntry> entries = new ArrayList<>();
        for (long id : producers()) {
            List<Event> batches = remembered(id);
            long sequence = batches.isEmpty() ? -1 : last(batches).last();
            long offset = batches.isEmpty() ? -1 : last(batches).offset + last(batches).records - 1;
            entries.add(new ProducerEntry(id, (short) epoch(id), (int) sequence, offset,
                    last(of(id)).timestamp, coordinatorEpoch(id), openedAt(id)));
        }
        return entries;
    }

    /** What a well-behaved client would send next: the sequence after the last, 0 in a new epoch. */
    long sequenceExpected(long id, int epoch) {
        List<Event> batches = remembered(id);
        return batches.isEmpty() || epoch(id) != epoch ? 0 : (last(batches).last() + 1) % SEQUENCES;
    }

    List<Event> remembered(long id) {
        List<Event> batches = new ArrayList<>();
        for (Event event : of(id)) if (!event.isMarker() && event.epoch == epoch(id)) batches.add(event);
        return batches.subList(Math.max(0, batches.size() - 5), batches.size());
    }

    int epoch(long id) {
        int epoch = -1;
        for (Event event : of(id)) epoch = Math.max(epoch, event.epoch);
        return epoch;
    }

    private String missing(long id, int epoch, long sequence, long shown, boolean version2) {
        Guard guard = guards.get(id);
        if (shown != 0) {
            return guard != null && guard.number == shown ? null : "REJECT " + ErrorCode.INVALID_TXN_STATE;
        }
        if (guard == null) {
            guard = new Guard();
            guard.number = end + 1;
            guard.epoch = epoch;
            guard.version2 = version2;
            guard.lowest = sequence;
            guards.put(id, guard);
        } else if (epoch > guard.epoch) {
            guard.epoch = epoch;
            guard.version2 = version2;
            guard.lowest = sequence;
        } else if (epoch == guard.epoch && isAfter(guard.lowest, sequence)) {
            guard.lowest = sequence;
        }
        return "NEEDS_ENLISTMENT under guard " + guard.number;
    }

    private boolean inOrder(Event batch, boolean version2) {
        long id = batch.producerId;
        if (version2 && batch.transactional && batch.first != 0 && remembered(id).isEmpty()) return false;
        if (guards.containsKey(id) && isAfter(batch.first, guards.get(id).lowest)) return false;
        return of(id).isEmpty() || batch.first == sequenceExpected(id, batch.epoch);
    }

    private static boolean isAfter(long sequence, long other) {
        if (sequence < 0 || other < 0) return false;
        long ahead = Math.floorMod(sequence - other, SEQUENCES);
        return ahead > 0 && ahead < SEQUENCES / 2;
    }

    private List<Event> of(long id) {
        return history.stream().filter(event -> event.producerId == id).toList();
    }

    private long openedAt(long id) {
        long first = -1;
        for (Event event : of(id)) {
            if (event.isMarker()) first = -1;
            else if (event.transactional && first < 0) first = event.offset;
        }
        return first;
    }

    private int coordinatorEpoch(long id) {
        int epoch = -1;
        for (Event event : of(id)) if (event.isMarker()) epoch = event.coordinatorEpoch;
        return epoch;
    }

    private static Event last(List<Event> events) {
        return events.get(events.size() - 1);
    }
}
