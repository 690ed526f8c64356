package io.semel.examples.demo;

import io.semel.examples.flights.Airport;
import io.semel.examples.flights.FlightDelays;
import io.semel.streams.Topic;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;

/** Creates the program's topics and fills the table of airports. Stateless. */
final class Topics {

    static final int PARTITIONS = 4;

    private Topics() { }

    static void create(Map<String, Object> client) {
        List<NewTopic> topics = Stream.of(FlightDelays.FLIGHTS, FlightDelays.AIRPORTS, FlightDelays.DELAYS)
            .map(topic -> new NewTopic(topic.name(), Optional.of(PARTITIONS), Optional.empty())).toList();
        try (Admin admin = Admin.create(client)) {
            admin.createTopics(topics).all().get();
        } catch (ExecutionException refused) {
            throw new DemoFailure("topics cannot be created: " + refused.getCause(), refused.getCause());
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new DemoFailure("interrupted", interrupted);
        }
    }

    static void fill(Map<String, Object> client, Map<String, Airport> airports) {
        Topic<String, Airport> topic = FlightDelays.AIRPORTS;
        AtomicReference<Exception> failure = new AtomicReference<>();
        try (var producer = new KafkaProducer<>(
                client, topic.keySerde().serializer(), topic.valueSerde().serializer())) {
            airports.forEach((code, airport) ->
                producer.send(new ProducerRecord<>(topic.name(), code, airport), (metadata, failed) -> {
                    if (failed != null) failure.set(failed);
                }));
        }
        if (failure.get() != null) throw new DemoFailure("no airports: " + failure.get(), failure.get());
    }
}
