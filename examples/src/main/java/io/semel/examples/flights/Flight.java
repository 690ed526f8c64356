package io.semel.examples.flights;

import java.nio.charset.StandardCharsets;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;

/**
 * One flight; {@code line} is its line in the file and thereby its identity. Delay in minutes, negative
 * when early; distance in miles. An immutable value. On a topic it is the text of its row behind the line,
 * so that any console client shows it.
 */
public record Flight(
        long line, LocalDateTime date, int delay, int distance, String origin, String destination) {

    /** The columns of a flights file, in order. */
    public static final List<String> HEADER = List.of("date", "delay", "distance", "origin", "destination");

    /** UTF-8 text, {@code line,date,delay,distance,origin,destination}; null stands for null. */
    public static final Serde<Flight> SERDE = Serdes.serdeFrom(
        (topic, flight) -> flight == null ? null : flight.text().getBytes(StandardCharsets.UTF_8),
        (topic, bytes) -> bytes == null ? null : ofText(new String(bytes, StandardCharsets.UTF_8)));

    private static final DateTimeFormatter DATE = DateTimeFormatter.ofPattern("yyyy/MM/dd HH:mm");

    static Flight ofRow(long line, List<String> row) {
        int distance = Columns.wholeNumber("distance", row.get(2));
        if (distance < 0) throw Columns.refuse("distance", "zero or more", row.get(2));
        return new Flight(line, date(row.get(0)), Columns.wholeNumber("delay", row.get(1)), distance,
            Columns.airportCode("origin", row.get(3)), Columns.airportCode("destination", row.get(4)));
    }

    private static Flight ofText(String text) {
        List<String> row = new ArrayList<>(Csv.parse(text));
        if (row.size() != HEADER.size() + 1) throw new IllegalArgumentException("not a flight: " + text);
        return ofRow(Long.parseLong(row.remove(0)), row);
    }

    private String text() {
        return Csv.format(line, DATE.format(date), delay, distance, origin, destination);
    }

    private static LocalDateTime date(String text) {
        try {
            return LocalDateTime.parse(text, DATE);
        } catch (DateTimeParseException no) {
            throw Columns.refuse("date", "of the form yyyy/MM/dd HH:mm", text);
        }
    }
}
