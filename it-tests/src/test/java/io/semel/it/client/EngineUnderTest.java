package io.semel.it.client;

import io.semel.broker.Engine;
import io.semel.broker.config.EngineConfig;
import io.semel.rival.RivalKafka;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Assumptions;

/**
 * An engine in this JVM on a directory of its own, which is deleted with it. With {@code
 * -Dsemel.against=kafka} an Apache Kafka in a process of its own stands in its place, so that the same tests
 * say whether it is Kafka's contract that they hold us to.
 */
public final class EngineUnderTest implements AutoCloseable {
    private static final boolean KAFKA = "kafka".equals(System.getProperty("semel.against"));

    private final Path directory;
    private final RivalKafka kafka;
    private Engine engine;

    private EngineUnderTest(Path directory) {
        this.directory = directory;
        this.kafka = KAFKA ? warm(RivalKafka.start(directory, Map.of())) : null;
        this.engine = KAFKA ? null : Engine.start(EngineConfig.in(directory, "127.0.0.1", 0));
    }

    /** Apache Kafka makes its internal topics when somebody asks for a coordinator; raw tests never do. */
    private static RivalKafka warm(RivalKafka kafka) {
        Clients clients = new Clients(kafka.bootstrap());
        clients.createTopic("warm", 1);
        try (KafkaProducer<String, String> producer = clients.transactional("warm");
             KafkaConsumer<String, String> consumer = clients.consumer(Map.of("group.id", "warm"))) {
            producer.beginTransaction();
            producer.sendOffsetsToTransaction(Map.of(new TopicPartition("warm", 0),
                    new OffsetAndMetadata(0)), consumer.groupMetadata());
            producer.commitTransaction();
        }
        return kafka;
    }

    public static EngineUnderTest inProcess() {
        try {
            return new EngineUnderTest(Files.createTempDirectory("semel-it"));
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /** Whether it is Apache Kafka, where we differ from it on purpose. */
    public static boolean isKafka() {
        return KAFKA;
    }

    public String bootstrap() {
        return KAFKA ? kafka.bootstrap() : engine.bootstrap();
    }

    /** Ours; whoever asks for it is not run against Apache Kafka. */
    Engine engine() {
        Assumptions.assumeFalse(KAFKA, "looks behind the protocol");
        return engine;
    }

    public Path directory() {
        Assumptions.assumeFalse(KAFKA, "looks into the directory");
        return directory;
    }

    public void restart() {
        if (KAFKA) {
            kafka.restart();
            return;
        }
        engine.close();
        engine = Engine.start(EngineConfig.in(directory, "127.0.0.1", 0));
    }

    @Override
    public void close() {
        if (KAFKA) kafka.close();
        else engine.close();
        delete(directory);
    }

    public static void delete(Path directory) {
        try (Stream<Path> files = Files.walk(directory)) {
            files.sorted(Comparator.reverseOrder()).forEach(file -> file.toFile().delete());
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
