package io.semel.examples.flights;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AirportsFileTest {

    private static final String HEADER = "iata,name,city,state,country,latitude,longitude\n";

    @TempDir Path dir;

    @Test void readsTheCommittedFileWithItsQuotedNames() {
        Map<String, Airport> airports = Inputs.AIRPORTS.read();

        assertEquals(3376, airports.size());
        assertEquals("W. H. \"Bud\" Barron", airports.get("DBN").name());
        assertEquals("Pullman/Moscow,ID", airports.get("PUW").city());
        assertEquals(32.56445806, airports.get("DBN").latitude());
    }

    @Test void knowsEveryAirportOfTheFlights() {
        Map<String, Airport> airports = Inputs.AIRPORTS.read();

        Inputs.FLIGHTS.forEach(flight -> {
            assertEquals(flight.origin(), airports.get(flight.origin()).iata());
            assertEquals(flight.destination(), airports.get(flight.destination()).iata());
        });
    }

    @Test void namesTheLineOfABadNumberAndOfARepeatedAirport() throws IOException {
        assertEquals("line 2: latitude is not a number: 'north'", refusal("00M,a,b,MS,USA,north,1\n"));
        String row = "00M,a,b,MS,USA,1,1\n";
        assertEquals("line 3: airport 00M a second time", refusal(row + row));
    }

    private String refusal(String rows) throws IOException {
        Path file = Files.writeString(dir.resolve("airports.csv"), HEADER + rows);
        String message = assertThrows(BadInput.class, () -> new AirportsFile(file).read()).getMessage();
        return message.substring(message.indexOf("line"));
    }
}
