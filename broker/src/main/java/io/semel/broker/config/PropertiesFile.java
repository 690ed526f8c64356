package io.semel.broker.config;

import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.MalformedInputException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;

/**
 * A file in the way of Kafka's {@code server.properties}, read so that every setting knows its line.
 * Comments,
 * continued lines and escapes are those of {@link Properties}. Stateless.
 */
public final class PropertiesFile {
    private static final long BYTES_MAX = 1 << 20;

    private PropertiesFile() {
    }

    /** @throws ConfigProblem it cannot be read, or a line of it is no setting */
    public static List<Given> read(Path file) {
        List<String> lines = lines(file);
        List<Given> given = new ArrayList<>();
        List<String> problems = new ArrayList<>();
        for (int index = 0; index < lines.size(); index++) {
            int first = index;
            StringBuilder whole = new StringBuilder(lines.get(index));
            if (isComment(lines.get(index))) continue;
            while (isContinued(lines.get(index)) && index + 1 < lines.size()) {
                whole.append('\n').append(lines.get(++index));
            }
            String from = file.getFileName() + ":" + (first + 1);
            String line = whole.toString().strip();
            if (line.indexOf('=') < 0 && line.indexOf(':') < 0) {
                problems.add(from + ": a line is key=value, not " + line);
            } else {
                load(whole.toString(), from, given, problems);
            }
        }
        if (!problems.isEmpty()) throw new ConfigProblem(problems);
        return given;
    }

    private static void load(String line, String from, List<Given> given, List<String> problems) {
        Properties one = new Properties();
        try {
            one.load(new StringReader(line));
        } catch (IOException | IllegalArgumentException malformed) {
            problems.add(from + ": " + malformed.getMessage());
            return;
        }
        for (String key : one.stringPropertyNames()) {
            if (key.isEmpty()) problems.add(from + ": there is no key before the value");
            else given.add(new Given(Given.Source.FILE, key, one.getProperty(key).strip(), from));
        }
    }

    private static List<String> lines(Path file) {
        try {
            if (Files.isDirectory(file)) throw new ConfigProblem(List.of(file
                    + " is a directory, not a file"));
            if (Files.size(file) > BYTES_MAX) {
                throw new ConfigProblem(List.of(file + " is larger than 1 MiB: is it the right file?"));
            }
            return Files.readAllLines(file, StandardCharsets.UTF_8);
        } catch (NoSuchFileException missing) {
            throw new ConfigProblem(List.of("there is no file " + file));
        } catch (MalformedInputException binary) {
            throw new ConfigProblem(List.of(file + " is not text in UTF-8"));
        } catch (IOException failure) {
            throw new ConfigProblem(List.of(file + " cannot be read: " + failure.getMessage()));
        }
    }

    private static boolean isComment(String line) {
        String text = line.strip();
        return text.isEmpty() || text.startsWith("#") || text.startsWith("!");
    }

    /** Ends in an odd number of backslashes. */
    private static boolean isContinued(String line) {
        int count = 0;
        while (count < line.length() && line.charAt(line.length() - 1 - count) == '\\') count++;
        return count % 2 == 1;
    }
}
