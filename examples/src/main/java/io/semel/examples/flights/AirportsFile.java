package io.semel.examples.flights;

import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/** A file of airports, plain or gzip. May be read any number of times, by any thread. */
public record AirportsFile(Path path) {

    /**
     * All airports by code, in the order of the file; {@link BadInput} at the first line that is none or
     * comes twice.
     */
    public Map<String, Airport> read() {
        Map<String, Airport> airports = new LinkedHashMap<>();
        CsvFile.forEach(path, Airport.HEADER, (row, line) -> {
            Airport airport = Airport.ofRow(row);
            if (airports.containsKey(airport.iata())) {
                throw new IllegalArgumentException("airport " + airport.iata() + " a second time");
            }
            return airport;
        }, airport -> airports.put(airport.iata(), airport));
        return Collections.unmodifiableMap(airports);
    }
}
