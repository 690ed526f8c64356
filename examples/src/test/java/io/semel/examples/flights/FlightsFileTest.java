package io.semel.examples.flights;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FlightsFileTest {

    private static final String HEADER = "date,delay,distance,origin,destination\n";
    private static final String GOOD = "2001/01/01 00:47,66,1750,DTW,LAS\n";

    @TempDir Path dir;

    @Test void readsTheCommittedFile() {
        List<Flight> flights = read(Inputs.FLIGHTS.path());

        assertEquals(20_000, flights.size());
        LocalDateTime date = LocalDateTime.of(2001, 1, 1, 0, 47);
        assertEquals(new Flight(2, date, 66, 1750, "DTW", "LAS"), flights.get(0));
        assertEquals(20_001, flights.get(19_999).line());
    }

    @Test void readsPlainAndGzipAlikeWhateverTheirNames() throws IOException {
        Path plain = write("plain.gz", HEADER + GOOD), zipped = dir.resolve("zipped.csv");
        Files.write(zipped, Inputs.gzip(Inputs.utf8(HEADER + GOOD)));

        assertEquals(1, read(plain).size());
        assertEquals(read(plain), read(zipped));
    }

    @Test void namesAMissingFile() {
        assertRefused(dir.resolve("none.csv"), "none.csv: no such file");
        assertRefused(dir, "not a file");
    }

    @Test void namesAWrongHeader() throws IOException {
        assertRefused(write("f", "date,delay\n" + GOOD),
            "line 1: expected the header date,delay,distance,origin,destination, found date,delay");
        assertRefused(write("f", GOOD), "line 1: expected the header");
        assertRefused(write("f", ""),
            "line 1: expected the header date,delay,distance,origin,destination, found an empty file");
    }

    @Test void namesTheLineAndTheColumnOfWhatIsMalformed() throws IOException {
        assertLine3("2001/01/01 00:47,x,1750,DTW,LAS", "delay is not a whole number: 'x'");
        assertLine3("2001/01/01 00:47,1.5,1750,DTW,LAS", "delay is not a whole number: '1.5'");
        assertLine3("2001/01/01 00:47,3,99999999999,DTW,LAS", "distance is not a whole number");
        assertLine3("2001/01/01 00:47,3,-4,DTW,LAS", "distance is not zero or more: '-4'");
        assertLine3("2001/13/01 00:47,3,4,DTW,LAS",
            "date is not of the form yyyy/MM/dd HH:mm: '2001/13/01 00:47'");
        assertLine3("2001/01/01 00:47,3,4,dtw,LAS", "origin is not an airport code: 'dtw'");
        assertLine3("2001/01/01 00:47,3,4,DTW,", "destination is not an airport code: ''");
        assertLine3("2001/01/01 00:47,3,4,DTW", "expected 5 columns, found 4");
        assertLine3("2001/01/01 00:47,3,4,DTW,LAS,", "expected 5 columns, found 6");
        assertLine3("", "expected 5 columns, found 1");
        assertLine3("\"2001/01/01 00:47,3,4,DTW,LAS", "a quoted field without its closing quote");
    }

    @Test void namesTheLineOfAGzipFileThatEndsEarly() throws IOException {
        byte[] whole = Files.readAllBytes(Inputs.FLIGHTS.path());
        Path cut = Files.write(dir.resolve("cut.gz"), Arrays.copyOf(whole, whole.length / 2));

        assertRefused(cut, "damaged gzip file");
    }

    @Test void namesTheLineOfWhatIsNotUtf8() throws IOException {
        byte[] bytes = Inputs.utf8(HEADER + GOOD + GOOD);
        bytes[bytes.length - 2] = (byte) 0xff;

        assertRefused(Files.write(dir.resolve("latin"), bytes), "not UTF-8");
    }

    @Test void leavesExceptionsOfTheConsumerAlone() throws IOException {
        Path file = write("f", HEADER + GOOD);

        assertThrows(IllegalArgumentException.class, () -> new FlightsFile(file).forEach(flight -> {
            throw new IllegalArgumentException("the consumer's own");
        }));
    }

    private void assertLine3(String line, String message) throws IOException {
        Path file = write("flights.csv", HEADER + GOOD + line + "\n" + GOOD);
        assertRefused(file, "flights.csv, line 3: " + message);
    }

    private static void assertRefused(Path file, String message) {
        BadInput refused = assertThrows(BadInput.class, () -> read(file));

        assertTrue(refused.getMessage().contains(message), refused.getMessage());
        assertTrue(refused.getMessage().startsWith(file.toString()), refused.getMessage());
    }

    private Path write(String name, String text) throws IOException {
        return Files.writeString(dir.resolve(name), text);
    }

    private static List<Flight> read(Path file) {
        List<Flight> flights = new ArrayList<>();
        new FlightsFile(file).forEach(flights::add);
        return flights;
    }
}
