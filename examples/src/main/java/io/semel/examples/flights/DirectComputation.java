package io.semel.examples.flights;

import java.util.Collections;
import java.util.LongSummaryStatistics;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The expected result, computed straight from the files by other code than the topology's: no {@link
 * DelayStats#plus}. Immutable once built; free to share.
 */
public final class DirectComputation {

    private final SortedMap<String, AirportDelays> byAirport = new TreeMap<>();
    private long flights;

    private DirectComputation() { }

    /** Reads the whole file; {@link BadInput} at the first line that is no flight. */
    public static DirectComputation of(FlightsFile file, Map<String, Airport> airports) {
        Map<String, Sums> sums = new TreeMap<>();
        file.forEach(flight -> sums.computeIfAbsent(flight.origin(), code -> new Sums()).add(flight));
        DirectComputation result = new DirectComputation();
        sums.forEach((code, each) -> {
            result.byAirport.put(code, AirportDelays.of(each.stats(), airports.get(code)));
            result.flights += each.delay.getCount();
        });
        return result;
    }

    /** How many flights the file has. */
    public long flights() {
        return flights;
    }

    /** The expected value of each origin airport, by code. */
    public SortedMap<String, AirportDelays> byAirport() {
        return Collections.unmodifiableSortedMap(byAirport);
    }

    private static final class Sums {
        final LongSummaryStatistics delay = new LongSummaryStatistics();
        final LongSummaryStatistics distance = new LongSummaryStatistics();
        long late;
        long fingerprint;

        void add(Flight flight) {
            delay.accept(flight.delay());
            distance.accept(flight.distance());
            if (flight.delay() >= DelayStats.LATE_MINUTES) late++;
            fingerprint += DelayStats.fingerprintOf(flight.line());
        }

        DelayStats stats() {
            return new DelayStats(delay.getCount(), delay.getSum(),
                (int) delay.getMin(), (int) delay.getMax(), late, distance.getSum(), fingerprint);
        }
    }
}
