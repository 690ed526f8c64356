package io.semel.examples.flights;

import java.nio.file.Path;
import java.util.function.Consumer;

/** A file of flights, plain or gzip. Holds no row back; may be read any number of times, by any thread. */
public record FlightsFile(Path path) {

    /**
     * Gives every flight to the consumer, in the order of the file; {@link BadInput} at the first line that
     * is none.
     */
    public void forEach(Consumer<Flight> consumer) {
        CsvFile.forEach(path, Flight.HEADER, (row, line) -> Flight.ofRow(line, row), consumer);
    }
}
