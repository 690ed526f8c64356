package io.semel.rival;

/**
 * The Apache Kafka process could not be started, reached or ended; the message ends with the last lines of
 * its log.
 */
public final class RivalFailure extends RuntimeException {

    RivalFailure(String message) {
        super(message);
    }

    RivalFailure(String message, Throwable cause) {
        super(message, cause);
    }
}
