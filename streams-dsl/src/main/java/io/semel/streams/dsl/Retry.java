package io.semel.streams.dsl;

/** How often a step is tried again with a record it has refused, at once. An immutable value. */
public record Retry(int times) {
    public Retry {
        if (times < 0) {
            throw new IllegalArgumentException("retry(" + times + ") is below 0");
        }
    }

    public static Retry retry(int times) {
        return new Retry(times);
    }
}
