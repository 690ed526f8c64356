package io.semel.log;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.semel.wire.batch.BatchHeader;
import io.semel.wire.batch.BatchSlice;
import io.semel.wire.batch.Marker;
import io.semel.wire.batch.RecordCursor;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Everything that was ever appended to a compacted log, and what may be left of it: the judge of {@link
 * CompactionWalk}, which knows nothing of how cleaning works. Checks are what users of a compacted topic are
 * promised.
 */
final class KeyedHistory {
    /** @param value null for a tombstone */
    record Entry(long offset, String key, byte[] value, long timestamp, long appendedMs) {
    }

    /** A batch as it was appended; {@code marker} is null for data. */
    record Written(long baseOffset, long nextOffset, long producerId, boolean transactional, Marker marker,
            List<Entry> entries, byte[] bytes) {
    }

    /** A batch as it lies in the log. */
    record Lying(BatchHeader header, byte[] bytes, List<Entry> entries) {
    }

    final List<Written> written = new ArrayList<>();
    private final TreeMap<Long, Boolean> decisions = new TreeMap<>();
    private final TreeMap<Long, Long> markers = new TreeMap<>();
    private long decidedUpTo = -1;

    long end() {
        return written.isEmpty() ? 0 : written.get(written.size() - 1).nextOffset;
    }

    void cutAt(long end) {
        written.removeIf(batch -> batch.baseOffset >= end);
        decidedUpTo = -1;
        markers.clear();
    }

    /** Whether what the batch belongs to was committed; null while that is open. */
    Boolean decision(Written batch) {
        if (!batch.transactional) return Boolean.TRUE;
        if (decidedUpTo != end()) decideAll();
        return decisions.get(batch.baseOffset);
    }

    private void decideAll() {
        decisions.clear();
        TreeMap<Long, List<Long>> open = new TreeMap<>();
        for (Written batch : written) {
            if (!batch.transactional) continue;
            List<Long> its = open.computeIfAbsent(batch.producerId, id -> new ArrayList<>());
            its.add(batch.baseOffset);
            if (batch.marker == null) continue;
            for (long offset : its) decisions.put(offset, batch.marker.commit());
            for (long offset : its) markers.put(offset, batch.baseOffset);
            open.remove(batch.producerId);
        }
        decidedUpTo = end();
    }

    /** Where the first transaction begins that is not decided below {@code end}. */
    long stableOffset(long end) {
        TreeMap<Long, Long> open = new TreeMap<>();
        for (Written batch : written) {
            if (batch.baseOffset >= end) break;
            if (batch.marker != null) open.remove(batch.producerId);
            else if (batch.transactional) open.putIfAbsent(batch.producerId, batch.baseOffset);
        }
        long stable = end;
        for (long first : open.values()) stable = Math.min(stable, first);
        return stable;
    }

    /** Every aborted transaction whose marker is in the log. */
    List<LogWriters.Aborted> aborted() {
        TreeMap<Long, Long> open = new TreeMap<>();
        List<LogWriters.Aborted> found = new ArrayList<>();
        for (Written batch : written) {
            if (batch.marker == null) {
                if (batch.transactional) open.putIfAbsent(batch.producerId, batch.baseOffset);
                continue;
            }
            Long first = open.remove(batch.producerId);
            if (first == null || batch.marker.commit()) continue;
            found.add(new LogWriters.Aborted(batch.producerId, first, batch.baseOffset));
        }
        return found;
    }

    /** The last batch of data of each producer below {@code end}. */
    TreeMap<Long, Long> lastOffsets(long end) {
        TreeMap<Long, Long> last = new TreeMap<>();
        for (Written batch : written) {
            if (batch.nextOffset <= end && batch.producerId >= 0 && batch.marker == null) {
                last.put(batch.producerId, batch.nextOffset - 1);
            }
        }
        return last;
    }

