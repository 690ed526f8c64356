package io.semel.streams.task;

import org.apache.kafka.common.KafkaException;

/**
 * Judges a topic that a program chose record by record, which nobody could look for at the start. Called by
 * the task's thread.
 */
public interface ChosenTopics {
    /** For where every topic will do. */
    ChosenTopics ANY = topic -> { };

    /**
     * Returns if records may be sent there. Throws {@link IllegalArgumentException} with the reason if not,
     * which is then the step's refusal of its record; {@link Unanswered} if the cluster does not say.
     */
    void require(String topic);

    /** Nothing is known about a topic now; no fault of the record. */
    final class Unanswered extends KafkaException {
        private static final long serialVersionUID = 1L;

        public Unanswered(String topic, Throwable cause) {
            super("whether topic '" + topic + "' exists is not known: " + cause, cause);
        }
    }
}
