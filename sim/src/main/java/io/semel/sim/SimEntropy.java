package io.semel.sim;

import io.semel.kernel.world.Entropy;

/**
 * Random numbers from the run's seed: the same ids in every run of a seed, new ones in every life. One
 * thread.
 */
final class SimEntropy implements Entropy {
    private final Dice dice;

    SimEntropy(Dice dice) {
        this.dice = dice;
    }

    @Override
    public long nextLong() {
        return dice.nextLong();
    }
}
