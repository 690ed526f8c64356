package io.semel.broker.partition;

import io.semel.kernel.lane.Lane;
import io.semel.wire.topic.TopicPartition;
import java.util.function.Consumer;

/** Writes down where logs start, before any reader is told. Any lane. */
public interface StartKeeping {
    /** Durable once {@code then} is called on {@code home} with null; with the problem when it may not be. */
    void keep(TopicPartition name, long start, Lane home, Consumer<Throwable> then);
}
