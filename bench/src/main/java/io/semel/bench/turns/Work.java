package io.semel.bench.turns;

import java.time.Duration;
import java.util.Map;

/** A workload that is set up against one contender. Used by one thread. */
public interface Work extends AutoCloseable {
    /** Works for about as long as it is told, and gives what is measured of it. */
    Map<Figure, Double> run(Duration howLong);

    @Override
    void close();
}
