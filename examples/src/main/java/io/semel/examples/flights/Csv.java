package io.semel.examples.flights;

import java.io.IOException;
import java.io.Reader;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.StringJoiner;

/**
 * Reads and writes comma-separated rows after RFC 4180: fields may stand in quotes, a quote within them is
 * doubled, and quoted fields may hold commas and line ends. Knows the line it is at; reads one row at a
 * time. Owned by one thread.
 */
final class Csv {

    private static final int ROW_SIZE_MAX = 1 << 20;

    private final Reader in;
    private final StringBuilder field = new StringBuilder();
    private int next;
    private int rowSize;
    private long line = 1, rowLine = 1;

    Csv(Reader in) throws IOException {
        this.in = in;
        this.next = in.read();
        if (next == '\uFEFF') next = in.read();
    }

    /** The fields of the one row that the text holds. */
    static List<String> parse(String row) {
        try {
            Csv csv = new Csv(new StringReader(row));
            List<String> fields = csv.row();
            if (fields == null || csv.row() != null) throw new Malformed("not one row");
            return fields;
        } catch (Malformed malformed) {
            throw new IllegalArgumentException(malformed.getMessage() + ": " + row, malformed);
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
    }

    static String format(Object... fields) {
        StringJoiner row = new StringJoiner(",");
        for (Object each : fields) {
            String text = each.toString();
            boolean plain = text.chars().noneMatch(c -> c == ',' || c == '"' || c == '\n' || c == '\r');
            row.add(plain ? text : '"' + text.replace("\"", "\"\"") + '"');
        }
        return row.toString();
    }

    /** The line, counted from 1, on which the row that was read last began. */
    long rowLine() {
        return rowLine;
    }

    /** The fields of the next row, or null at the end. */
    List<String> row() throws IOException {
        rowLine = line;
        rowSize = 0;
        if (next < 0) return null;
        List<String> fields = new ArrayList<>();
        do {
            fields.add(next == '"' ? quoted() : plain());
        } while (take(','));
        if (!takeLineEnd() && next >= 0) throw new Malformed("text after a closing quote");
        return fields;
    }

    private String plain() throws IOException {
        field.setLength(0);
        while (next >= 0 && next != ',' && next != '\n' && next != '\r') {
            if (next == '"') throw new Malformed("a quote within a field that does not begin with one");
            append();
        }
        return field.toString();
    }

    private String quoted() throws IOException {
        field.setLength(0);
        advance();
        while (true) {
            if (next < 0) throw new Malformed("a quoted field without its closing quote");
            if (next == '"') {
                advance();
                if (next != '"') return field.toString();
            } else if (next == '\n') {
                line++;
            }
            append();
        }
    }

    private void append() throws IOException {
        field.append((char) next);
        countAndAdvance();
    }

    private boolean take(char wanted) throws IOException {
        if (next != wanted) return false;
        countAndAdvance();
        return true;
    }

    private boolean takeLineEnd() throws IOException {
        boolean cr = take('\r');
        boolean lf = take('\n');
        if (cr || lf) line++;
        return cr || lf;
    }

    private void countAndAdvance() throws IOException {
        if (++rowSize > ROW_SIZE_MAX) throw new Malformed("row of more than " + ROW_SIZE_MAX + " characters");
        advance();
    }

    private void advance() throws IOException {
        next = in.read();
    }

    /** A row that breaks the rules; the reader's {@link #rowLine} says where. */
    static final class Malformed extends IOException {
        private static final long serialVersionUID = 1;

        Malformed(String message) {
            super(message);
        }
    }
}
