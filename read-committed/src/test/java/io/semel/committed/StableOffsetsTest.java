package io.semel.committed;

import static io.semel.committed.Batches.batch;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class StableOffsetsTest {
    private final StableOffsets stable = new StableOffsets();

    @Test
    void standsAtTheHighWatermarkWhenNothingIsOpen() {
        stable.fold(batch().pid(-1).records(5).at(0));
        stable.fold(batch().pid(7).records(5).at(5));

        assertEquals(0, stable.stableOffset(0));
        assertEquals(10, stable.stableOffset(10));
        assertNull(stable.first());
    }

    @Test @DisplayName("FEATURES 39: an open transaction holds it below the high watermark")
    void standsBelowAnOpenTransaction() {
        stable.fold(batch().pid(1).transactional().records(2).at(3));

        assertEquals(2, stable.stableOffset(2));
        assertEquals(3, stable.stableOffset(5));
    }

    @Test
    @DisplayName("FEATURES 40: a later transaction that is decided waits for an earlier one that is not")
    void waitsForTheFirstOfTwo() {
        stable.fold(batch().pid(1).transactional().at(0));
        stable.fold(batch().pid(2).transactional().at(1));
        stable.fold(batch().pid(2).marker(true, 0, 2));
        assertEquals(0, stable.stableOffset(3));

        stable.fold(batch().pid(1).marker(true, 0, 3));
        assertEquals(4, stable.stableOffset(4));
    }

    @Test @DisplayName("I1, I7: a marker counts when the high watermark is above it, not before")
    void waitsForTheMarkerToBeDurable() {
        stable.fold(batch().pid(1).transactional().at(0));
        stable.fold(batch().pid(1).marker(true, 0, 1));
        stable.fold(batch().pid(-1).at(2));

        assertEquals(0, stable.stableOffset(1));
        assertEquals(2, stable.stableOffset(2));
        assertEquals(3, stable.stableOffset(3));
    }

    @Test @DisplayName("I7: of several markers in doubt the lowest beginning counts, whatever their order")
    void keepsTheLowestOfMarkersInDoubt() {
        stable.fold(batch().pid(1).transactional().at(0));
        stable.fold(batch().pid(2).transactional().at(1));
        stable.fold(batch().pid(3).transactional().at(2));
        stable.fold(batch().pid(2).marker(true, 0, 3));
        stable.fold(batch().pid(1).marker(false, 0, 4));
        stable.fold(batch().pid(3).marker(true, 0, 5));

        assertEquals(0, stable.stableOffset(4));
        assertEquals(2, stable.stableOffset(5));
        assertEquals(6, stable.stableOffset(6));
    }

    @Test
    void keepsManyMarkersInDoubt() {
        for (int n = 0; n < 100; n++) {
            stable.fold(batch().pid(n).transactional().at(2 * n));
            stable.fold(batch().pid(n).marker(true, 0, 2 * n + 1));
            if (n == 5) assertEquals(8, stable.stableOffset(9));
        }

        for (int n = 5; n < 100; n++) assertEquals(2 * n, stable.stableOffset(2 * n + 1));
        assertEquals(200, stable.stableOffset(200));
    }

    @Test
    @DisplayName("1.4: markers without a transaction, emptied ones and other control records change nothing")
    void ignoresMarkersWithoutATransaction() {
        stable.fold(batch().pid(1).transactional().at(0));
        stable.fold(batch().pid(2).marker(false, 0, 1));
        stable.fold(batch().pid(1).emptiedMarker(2));
        stable.fold(batch().pid(1).control(2, 0, 3));

        assertEquals(0, stable.stableOffset(4));
        assertEquals(1, stable.size());
    }

    @Test
    @DisplayName("issue 'who blocks the stable offset': the first open transaction, its epoch as last seen")
    void namesWhoBlocks() {
        stable.fold(batch().pid(9).epoch(3).transactional().at(4));
        stable.fold(batch().pid(1).epoch(0).transactional().at(5));
        stable.fold(batch().pid(9).epoch(4).transactional().at(6));

        assertEquals(new Undecided(9, (short) 4, 4), stable.first());
        assertEquals(List.of(new Undecided(9, (short) 4, 4), new Undecided(1, (short) 0, 5)),
                stable.undecided());

        stable.fold(batch().pid(9).epoch(4).marker(false, 0, 7));
        assertEquals(new Undecided(1, (short) 0, 5), stable.first());
    }

    @Test @DisplayName("I2: restored from the open transactions of a snapshot")
    void isRestored() {
        stable.fold(batch().pid(5).transactional().at(0));
        stable.fold(batch().pid(5).marker(true, 0, 1));
        stable.restore(List.of(new Undecided(2, (short) 0, 30), new Undecided(1, (short) 0, 20)));
        assertEquals(20, stable.stableOffset(40));

        stable.fold(batch().pid(1).marker(true, 0, 40));
        assertEquals(30, stable.stableOffset(41));
    }

    @Test @DisplayName("saboteur STABLE_OFFSET_IGNORES_UNDECIDED counts a marker that is not durable")
    void canBeSabotaged() {
        StableOffsets sabotaged = new StableOffsets(true);
        sabotaged.fold(batch().pid(1).transactional().at(0));
        sabotaged.fold(batch().pid(1).marker(true, 0, 1));

        assertEquals(1, sabotaged.stableOffset(1));
    }
}