    static List<Lying> readAll(PartitionLog log, long from) {
        List<Lying> found = new ArrayList<>();
        long offset = from;
        while (offset < log.endOffset()) {
            List<BatchSlice> slices = log.read(offset, Long.MAX_VALUE, 3000, true);
            if (slices == null) break;
            byte[] part = Tests.take(slices);
            List<Integer> starts = Tests.starts(part);
            assertTrue(!starts.isEmpty(), "nothing at " + offset);
            for (int start : starts) {
                BatchHeader header = new BatchHeader().wrap(ByteBuffer.wrap(part), start);
                assertTrue(header.nextOffset() > offset, header.nextOffset() + " below " + offset);
                offset = header.nextOffset();
                byte[] bytes = Arrays.copyOfRange(part, start, start + header.sizeInBytes());
                found.add(lying(bytes));
            }
        }
        return found;
    }

    static Lying lying(byte[] bytes) {
        BatchHeader header = new BatchHeader().wrap(ByteBuffer.wrap(bytes), 0);
        List<Entry> entries = new ArrayList<>();
        if (!header.isControl()) {
            RecordCursor cursor = new RecordCursor().open(header);
            while (cursor.next()) {
                String key = StandardCharsets.UTF_8.decode(cursor.key()).toString();
                byte[] value = cursor.hasValue() ? Tests.bytes(cursor.value()) : null;
                entries.add(new Entry(cursor.offset(), key, value, cursor.timestamp(), -1));
            }
            assertEquals(io.semel.wire.batch.BatchCheck.Problem.NONE, cursor.problem());
        }
        return new Lying(header, bytes, entries);
    }

    /** The first record at or above {@code start} of that time or later; a marker is one. */
    static TimestampOffset firstSince(long wantedMs, List<Lying> log, long start) {
        for (Lying batch : log) {
            BatchHeader header = batch.header;
            boolean marker = header.isControl() && header.recordCount() > 0 && header.baseOffset() >= start;
            if (marker && header.maxTimestamp() >= wantedMs) {
                return new TimestampOffset(header.maxTimestamp(), header.baseOffset());
            }
            for (Entry entry : batch.entries) {
                boolean found = entry.timestamp >= wantedMs && entry.offset >= start;
                if (found) return new TimestampOffset(entry.timestamp, entry.offset);
            }
        }
        return null;
    }

    /** Whatever lies there was written so, where it lies; from {@code dirtyFrom} on byte for byte. */
    void nothingIsInvented(List<Lying> log, long dirtyFrom) {
        int at = 0;
        for (Lying batch : log) {
            while (written.get(at).baseOffset != batch.header.baseOffset()) {
                assertTrue(written.get(at).nextOffset <= dirtyFrom, "lost at " + written.get(at).baseOffset);
                at++;
            }
            Written original = written.get(at++);
            assertEquals(original.nextOffset, batch.header.nextOffset());
            assertEquals(original.producerId, batch.header.producerId());
            assertEquals(original.transactional, batch.header.isTransactional());
            BatchHeader before = new BatchHeader().wrap(ByteBuffer.wrap(original.bytes), 0);
            assertEquals(before.baseSequence(), batch.header.baseSequence());
            assertEquals(before.producerEpoch(), batch.header.producerEpoch());
            if (!batch.entries.isEmpty()) assertEquals(before.codecId(), batch.header.codecId());
            if (original.baseOffset >= dirtyFrom) assertArrayEquals(original.bytes, batch.bytes);
            for (Entry entry : batch.entries) {
                Entry same = original.entries.get((int) (entry.offset - original.baseOffset));
                assertEquals(same.key, entry.key);
                assertArrayEquals(same.value, entry.value);
                assertEquals(same.timestamp, entry.timestamp);
            }
        }
        for (; at < written.size(); at++) {
            assertTrue(written.get(at).nextOffset <= dirtyFrom, "lost at " + written.get(at).baseOffset);
        }
    }

