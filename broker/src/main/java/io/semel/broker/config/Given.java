package io.semel.broker.config;

/**
 * A setting as somebody gave it. Immutable.
 *
 * @param from where it stands, as the user would look for it: {@code server.properties:12}, the name of an
 *             environment variable, a flag
 */
public record Given(Source source, String key, String value, String from) {
    /** The weakest first. */
    public enum Source { FILE, ENVIRONMENT, FLAG }

    /** What is wrong with it, with the place in front. */
    String told(String problem) {
        return from + ": " + problem;
    }

    Given as(String otherKey, String otherValue) {
        return new Given(source, otherKey, otherValue, from);
    }
}
