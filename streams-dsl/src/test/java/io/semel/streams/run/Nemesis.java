package io.semel.streams.run;

import java.util.SplittableRandom;
import java.util.function.Consumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.TimeoutException;

/**
 * Strikes before and after each protocol step of one host: crash, lost request or answer, fencing, lost
 * membership.
 */
final class Nemesis {
    /** The process is gone: nothing of the host runs any more, nothing is closed. */
    static final class Crash extends Error {
        private static final long serialVersionUID = 1L;

        Crash(String step) {
            super(step, null, false, false);
        }
    }

    private final SplittableRandom random;
    private final Consumer<String> onStrike;
    private final Runnable fence;
    private final Runnable evict;
    private int oneIn;
    private boolean dead;

    /** Strikes about once in {@code oneIn} steps; 0 is never. */
    Nemesis(SplittableRandom random, int oneIn, Consumer<String> onStrike, Runnable fence, Runnable evict) {
        this.random = random;
        this.oneIn = oneIn;
        this.onStrike = onStrike;
        this.fence = fence;
        this.evict = evict;
    }

    void rest() {
        oneIn = 0;
    }

    void strike(String step) {
        if (dead) {
            throw new Crash(step);
        }
        if (oneIn == 0 || random.nextInt(oneIn) != 0) {
            return;
        }
        switch (random.nextInt(5)) {
            case 0 -> {
                onStrike.accept("crash at " + step);
                dead = true;
                throw new Crash(step);
            }
            case 1 -> {
                onStrike.accept("timeout at " + step);
                throw new TimeoutException(step);
            }
            case 2 -> {
                onStrike.accept("disconnect at " + step);
                throw new KafkaException("disconnected at " + step);
            }
            case 3 -> {
                onStrike.accept("fence at " + step);
                fence.run();
            }
            default -> {
                onStrike.accept("evict at " + step);
                evict.run();
            }
        }
    }
}
