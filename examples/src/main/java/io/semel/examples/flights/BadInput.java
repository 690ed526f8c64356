package io.semel.examples.flights;

import java.nio.file.Path;

/**
 * An input file that is missing, unreadable or not what it should be; the message names the file and the
 * line.
 */
public final class BadInput extends RuntimeException {

    private static final long serialVersionUID = 1;

    public BadInput(String message) {
        super(message);
    }

    static BadInput at(Path file, long line, String what) {
        return new BadInput(file + ", line " + line + ": " + what);
    }
}
