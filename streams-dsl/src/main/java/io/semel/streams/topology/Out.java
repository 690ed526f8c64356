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

    /**
     * Hands on what time, not the record at hand, has made. If a step below refuses it and recovers, it alone
     * becomes a dead letter.
     */
    void emit(Rec rec);

    /** Does something that time, not the record at hand, is the cause of; recovers on its own, as above. */
    void apart(Runnable work);

    /** Sends a change of a table: {@link #send} with the value it takes the place of in a header. */
    void sendChange(Topic<?, ?> topic, Rec rec);

    /**
     * Keeps a change of a table back until the transaction is closed, in place of an earlier one of its key:
     * then it goes on, with what was before the earlier one as its old value, unless nothing was and nothing
     * is. If a step below refuses it then and recovers, it alone becomes a dead letter.
     */
    void hold(Rec rec);

    /** The change of {@code key} that the step of node {@code node} holds back in this task, or null. */
    Rec held(int node, Object key);

    /** The clock at the beginning of this turn, in milliseconds since the epoch. */
    long wallMs();

    /** Counts a record that cannot take part (no key, or no value where one is needed). */
    void skip();
}
