package io.semel.examples.flights;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DirectComputationTest {

    @Test void agreesWithFoldingFlightByFlight() {
        Map<String, Airport> airports = Inputs.AIRPORTS.read();
        SortedMap<String, DelayStats> folded = new TreeMap<>();
        Inputs.FLIGHTS.forEach(flight ->
            folded.put(flight.origin(),
                folded.getOrDefault(flight.origin(), DelayStats.none()).plus(flight)));

        DirectComputation direct = DirectComputation.of(Inputs.FLIGHTS, airports);

        assertEquals(20_000, direct.flights());
        assertEquals(folded.keySet(), direct.byAirport().keySet());
        folded.forEach((code, stats) ->
            assertEquals(AirportDelays.of(stats, airports.get(code)), direct.byAirport().get(code)));
    }

    /** As zcat | cut -d, -f4 | sort | uniq -c says. */
    @Test void knowsTheBusiestAirportOfTheCommittedFile() {
        DirectComputation direct = DirectComputation.of(Inputs.FLIGHTS, Inputs.AIRPORTS.read());

        assertEquals(1103, direct.byAirport().get("DFW").stats().count());
    }

    @Test void namesAirportsThatTheTableLacks(@TempDir Path dir) throws IOException {
        Path file = Files.writeString(dir.resolve("f"),
            "date,delay,distance,origin,destination\n2001/01/01 00:47,66,1750,XXX,LAS\n");

        DirectComputation direct = DirectComputation.of(new FlightsFile(file), Map.of());

        assertEquals(AirportDelays.UNKNOWN, direct.byAirport().get("XXX").name());
    }
}
