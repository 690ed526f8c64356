package io.semel.committed;

import static io.semel.committed.Batches.batch;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class AbortedIndexTest {
    private final List<AbortedRange> sunk = new ArrayList<>();
    private final AbortedIndex index = new AbortedIndex(sunk::add);

    @Test @DisplayName("FEATURES 21, 41: an abort marker makes a range, a commit marker does not")
    void knowsWhatWasAborted() {
        index.fold(batch().pid(1).transactional().at(0));
        index.fold(batch().pid(2).transactional().at(1));
        index.fold(batch().pid(1).marker(false, 0, 2));
        index.fold(batch().pid(2).marker(true, 0, 3));

        assertEquals(List.of(new AbortedRange(1, 0, 2, 1)), index.overlapping(0, 10));
        assertEquals(List.of(new AbortedRange(1, 0, 2, 1)), sunk);
    }

    @Test
    @DisplayName("1.4: a marker of a producer without a transaction makes no range, nor does an emptied one")
    void ignoresMarkersWithoutATransaction() {
        index.fold(batch().pid(1).transactional().at(0));
        index.fold(batch().pid(2).marker(false, 0, 1));
        index.fold(batch().pid(1).emptiedMarker(2));

        assertEquals(List.of(), sunk);
    }

    @Test
    @DisplayName("1.4: a range's stable offset is the next open beginning, else behind the marker")
    void notesTheStableOffset() {
        index.fold(batch().pid(1).transactional().at(0));
        index.fold(batch().pid(2).transactional().at(5));
        index.fold(batch().pid(2).marker(false, 0, 6));
        index.fold(batch().pid(1).marker(false, 0, 7));

        assertEquals(List.of(new AbortedRange(2, 5, 6, 0), new AbortedRange(1, 0, 7, 8)), sunk);
    }

    @Test @DisplayName("1.4: ranges that touch what is read, and no others")
    void givesWhatOverlaps() {
        for (int n = 0; n < 10; n++) {
            index.fold(batch().pid(n).transactional().records(3).at(10 * n));
            index.fold(batch().pid(n).marker(false, 0, 10 * n + 3));
        }

        assertEquals(List.of(), index.overlapping(4, 10));
        assertEquals(List.of(sunk.get(1)), index.overlapping(13, 14));
        assertEquals(List.of(), index.overlapping(14, 20));
        assertEquals(List.of(sunk.get(3), sunk.get(4)), index.overlapping(33, 41));
        assertEquals(sunk, index.overlapping(0, 1_000));
    }

    @Test
    @DisplayName("FEATURES 42: folded again over side files, nothing is handed on twice, gaps are filled")
    void foldsAgainOverWhatIsKnown() {
        AbortedRange lost = new AbortedRange(1, 0, 1, 2);
        AbortedRange kept = new AbortedRange(1, 2, 3, 4);
        index.load(List.of(kept));
        for (int n = 0; n < 2; n++) {
            index.fold(batch().pid(1).transactional().at(2 * n));
            index.fold(batch().pid(1).marker(false, 0, 2 * n + 1));
        }

        assertEquals(List.of(lost), sunk);
        assertEquals(List.of(lost, kept), index.overlapping(0, 10));
    }

    @Test
    @DisplayName("I2: restored from a snapshot's open transactions, a range begins where its transaction did")
    void isRestored() {
        index.restore(List.of(new Undecided(4, (short) 0, 17), new Undecided(3, (short) 0, 12)));
        index.fold(batch().pid(3).marker(false, 0, 20));

        assertEquals(List.of(new AbortedRange(3, 12, 20, 17)), sunk);
    }

    @Test @DisplayName("FEATURES 54: ranges below the log's start, or behind its end, are forgotten")
    void forgetsWhatTheLogLost() {
        for (int n = 0; n < 4; n++) {
            index.fold(batch().pid(n).transactional().at(2 * n));
            index.fold(batch().pid(n).marker(false, 0, 2 * n + 1));
        }

        index.forgetBelow(3);
        assertEquals(sunk.subList(1, 4), index.overlapping(0, 100));
        index.forgetFrom(5);
        assertEquals(sunk.subList(1, 2), index.overlapping(0, 100));
        assertEquals(1, index.size());
    }

    @Test
    void writesAndReadsEntries() {
        AbortedRange range = new AbortedRange(1L << 40, 2, 3, 4);
        ByteBuffer bytes = ByteBuffer.allocate(2 * AbortedRange.SIZE);
        range.encode(bytes);
        range.encode(bytes);
        bytes.flip().limit(2 * AbortedRange.SIZE - 1);

        assertEquals(34, AbortedRange.SIZE);
        assertEquals(range, AbortedRange.decode(bytes));
        assertNull(AbortedRange.decode(bytes));
        assertEquals(AbortedRange.SIZE, bytes.position());
    }

    @Test
    void refusesImpossibleEntries() {
        for (AbortedRange wrong : List.of(new AbortedRange(-1, 0, 1, 2), new AbortedRange(1, -1, 1, 2),
                new AbortedRange(1, 5, 5, 6), new AbortedRange(1, 0, 1, -1))) {
            ByteBuffer bytes = ByteBuffer.allocate(AbortedRange.SIZE);
            wrong.encode(bytes);

            assertNull(AbortedRange.decode(bytes.flip()), wrong.toString());
        }
        ByteBuffer otherVersion = ByteBuffer.allocate(AbortedRange.SIZE);
        new AbortedRange(1, 0, 1, 2).encode(otherVersion);
        assertNull(AbortedRange.decode(otherVersion.flip().putShort(0, (short) 1)));
    }

    @Test @DisplayName("saboteur ABORTED_RANGE_FORGOTTEN tells nobody")
    void canBeSabotaged() {
        AbortedIndex sabotaged = new AbortedIndex(sunk::add, true);
        sabotaged.fold(batch().pid(1).transactional().at(0));
        sabotaged.fold(batch().pid(1).marker(false, 0, 1));

        assertEquals(List.of(), sabotaged.overlapping(0, 10));
        assertEquals(List.of(), sunk);
    }
}
