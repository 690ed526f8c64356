package io.semel.idempotence;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class SequenceTest {
    private static final int LAST = Integer.MAX_VALUE;

    @Test @DisplayName("FEATURES 5: 0 comes after 2^31 - 1")
    void wrapsAtTheLastNumber() {
        assertEquals(0, Sequence.next(LAST, 1));
        assertEquals(4, Sequence.next(LAST - 5, 10));
        assertEquals(LAST, Sequence.next(0, LAST));
        assertEquals(LAST - 5, Sequence.previous(4, 10));
    }

    @Test
    void goesBackByAsMuchAsItWentForward() {
        for (int from : new int[] {0, 1, 77, LAST - 1, LAST}) {
            for (int count : new int[] {0, 1, 2, 1000, LAST}) {
                assertEquals(from, Sequence.previous(Sequence.next(from, count), count));
            }
        }
    }

    @Test
    void followsOnlyTheNextNumber() {
        assertTrue(Sequence.follows(Sequence.NONE, 0));
        assertTrue(Sequence.follows(LAST, 0));
        assertTrue(Sequence.follows(41, 42));
        assertFalse(Sequence.follows(41, 41));
        assertFalse(Sequence.follows(41, 43));
        assertFalse(Sequence.follows(LAST, 1));
        assertFalse(Sequence.follows(Sequence.NONE, 1));
        assertFalse(Sequence.follows(LAST, Integer.MIN_VALUE));
    }

    @Test
    void tellsWhichOfTwoIsLaterAcrossTheWrap() {
        assertTrue(Sequence.isAfter(5, 4));
        assertFalse(Sequence.isAfter(4, 5));
        assertFalse(Sequence.isAfter(4, 4));
        assertTrue(Sequence.isAfter(3, LAST - 2));
        assertFalse(Sequence.isAfter(LAST - 2, 3));
    }

    @Test
    void leavesNoSequenceAlone() {
        assertEquals(Sequence.NONE, Sequence.next(Sequence.NONE, 3));
        assertEquals(Sequence.NONE, Sequence.previous(Sequence.NONE, 3));
    }
}
