package io.semel.broker.net;

import java.nio.ByteBuffer;

/**
 * One client's connection as the engine sees it. Called by the thread that carries it, in
 * order.
 */
public interface Session {
    /**
     * A whole frame, without its size; big-endian, handed over.
     *
     * @param consumed to be run once, from any thread, when the frame's bytes are no longer needed: gives
     * back its memory budget
     */
    void receive(ByteBuffer frame, Runnable consumed);

    /** The connection is gone. Nothing follows. */
    void closed();
}
