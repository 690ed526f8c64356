package io.semel.broker.net;

import io.semel.wire.message.Reply;

/** The way back to one client. Any thread; replies leave in the order sent. */
public interface ReplyPort {
    /** Writes the reply and then releases it; releases it at once when the connection is gone. */
    void send(Reply reply);

    void close();

    /** Closes it with a line in the log about why, of which a flood leaves most out. */
    default void close(String reason) {
        close();
    }

    /** Stops or resumes reading from this client. */
    void pauseReading(boolean paused);
}
