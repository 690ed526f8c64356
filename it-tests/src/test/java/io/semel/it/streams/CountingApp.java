package io.semel.it.streams;

import static io.semel.streams.dsl.Via.via;

import io.semel.streams.Serdes;
import io.semel.streams.Store;
import io.semel.streams.Topic;
import io.semel.streams.dsl.Table;
import io.semel.streams.dsl.Topology;
import io.semel.streams.run.Running;
import io.semel.streams.run.StreamsConfig;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringSerializer;

/**
 * Sums amounts by name through a repartition topic, joined with a table; runs in a process that can be
 * killed.
 */
final class CountingApp {
    final Topic<String, String> events;
    final Topic<String, String> names;
    final Topic<String, String> sums;
    private final Topic<String, String> byName;
    private final Store<String, Long> sum = Store.keyed("sum", Serdes.string(), Serdes.int64());
    private final String name;

    /** An application of its own, with topics of its own, so that stories can share a broker. */
    CountingApp(String name) {
        this.name = name;
        this.events = Topic.of(name + "-events", Serdes.string(), Serdes.string());
        this.names = Topic.of(name + "-names", Serdes.string(), Serdes.string());
        this.sums = Topic.of(name + "-sums", Serdes.string(), Serdes.string());
        this.byName = Topic.of(name + "-events-by-name", Serdes.string(), Serdes.string());
    }

    Topology topology() {
        return Topology.of(name, s -> {
            Table<String, String> table = s.table(names);
            s.from(events)
                    .rekey(event -> event.substring(0, event.indexOf(':')), via(byName))
                    .aggregate(sum, () -> 0L, (all, event) -> all
                    + Long.parseLong(event.substring(event.indexOf(':') + 1)))
                    .toStream()
                    .join(table, (all, found) -> found + "=" + all)
                    .to(sums);
        });
    }

    /** Its topics, of two partitions each, and a row for each of {@code names} in its table. */
    void prepare(String bootstrap, int names) throws Exception {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", bootstrap));
                KafkaProducer<String, String> producer = new KafkaProducer<>(
                        Map.of("bootstrap.servers", bootstrap), new StringSerializer(),
                        new StringSerializer())) {
            admin.createTopics(Stream.of(events, this.names, sums).map(topic ->
                    new NewTopic(topic.name(), 2, (short) 1)).toList()).all().get();
            for (int each = 0; each < names; each++) {
                producer.send(new ProducerRecord<>(this.names.name(), "k" + each, "name")).get();
            }
        }
    }

    /** In a process of its own, with state and log in {@code directory}; {@code flags} are the JVM's. */
    Process launch(String bootstrap, Path directory, String... flags) throws IOException {
        List<String> command = new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin",
                "java").toString(), "-Xmx256m", "-XX:+UseSerialGC",
                "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn"));
        command.addAll(List.of(flags));
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), CountingApp.class.getName(),
                name, bootstrap, directory.resolve("state").toString()));
        return new ProcessBuilder(command).redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(directory.resolve("app.log").toFile()))
                .start();
    }

    /** Arguments: name, bootstrap servers, state directory. Ends when killed. */
    public static void main(String[] args) throws InterruptedException {
        StreamsConfig config = StreamsConfig.of(args[1]).stateDir(Path.of(args[2])).threads(2);
        try (Running running = new CountingApp(args[0]).topology().start(config)) {
            running.await();
        }
    }
}
