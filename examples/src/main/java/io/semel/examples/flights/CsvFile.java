package io.semel.examples.flights;

import java.io.BufferedInputStream;
import java.io.BufferedReader;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;

/**
 * A file of rows under a header line, plain or gzip (told by its first bytes). Each row is given to a
 * consumer, so that a file may be larger than memory. Stateless; every fault of the file is a {@link
 * BadInput}.
 */
final class CsvFile {

    private static final int GZIP_ID1 = 0x1f, GZIP_ID2 = 0x8b;

    private CsvFile() { }

    /** Makes a value of one row; an IllegalArgumentException says what is wrong with it. */
    interface RowParser<T> {
        T parse(List<String> fields, long line);
    }

    static <T> void forEach(Path file, List<String> header, RowParser<T> parser, Consumer<T> consumer) {
        if (!Files.exists(file)) throw new BadInput(file + ": no such file");
        if (!Files.isRegularFile(file)) throw new BadInput(file + ": not a file");
        Csv csv = null;
        try (InputStream raw = new BufferedInputStream(Files.newInputStream(file));
             InputStream bytes = unzipped(raw)) {
            csv = new Csv(reader(bytes));
            checkHeader(file, header, csv.row());
            for (List<String> row = csv.row(); row != null; row = csv.row()) {
                consumer.accept(parse(file, header, parser, row, csv.rowLine()));
            }
        } catch (Csv.Malformed malformed) {
            throw BadInput.at(file, lineOf(csv), malformed.getMessage());
        } catch (CharacterCodingException malformed) {
            throw BadInput.at(file, lineOf(csv), "not UTF-8 from here on");
        } catch (EOFException | ZipException damaged) {
            throw BadInput.at(file, lineOf(csv), "damaged gzip file from here on: " + damaged.getMessage());
        } catch (IOException unreadable) {
            throw new BadInput(file + ": cannot be read: " + unreadable);
        }
    }

    private static InputStream unzipped(InputStream bytes) throws IOException {
        bytes.mark(2);
        boolean gzip = bytes.read() == GZIP_ID1 && bytes.read() == GZIP_ID2;
        bytes.reset();
        return gzip ? new GZIPInputStream(bytes, 64 * 1024) : bytes;
    }

    /** Reports what is not UTF-8, where an InputStreamReader of a charset would replace it. */
    private static Reader reader(InputStream bytes) {
        return new BufferedReader(new InputStreamReader(bytes, StandardCharsets.UTF_8.newDecoder()));
    }

    private static void checkHeader(Path file, List<String> expected, List<String> found) {
        if (expected.equals(found)) return;
        String instead = found == null ? "an empty file" : String.join(",", found);
        String header = String.join(",", expected);
        throw BadInput.at(file, 1, "expected the header " + header + ", found " + instead);
    }

    private static <T> T parse(
            Path file, List<String> header, RowParser<T> parser, List<String> row, long line) {
        if (row.size() != header.size()) {
            throw BadInput.at(file, line, "expected " + header.size() + " columns, found " + row.size());
        }
        try {
            return parser.parse(row, line);
        } catch (IllegalArgumentException malformed) {
            throw BadInput.at(file, line, malformed.getMessage());
        }
    }

    private static long lineOf(Csv csv) {
        return csv == null ? 1 : csv.rowLine();
    }
}
