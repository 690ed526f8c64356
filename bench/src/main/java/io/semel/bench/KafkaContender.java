package io.semel.bench;

import io.semel.rival.RivalKafka;
import java.nio.file.Path;
import java.util.Map;

/** Apache Kafka from Maven Central, with given settings over sane ones for one broker. */
final class KafkaContender implements Contender {
    /** What takes most of the waiting out of Kafka's transactions. */
    static final Map<String, String> TUNED = Map.of("add.partitions.to.txn.retry.backoff.ms", "1",
            "broker.session.timeout.ms", "1000", "broker.heartbeat.interval.ms", "200");

    private final String name;
    private final RivalKafka kafka;

    private KafkaContender(String name, RivalKafka kafka) {
        this.name = name;
        this.kafka = kafka;
    }

    static KafkaContender start(String name, Path directory, Map<String, String> settings) {
        return new KafkaContender(name, RivalKafka.start(directory, settings));
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public String bootstrap() {
        return kafka.bootstrap();
    }

    @Override
    public long pid() {
        return kafka.pid();
    }

    @Override
    public void close() {
        kafka.close();
    }
}
