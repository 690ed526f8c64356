package io.semel.examples.flights;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.zip.GZIPOutputStream;

/** Where the committed input lies, and ways to write one's own. */
final class Inputs {

    private static final Path DATA = Path.of("data");
    static final FlightsFile FLIGHTS = new FlightsFile(DATA.resolve("flights-20k.csv.gz"));
    static final AirportsFile AIRPORTS = new AirportsFile(DATA.resolve("airports.csv"));

    private Inputs() { }

    static byte[] gzip(byte[] plain) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (OutputStream out = new GZIPOutputStream(bytes)) {
            out.write(plain);
        }
        return bytes.toByteArray();
    }

    static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
