package io.semel.bench.turns;

/**
 * One kind of number that a workload gives for each turn. Immutable.
 *
 * @param name     with its unit, as a table's head
 * @param decimals how many to print
 * @param more     whether a larger one is better
 */
public record Figure(String name, int decimals, boolean more) {
    /** Something a second, or another number of which more is better. */
    public static Figure rate(String name, int decimals) {
        return new Figure(name, decimals, true);
    }

    /** A time, or another cost. */
    public static Figure cost(String name, int decimals) {
        return new Figure(name, decimals, false);
    }

    /** How many times better {@code ours} is than {@code theirs}. */
    public double advantage(double ours, double theirs) {
        return more ? ours / theirs : theirs / ours;
    }
}
