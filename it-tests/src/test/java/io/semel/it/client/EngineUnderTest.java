package io.semel.it.client;

import com.sun.tools.attach.VirtualMachine;
import io.semel.broker.Engine;
import io.semel.broker.config.BrokerConfig;
import io.semel.broker.config.EngineConfig;
import io.semel.rival.RivalKafka;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import javax.management.ObjectName;
import javax.management.remote.JMXConnector;
import javax.management.remote.JMXConnectorFactory;
import javax.management.remote.JMXServiceURL;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.FeatureUpdate;
import org.apache.kafka.clients.admin.FeatureUpdate.UpgradeType;
import org.apache.kafka.clients.admin.UpdateFeaturesOptions;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.common.TopicPartition;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Assumptions;

/**
 * An engine in this JVM on a directory of its own, which is deleted with it. With {@code
 * -Dsemel.against=kafka} an Apache Kafka in a process of its own stands in its place, so that the same tests
 * say whether it is Kafka's contract that they hold us to.
 */
public final class EngineUnderTest implements AutoCloseable {
    private static final boolean KAFKA = "kafka".equals(System.getProperty("semel.against"));

    /** A busy machine keeps Apache Kafka from its heartbeat for so long that it would be fenced. */
    static final Map<String, String> PATIENT = Map.of("broker.session.timeout.ms", "6000");

    private final Path directory;
    private final Map<String, String> settings;
    private final RivalKafka kafka;
    private Engine engine;

    private EngineUnderTest(Path directory, Map<String, String> settings, Map<String, String> ofKafka) {
        this.directory = directory;
        this.settings = new TreeMap<>(settings);
        Map<String, String> all = new TreeMap<>(PATIENT);
        all.putAll(settings);
        all.putAll(ofKafka);
        this.kafka = KAFKA ? warm(RivalKafka.start(directory, all)) : null;
        this.engine = KAFKA ? null : start(0);
    }

    private Engine start(int port) {
        return Engine.start(EngineConfig.in(directory, "127.0.0.1", port),
                BrokerConfig.defaults("127.0.0.1", port).with(settings));
    }

    /** Apache Kafka makes its internal topics when somebody asks for a coordinator; raw tests never do. */
    static RivalKafka warm(RivalKafka kafka) {
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
        return with(Map.of());
    }

    /** @param settings of the broker, under the names that Apache Kafka has for them too */
    public static EngineUnderTest with(Map<String, String> settings) {
        return with(settings, Map.of());
    }

    /** @param ofKafka what Apache Kafka alone has to be told, such as how often it looks at its clock */
    public static EngineUnderTest with(Map<String, String> settings, Map<String, String> ofKafka) {
        try {
            return new EngineUnderTest(Files.createTempDirectory("semel-it"), settings, ofKafka);
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
        engine = start(0);
    }

    /** Restarts where clients that live find it again. */
    void restartInPlace() {
        if (KAFKA) {
            kafka.restart();
            return;
        }
        int port = engine.port();
        engine.close();
        engine = start(port);
    }

    /** Stops, deletes a partition's files of these kinds, starts again. */
    public void restartWithout(String topicPartition, List<String> suffixes) {
        if (KAFKA) kafka.close();
        else engine.close();
        for (String suffix : suffixes) {
            for (Path file : filesOf(topicPartition, suffix)) file.toFile().delete();
        }
        if (KAFKA) kafka.restart();
        else engine = start(0);
    }

    /**
     * Changes the level of the feature while clients live. Apache Kafka is told by Admin, and starts anew as
     * ours does: clients ask for features when they connect.
     */
    void finalizeTransactionVersion(int level) throws Exception {
        if (!KAFKA) {
            int port = engine.port();
            engine.close();
            settings.put("semel.transaction.version", Integer.toString(level));
            engine = start(port);
            return;
        }
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", bootstrap()))) {
            admin.updateFeatures(Map.of("transaction.version", new FeatureUpdate((short) level,
                    level < 2 ? UpgradeType.SAFE_DOWNGRADE : UpgradeType.UPGRADE)),
                    new UpdateFeaturesOptions()).all().get();
            Awaitility.await().until(() -> admin.describeFeatures().featureMetadata().get()
                    .finalizedFeatures().containsKey("transaction.version") == level > 0);
        }
        kafka.restart();
    }

    /** The gauge of that name, Apache Kafka's or ours. */
    int partitionsWithLateTransactions() throws Exception {
        if (!KAFKA) {
            ObjectName name = new ObjectName("io.semel:type=Transactions,listener="
                    + ObjectName.quote(bootstrap()));
            return (Integer) ManagementFactory.getPlatformMBeanServer().getAttribute(name,
                    "PartitionsWithLateTransactionsCount");
        }
        VirtualMachine process = VirtualMachine.attach(Long.toString(kafka.pid()));
        try (JMXConnector connector = JMXConnectorFactory.connect(
                new JMXServiceURL(process.startLocalManagementAgent()))) {
            return (Integer) connector.getMBeanServerConnection().getAttribute(new ObjectName(
                    "kafka.server:type=ReplicaManager,name=PartitionsWithLateTransactionsCount"), "Value");
        } finally {
            process.detach();
        }
    }

    /** The files of one kind of a partition; a broker has its partitions a directory or two below its own. */
    public List<Path> filesOf(String topicPartition, String suffix) {
        try (Stream<Path> files = Files.walk(directory)) {
            return files.filter(file -> file.getParent().endsWith(topicPartition))
                    .filter(file -> file.toString().endsWith(suffix)).toList();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
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
