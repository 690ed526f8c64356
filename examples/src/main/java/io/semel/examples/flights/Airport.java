package io.semel.examples.flights;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;

/**
 * One airport, known by its code. Latitude and longitude in degrees. An immutable value; on a topic, the
 * text of its row.
 */
public record Airport(
        String iata, String name, String city, String state, String country,
        double latitude, double longitude) {

    /** The columns of an airports file, in order. */
    public static final List<String> HEADER =
        List.of("iata", "name", "city", "state", "country", "latitude", "longitude");

    /** UTF-8 text, the columns of {@link #HEADER}; null stands for null. */
    public static final Serde<Airport> SERDE = Serdes.serdeFrom(
        (topic, airport) -> airport == null ? null : airport.text().getBytes(StandardCharsets.UTF_8),
        (topic, bytes) -> bytes == null ? null : ofRow(Csv.parse(new String(bytes, StandardCharsets.UTF_8))));

    static Airport ofRow(List<String> row) {
        if (row.size() != HEADER.size()) throw new IllegalArgumentException("not an airport: " + row);
        String iata = Columns.airportCode("iata", row.get(0));
        return new Airport(iata, row.get(1), row.get(2), row.get(3), row.get(4),
            Columns.number("latitude", row.get(5)), Columns.number("longitude", row.get(6)));
    }

    private String text() {
        return Csv.format(iata, name, city, state, country, latitude, longitude);
    }
}