    /**
     * What a reader of committed records who starts at {@code from} knows in the end of each key is what was
     * committed last; a tombstone may be missing when it is old.
     *
     * @param aborted as the reader is told
     */
    void committedStateIsWhole(List<Lying> log, List<LogWriters.Aborted> aborted, long from, long nowMs,
            long deleteRetentionMs) {
        TreeMap<String, Entry> expected = new TreeMap<>();
        long stable = stableOffset(end());
        for (Written batch : written) {
            if (batch.marker != null || batch.baseOffset >= stable) continue;
            if (!Boolean.TRUE.equals(decision(batch))) continue;
            for (Entry entry : batch.entries) if (entry.offset >= from) expected.put(entry.key, entry);
        }
        TreeMap<String, Entry> found = new TreeMap<>();
        for (Lying batch : committed(log, aborted)) {
            if (batch.header.baseOffset() >= stable) continue;
            for (Entry entry : batch.entries) if (entry.offset >= from) found.put(entry.key, entry);
        }
        for (Entry last : expected.values()) {
            Entry seen = found.remove(last.key);
            boolean expired = last.value == null && nowMs - last.appendedMs >= deleteRetentionMs;
            if (seen == null && expired) continue;
            assertTrue(seen != null, "from " + from + " on " + last.key + " at " + last.offset
                    + " is missing");
            assertEquals(last.offset, seen.offset, "from " + from + " on the latest of " + last.key);
        }
        assertEquals(List.of(), List.copyOf(found.keySet()), "from " + from + " on there is more");
    }

    /** As a consumer filters: it knows the ranges by producer and first offset, and ends them at markers. */
    private static List<Lying> committed(List<Lying> log, List<LogWriters.Aborted> aborted) {
        List<LogWriters.Aborted> ranges = new ArrayList<>(aborted);
        ranges.sort((one, other) -> Long.compare(one.firstOffset(), other.firstOffset()));
        TreeSet<Long> aborting = new TreeSet<>();
        List<Lying> kept = new ArrayList<>();
        for (Lying batch : log) {
            while (!ranges.isEmpty() && ranges.get(0).firstOffset() <= batch.header.lastOffset()) {
                aborting.add(ranges.remove(0).producerId());
            }
            Marker marker = Marker.read(batch.header);
            if (marker != null && !marker.commit()) aborting.remove(batch.header.producerId());
            boolean data = !batch.header.isControl();
            boolean hidden = batch.header.isTransactional() && aborting.contains(batch.header.producerId());
            if (data && !hidden) kept.add(batch);
        }
        return kept;
    }

    /** Of what lies there, no transaction lacks its marker, and no producer its last sequence. */
    void decisionsAndSequencesStay(List<Lying> log, long start) {
        SortedSet<Long> left = new TreeSet<>();
        SortedSet<Long> ends = new TreeSet<>();
        for (Lying batch : log) {
            if (batch.header.isControl()) left.add(batch.header.baseOffset());
            ends.add(batch.header.lastOffset());
        }
        for (Lying batch : log) {
            if (batch.entries.isEmpty() || !batch.header.isTransactional()) continue;
            if (decidedUpTo != end()) decideAll();
            Long marker = markers.get(batch.header.baseOffset());
            assertTrue(marker == null || left.contains(marker), "the marker at " + marker
                    + " is gone, what it decides at " + batch.header.baseOffset() + " is not");
        }
        lastOffsets(end()).forEach((producerId, last) -> assertTrue(last < start || ends.contains(last),
                "the last sequence of " + producerId + " at " + last + " is gone"));
    }

    /** A complete cleaning leaves below its end of each key the last committed record only. */
    void isClean(List<Lying> log, long cleanedTo) {
        TreeMap<String, Long> last = new TreeMap<>();
        for (Written batch : written) {
            if (batch.marker != null || batch.nextOffset > cleanedTo) continue;
            if (!Boolean.TRUE.equals(decision(batch))) continue;
            for (Entry entry : batch.entries) last.put(entry.key, entry.offset);
        }
        for (Lying batch : log) {
            if (batch.header.nextOffset() > cleanedTo) continue;
            for (Entry entry : batch.entries) {
                assertEquals(last.get(entry.key), entry.offset, "left behind: " + entry.key);
            }
        }
    }
}
