package io.semel.examples.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.semel.examples.flights.AirportDelays;
import io.semel.examples.flights.DelayStats;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class ScreenTest {

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final PrintStream out = new PrintStream(bytes, true, StandardCharsets.UTF_8);

    @Test void printsEveryTenthWithoutATerminal() {
        Screen screen = new Screen(out, false);
        for (int done = 0; done <= 20_000; done += 100) screen.progress(done, 20_000, "all up");

        List<String> lines = text().lines().toList();
        assertEquals(11, lines.size());
        assertEquals("  2,000 of 20,000 counted  all up", lines.get(1));
        assertFalse(text().contains("\u001b"));
    }

    @Test void redrawsTheBarBelowALineOnATerminal() {
        Screen screen = new Screen(out, true);
        screen.progress(10_000, 20_000, "all up");
        bytes.reset();

        screen.say("kill -9 %s", "broker");

        String half = "[" + "#".repeat(16) + "-".repeat(16) + "]";
        String line = System.lineSeparator();
        assertEquals("\r\u001b[Kkill -9 broker" + line + half + "  10,000 of 20,000 counted  all up", text());
    }

    @Test void listsTheBusiestAirportsFirst() {
        SortedMap<String, AirportDelays> airports = new TreeMap<>();
        for (int i = 1; i <= 12; i++) {
            DelayStats stats = new DelayStats(100L * i, -55L * i, -9, 1234, 20L * i, 1, 1);
            airports.put("A" + (char) ('A' + i) + "X", new AirportDelays("Airport number " + i, stats));
        }

        new Screen(out, false).busiest(airports, 10);

        List<String> rows = text().lines().filter(line -> line.contains("number")).toList();
        assertEquals(10, rows.size());
        String first = " +1  AMX Airport number 12 +1,200 +-0.5 min  1,234 min +20%";
        assertTrue(rows.get(0).matches(first), rows.get(0));
        assertTrue(rows.get(9).startsWith(" 10  ADX Airport number 3 "), rows.get(9));
    }

    private String text() {
        return bytes.toString(StandardCharsets.UTF_8);
    }
}
