package io.semel.examples.demo;

import io.semel.examples.flights.AirportDelays;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Folds the committed results in their order: the newest value per airport, and every step that is not "one
 * flight more". Owned by the round's thread.
 */
final class Results {

    private final SortedMap<String, AirportDelays> newest = new TreeMap<>();
    private long counted, repeated, skipped;

    void accept(String airport, AirportDelays delays) {
        AirportDelays before = newest.put(airport, delays);
        long step = delays.stats().count() - (before == null ? 0 : before.stats().count());
        counted += step;
        if (step < 1) repeated += 1 - step;
        if (step > 1) skipped += step - 1;
    }

    /** Flights in the newest values of all airports. */
    long counted() {
        return counted;
    }

    /** Steps that showed a flight again. */
    long repeated() {
        return repeated;
    }

    /** Flights that were never shown as a step of their own. */
    long skipped() {
        return skipped;
    }

    SortedMap<String, AirportDelays> newest() {
        return Collections.unmodifiableSortedMap(newest);
    }
}
