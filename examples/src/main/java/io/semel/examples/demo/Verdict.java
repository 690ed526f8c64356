package io.semel.examples.demo;

import io.semel.examples.flights.AirportDelays;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeSet;

/**
 * The results against what the file says. An immutable value.
 * @param lost flights that are missing in an airport's result, or that were never shown as a step of their
 * own
 * @param duplicated flights too many in an airport's result, or steps that showed a flight again
 * @param differences one line for each airport whose result is not the expected one
 */
record Verdict(long in, long counted, long lost, long duplicated, List<String> differences) {

    static Verdict of(SortedMap<String, AirportDelays> expected, Results results) {
        long in = 0, lost = results.skipped(), duplicated = results.repeated();
        List<String> differences = new ArrayList<>();
        for (AirportDelays each : expected.values()) in += each.stats().count();
        TreeSet<String> airports = new TreeSet<>(expected.keySet());
        airports.addAll(results.newest().keySet());
        for (String airport : airports) {
            AirportDelays wanted = expected.get(airport), found = results.newest().get(airport);
            if (wanted != null && wanted.equals(found)) continue;
            long missing = count(wanted) - count(found);
            lost += Math.max(0, missing);
            duplicated += Math.max(0, -missing);
            differences.add(airport + ": expected " + wanted + ", found " + found);
        }
        return new Verdict(in, results.counted(), lost, duplicated, List.copyOf(differences));
    }

    /** Whether every airport agrees in every figure and every flight was shown once. */
    boolean exact() {
        return differences.isEmpty() && lost == 0 && duplicated == 0 && in == counted;
    }

    private static long count(AirportDelays delays) {
        return delays == null ? 0 : delays.stats().count();
    }
}
