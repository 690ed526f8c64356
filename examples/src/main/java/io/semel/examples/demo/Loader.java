package io.semel.examples.demo;

import io.semel.examples.flights.Flight;
import io.semel.examples.flights.FlightDelays;
import io.semel.examples.flights.FlightsFile;
import io.semel.streams.Topic;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;

/**
 * Sends the flights of a file through an idempotent producer, on a thread of its own, no further than
 * allowed, and on through restarts of the broker. Its counters may be read by any thread.
 */
final class Loader implements AutoCloseable {

    private final FlightsFile file;
    private final Map<String, Object> client;
    private final Allowance allowance = new Allowance();
    private final AtomicLong acknowledged = new AtomicLong();
    private final AtomicReference<Throwable> failure = new AtomicReference<>();
    private final Thread thread = new Thread(this::load, "loader");

    Loader(FlightsFile file, Map<String, Object> client) {
        this.file = file;
        this.client = client;
        thread.setDaemon(true);
    }

    void start() {
        thread.start();
    }

    void allow(long count) {
        allowance.raiseTo(count);
    }

    /** Flights that the broker has acknowledged to be durable. */
    long acknowledged() {
        return acknowledged.get();
    }

    void check() {
        if (failure.get() != null) throw new DemoFailure("loading failed: " + failure.get(), failure.get());
    }

    @Override
    public void close() {
        allowance.close();
        thread.interrupt();
    }

    private void load() {
        Topic<String, Flight> topic = FlightDelays.FLIGHTS;
        try (var producer = new KafkaProducer<>(
                client, topic.keySerde().serializer(), topic.valueSerde().serializer())) {
            long[] sent = {0};
            file.forEach(flight -> {
                if (mayStillSend(++sent[0])) send(producer, flight);
            });
        } catch (RuntimeException failed) {
            failure.compareAndSet(null, failed);
        }
    }

    private boolean mayStillSend(long count) {
        try {
            return allowance.await(count);
        } catch (InterruptedException closed) {
            allowance.close();
            return false;
        }
    }

    private void send(KafkaProducer<String, Flight> producer, Flight flight) {
        String key = Long.toString(flight.line());
        producer.send(new ProducerRecord<>(FlightDelays.FLIGHTS.name(), key, flight), (metadata, failed) -> {
            if (failed == null) {
                acknowledged.incrementAndGet();
            } else {
                failure.compareAndSet(null, failed);
            }
        });
    }
}
