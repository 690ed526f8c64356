package io.semel.it.kit.work;

import java.time.Duration;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.KafkaException;

/** Ends clients that may have failed already. Stateless. */
final class Closing {
    private Closing() {
    }

    /** At once: an open transaction stays open. */
    static void drop(Producer<?, ?> producer) {
        quietly(() -> producer.close(Duration.ZERO));
    }

    /** At once; by the method that every version of kafka-clients has. */
    @SuppressWarnings("deprecation")
    static void drop(Consumer<?, ?> consumer) {
        quietly(() -> consumer.close(Duration.ZERO));
    }

    static void quietly(Runnable close) {
        try {
            close.run();
        } catch (KafkaException failed) {
            // it is dropped because it failed; that its end fails too tells nothing new
        }
    }
}
