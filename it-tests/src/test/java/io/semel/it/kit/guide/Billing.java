package io.semel.it.kit.guide;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;

/** A service as users have it: one bill for each order, exactly once. Used by one thread. */
// guide: service
final class Billing {
    private final Supplier<Consumer<String, String>> consumers;
    private final Supplier<Producer<String, String>> producers;

    Billing(Supplier<Consumer<String, String>> consumers, Supplier<Producer<String, String>> producers) {
        this.consumers = consumers;
        this.producers = producers;
    }

    void run(BooleanSupplier goesOn) {
        while (goesOn.getAsBoolean()) {
            try (Consumer<String, String> consumer = consumers.get();
                    Producer<String, String> producer = producers.get()) {
                producer.initTransactions();
                consumer.subscribe(List.of("orders"));
                while (goesOn.getAsBoolean()) bill(consumer, producer);
            } catch (KafkaException broken) {
                // whatever it was: new clients begin where the last committed transaction ended
            }
        }
    }

    private void bill(Consumer<String, String> consumer, Producer<String, String> producer) {
        ConsumerRecords<String, String> orders = consumer.poll(Duration.ofMillis(100));
        if (orders.isEmpty()) return;
        Map<TopicPartition, OffsetAndMetadata> offsets = new HashMap<>();
        producer.beginTransaction();
        for (ConsumerRecord<String, String> order : orders) {
            producer.send(new ProducerRecord<>("bills", order.key(), "bill for " + order.value()));
            offsets.put(new TopicPartition(order.topic(), order.partition()),
                    new OffsetAndMetadata(order.offset() + 1));
        }
        producer.sendOffsetsToTransaction(offsets, consumer.groupMetadata());
        producer.commitTransaction();
    }
}
// end
