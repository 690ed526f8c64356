package io.semel.streams.topology;

import io.semel.streams.Store;
import io.semel.streams.Topic;

/** What a step may do with the world: pass on, send, remember. Valid only during the call it is given to. */
public interface Out {
    /** Hands {@code rec} to every step below this one. */
    void forward(Rec rec);

    /** Sends {@code rec} to {@code topic} in the transaction of this batch, partitioned by its key. */
    void send(Topic<?, ?> topic, Rec rec);

    /** The named store of this task. */
    <K, V> KeyedState<K, V> store(Store<K, V> store);

    /** Counts a record that cannot take part (no key, or no value where one is needed). */
    void skip();
}
