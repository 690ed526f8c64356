package io.semel.streams.run;

import io.semel.streams.StreamsError;
import java.util.Optional;

/** Hears every change of state with its reason. Called on the thread that changed it; must not block. */
@FunctionalInterface
public interface StateListener {
    void changed(RunState before, RunState now, Optional<StreamsError> why);
}
