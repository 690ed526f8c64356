package io.semel.bench.contender;

import io.semel.rival.RivalKafka;
import java.nio.file.Path;
import java.util.Map;

/**
 * Apache Kafka from Maven Central, with given settings over sane ones for one broker. Used by the thread that
 * started it.
 */
public final class KafkaContender implements Contender {
    /** What takes most of the waiting out of Kafka's transactions. */
    public static final Map<String, String> TUNED = Map.of("add.partitions.to.txn.retry.backoff.ms", "1",
            "broker.session.timeout.ms", "1000", "broker.heartbeat.interval.ms", "200");
    /** What makes Kafka force every batch before it answers, as we do. */
    public static final Map<String, String> FLUSHED = Map.of("log.flush.interval.messages", "1");

    private final String name;
    private final RivalKafka kafka;

    private KafkaContender(String name, RivalKafka kafka) {
        this.name = name;
        this.kafka = kafka;
    }

    public static KafkaContender start(String name, Path directory, Map<String, String> settings) {
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
    public void kill9() {
        kafka.kill9();
    }

    @Override
    public void restart() {
        kafka.restart();
    }

    @Override
    public void close() {
        kafka.close();
    }
}
