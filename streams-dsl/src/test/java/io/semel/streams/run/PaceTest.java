package io.semel.streams.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class PaceTest {
    private final Pace pace = new Pace(0, 2_000);

    @Test
    void commitsASingleRecordAtOnce() {
        pace.polled(1, true, 0);

        assertFalse(pace.grows(1, 0));
        pace.launched(0);
        pace.polled(1, true, 5);
        assertFalse(pace.grows(1, 5), "the last one had one, too");
    }

    @Test
    void takesWhatTrickledInWhileACommitLastedWithOnePollMore() {
        transactionOf(3);

        pace.polled(1, true, 1);
        assertTrue(pace.grows(1, 1));
        pace.polled(2, true, 1);
        assertFalse(pace.grows(2, 1), "one more, not two");
    }

    @Test
    void takesNoOneMoreWhereNothingTrickles() {
        transactionOf(3);

        pace.polled(0, true, 1);

        assertFalse(pace.grows(0, 1), "a turn of time alone");
    }

    @Test
    void smallPollsWaitForTheCommitAndLargeOnesDoNot() {
        transactionOf(99);
        assertTrue(pace.isTrickle());

        transactionOf(100);
        assertFalse(pace.isTrickle(), "to process them takes a while, which the commit lets pass");

        transactionOf(99);
        pace.polled(500, true, 1);
        assertFalse(pace.isTrickle());
    }

    @Test
    void growsWhilePollsAreHalfFullForAHundredMilliseconds() {
        pace.polled(1_000, true, 50);

        assertTrue(pace.grows(1_000, 149));
        assertFalse(pace.grows(999, 149));
        assertFalse(pace.grows(1_000, 150));
        assertFalse(pace.grows(1_000, 49), "the clock was set back");
    }

    @Test
    void isFullAfterTenPolls() {
        for (int poll = 0; poll < Pace.POLLS_MAX; poll++) {
            assertFalse(pace.isFull());
            pace.polled(1_000, true, 0);
        }
        assertTrue(pace.isFull());
        pace.launched(0);
        assertFalse(pace.isFull());
    }

    @Test
    void countsNothingOfPollsThatLeftNoTransactionOpen() {
        pace.polled(1_500, false, 0);

        assertEquals(0, pace.polls());
        assertTrue(pace.isTrickle());
    }

    @Test
    void holdsForTheLeastInterval() {
        Pace slow = new Pace(50, 2_000);
        assertEquals(0, slow.holdMs(0));
        slow.launched(100);

        assertEquals(50, slow.holdMs(100));
        assertEquals(1, slow.holdMs(149));
        assertEquals(0, slow.holdMs(150));
        assertEquals(0, slow.holdMs(99), "the clock was set back");
    }

    private void transactionOf(int records) {
        pace.polled(records, true, 0);
        pace.launched(0);
    }
}
