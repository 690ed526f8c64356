package io.semel.examples.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.semel.examples.flights.AirportDelays;
import io.semel.examples.flights.DelayStats;
import io.semel.examples.flights.Flight;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class VerdictTest {

    private final SortedMap<String, AirportDelays> expected = new TreeMap<>();
    private final Results results = new Results();

    VerdictTest() {
        expected.put("DFW", last(steps(2, 3, 4)));
        expected.put("ORD", last(steps(5, 6)));
    }

    @Test void isExactWhenEachFlightWasShownOnceAndEveryFigureAgrees() {
        show("DFW", steps(4, 2, 3));
        show("ORD", steps(5, 6));

        assertVerdict(true, 5, 0, 0, 0);
    }

    @Test void countsAFlightThatIsMissing() {
        show("DFW", steps(2, 3));
        show("ORD", steps(5, 6));

        assertVerdict(false, 4, 1, 0, 1);
    }

    @Test void countsAnAirportThatIsMissingOrThatNobodyExpects() {
        show("DFW", steps(2, 3, 4));
        show("XXX", steps(9));

        assertVerdict(false, 4, 2, 1, 2);
    }

    @Test void countsAFlightThatWasCountedTwice() {
        show("DFW", steps(2, 3, 4, 4));
        show("ORD", steps(5, 6));

        assertVerdict(false, 6, 0, 1, 1);
    }

    @Test void noticesOneLostAndAnotherCountedTwice() {
        show("DFW", steps(2, 3, 3));
        show("ORD", steps(5, 6));

        assertVerdict(false, 5, 0, 0, 1);
    }

    @Test void noticesAStepThatWasShownTwiceAlthoughTheEndIsRight() {
        List<AirportDelays> steps = steps(2, 3, 4);
        show("DFW", List.of(steps.get(0), steps.get(1), steps.get(1), steps.get(2)));
        show("ORD", steps(5, 6));

        assertVerdict(false, 5, 0, 1, 0);
    }

    @Test void noticesThatTheWorkWasDoneAgainFromAnEarlierStep() {
        List<AirportDelays> steps = steps(2, 3, 4);
        show("DFW", List.of(steps.get(0), steps.get(1), steps.get(0), steps.get(1), steps.get(2)));
        show("ORD", steps(5, 6));

        assertVerdict(false, 5, 0, 2, 0);
    }

    @Test void noticesAStepThatWasNeverShownAlthoughTheEndIsRight() {
        List<AirportDelays> steps = steps(2, 3, 4);
        show("DFW", List.of(steps.get(0), steps.get(2)));
        show("ORD", steps(5, 6));

        assertVerdict(false, 5, 1, 0, 0);
    }

    @Test void noticesAWrongName() {
        show("DFW", steps(2, 3, 4));
        show("ORD", steps(5));
        results.accept("ORD", new AirportDelays("O'Hare", last(steps(5, 6)).stats()));

        assertVerdict(false, 5, 0, 0, 1);
    }

    private void assertVerdict(boolean exact, long counted, long lost, long duplicated, int differences) {
        Verdict verdict = Verdict.of(expected, results);

        assertEquals(5, verdict.in());
        assertEquals(counted, verdict.counted());
        assertEquals(lost, verdict.lost());
        assertEquals(duplicated, verdict.duplicated());
        assertEquals(differences, verdict.differences().size(), verdict.differences().toString());
        assertTrue(exact == verdict.exact(), verdict.toString());
    }

    private void show(String airport, List<AirportDelays> steps) {
        assertFalse(steps.isEmpty());
        steps.forEach(step -> results.accept(airport, step));
    }

    private static AirportDelays last(List<AirportDelays> steps) {
        return steps.get(steps.size() - 1);
    }

    /** The result after each of the flights, given by their lines. */
    private static List<AirportDelays> steps(long... lines) {
        List<AirportDelays> steps = new ArrayList<>();
        DelayStats stats = DelayStats.none();
        for (long line : lines) {
            stats = stats.plus(new Flight(line, LocalDateTime.of(2001, 1, 1, 0, 0), 7, 100, "DFW", "ORD"));
            steps.add(new AirportDelays("an airport", stats));
        }
        return steps;
    }
}
