package io.semel.it.kit.history;

/** The input record an output was made of, written {@code topic/3@41}. Immutable. */
public record Source(Place place, long offset) {
    /** A record with this header tells which input it was made of; its value is this type's text in UTF-8. */
    public static final String HEADER = "semel-from";

    /** @throws IllegalArgumentException not of the form {@code topic/3@41} */
    public static Source parse(String text) {
        int at = text.lastIndexOf('@');
        if (at < 0) throw new IllegalArgumentException("not a record (topic/3@41): " + text);
        try {
            return new Source(Place.parse(text.substring(0, at)), Long.parseLong(text.substring(at + 1)));
        } catch (NumberFormatException wrong) {
            throw new IllegalArgumentException("not a record (topic/3@41): " + text, wrong);
        }
    }

    @Override
    public String toString() {
        return place + "@" + offset;
    }
}
