package io.semel.examples.flights;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.io.StringReader;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class CsvTest {

    @Test void readsRowsWithEitherLineEndAndWithoutALastOne() throws IOException {
        assertEquals(List.of(List.of("a", "b"), List.of("c", ""), List.of("", "d")), rows("a,b\nc,\r\n,d"));
        assertEquals(List.of(List.of("a")), rows("a\n"));
        assertEquals(List.of(List.of("a"), List.of("")), rows("a\n\n"));
        assertEquals(List.of(), rows(""));
    }

    @Test void readsQuotedFields() throws IOException {
        String text = "\"W. H. \"\"Bud\"\" Barron\",\"a,b\",\"two\r\nlines\",\"\"\nnext,,\"\"\"\",x";

        List<List<String>> rows = rows(text);

        assertEquals(List.of("W. H. \"Bud\" Barron", "a,b", "two\r\nlines", ""), rows.get(0));
        assertEquals(List.of("next", "", "\"", "x"), rows.get(1));
        assertEquals(2, rows.size());
    }

    @Test void skipsAByteOrderMark() throws IOException {
        assertEquals(List.of(List.of("a", "b")), rows("\uFEFFa,b"));
    }

    @Test void knowsTheLineOnWhichARowBegan() throws IOException {
        Csv csv = new Csv(new StringReader("a\n\"b\nb\"\nc"));

        csv.row();
        assertEquals(1, csv.rowLine());
        csv.row();
        assertEquals(2, csv.rowLine());
        csv.row();
        assertEquals(4, csv.rowLine());
        assertNull(csv.row());
    }

    @Test void refusesWhatBreaksTheRules() {
        for (String text : List.of("\"open", "\"a\"b", "a\"b", "\"a\" ,b", "\"")) {
            assertThrows(Csv.Malformed.class, () -> rows(text), text);
        }
    }

    @Test void refusesARowWithoutAnEndInBoundedMemory() {
        assertThrows(Csv.Malformed.class, () -> rows("\"" + "x".repeat(2 << 20)));
        assertThrows(Csv.Malformed.class, () -> rows(",".repeat(2 << 20)));
    }

    @Test void parsesWhatItFormats() {
        Random random = new Random(11);
        for (int round = 0; round < 2000; round++) {
            List<String> fields = new ArrayList<>();
            for (int i = 0; i <= random.nextInt(5); i++) fields.add(text(random));

            String row = Csv.format(fields.toArray());

            assertEquals(fields, row.isEmpty() ? List.of("") : Csv.parse(row), "round " + round);
        }
    }

    private static String text(Random random) {
        StringBuilder text = new StringBuilder();
        for (int i = random.nextInt(6); i > 0; i--) text.append("ab,\"\n\rü ".charAt(random.nextInt(8)));
        return text.toString();
    }

    private static List<List<String>> rows(String text) throws IOException {
        Csv csv = new Csv(new StringReader(text));
        List<List<String>> rows = new ArrayList<>();
        for (List<String> row = csv.row(); row != null; row = csv.row()) rows.add(row);
        return rows;
    }
}
