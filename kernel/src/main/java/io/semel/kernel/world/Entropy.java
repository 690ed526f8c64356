package io.semel.kernel.world;

/**
 * Where random numbers come from: topic ids, member ids. Any thread in the real world; one thread in the
 * simulated one.
 */
public interface Entropy {
    long nextLong();
}
