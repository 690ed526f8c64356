package io.semel.examples.flights;

import java.util.regex.Pattern;

/**
 * Turns the text of columns into values; an IllegalArgumentException names the column and shows the text.
 * Stateless.
 */
final class Columns {

    private static final Pattern AIRPORT_CODE = Pattern.compile("[A-Z0-9]{3,4}");
    private static final int SHOWN_MAX = 40;

    private Columns() { }

    static int wholeNumber(String column, String text) {
        try {
            return Integer.parseInt(text);
        } catch (NumberFormatException no) {
            throw refuse(column, "a whole number", text);
        }
    }

    static double number(String column, String text) {
        try {
            return Double.parseDouble(text);
        } catch (NumberFormatException no) {
            throw refuse(column, "a number", text);
        }
    }

    static String airportCode(String column, String text) {
        if (!AIRPORT_CODE.matcher(text).matches()) throw refuse(column, "an airport code", text);
        return text;
    }

    static IllegalArgumentException refuse(String column, String wanted, String text) {
        String shown = text.length() > SHOWN_MAX ? text.substring(0, SHOWN_MAX) + "..." : text;
        return new IllegalArgumentException(column + " is not " + wanted + ": '" + shown + "'");
    }
}
