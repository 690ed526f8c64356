package io.semel.broker.cli;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code ./semel produce}: a record for each line of standard input. One thread. */
@Command(name = "semel produce", mixinStandardHelpOptions = true, sortOptions = false,
        description = "Writes a record for each line that it reads; done when every one is acknowledged.",
        footer = {"", "Examples:", "  echo hello | ./semel produce greetings",
                "  ./semel produce orders -K: < orders.txt          lines are KEY:VALUE",
                "  seq 1000 | ./semel produce numbers -z zstd --transaction     all of them or none"})
public final class ProduceMain implements Callable<Integer> {
    /** So many are on their way before the oldest is waited for. */
    private static final int UNDER_WAY_MAX = 10_000;

    @Spec
    private CommandSpec spec;

    @Mixin
    private Connecting connecting;

    @Parameters(paramLabel = "TOPIC")
    private String topic;

    @Option(names = {"-K", "--key-separator"}, paramLabel = "TEXT",
            description = "What stands before the first of it is the key.")
    private String separator;

    @Option(names = {"-k", "--key"}, paramLabel = "KEY", description = "The key of every record.")
    private String key;

    @Option(names = {"-p", "--partition"}, paramLabel = "N", description = "Unless given, the key decides.")
    private Integer partition;

    @Option(names = {"-H", "--header"}, paramLabel = "KEY=VALUE", description = "May be given several times.")
    private Map<String, String> headers = new LinkedHashMap<>();

    @Option(names = {"-z", "--compression"}, paramLabel = "CODEC", defaultValue = "none",
            description = "none, gzip, snappy, lz4 or zstd.")
    private String codec;

    @Option(names = {"-Z", "--null"}, description =
            "An empty line is a record without a value (a tombstone).")
    private boolean emptyIsNull;

    @Option(names = "--transaction", description = "All of them in one transaction.")
    private boolean transaction;

    @Option(names = "--json", description = "A line of JSON for each record: its partition and offset.")
    private boolean json;

    public static void main(String[] arguments) {
        Commands.main(commandLine(), arguments);
    }

    /** The command, ready to execute; prints to what picocli is given, reads standard input. */
    public static CommandLine commandLine() {
        return Commands.of(new ProduceMain());
    }

    @Override
    public Integer call() {
        if (key != null && separator != null) throw new IllegalArgumentException("-k or -K, not both");
        long count;
        try (KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(settings(),
                new ByteArraySerializer(),
                new ByteArraySerializer())) {
            reach(producer);
            if (transaction) producer.initTransactions();
            if (transaction) producer.beginTransaction();
            try {
                count = sendAll(producer);
            } catch (RuntimeException failed) {
                if (transaction) producer.abortTransaction();
                throw failed;
            }
            if (transaction) producer.commitTransaction();
        }
        spec.commandLine().getErr().println(count + " record(s) written to " + topic);
        return 0;
    }

    /** Waits for the topic once, instead of with every line. */
    private void reach(KafkaProducer<byte[], byte[]> producer) {
        try {
            producer.partitionsFor(topic);
        } catch (TimeoutException silent) {
            throw new IllegalStateException("no broker answers at " + connecting.bootstrap()
                    + ", or it has no topic " + topic + " and makes none by itself.", silent);
        }
    }

    private Map<String, Object> settings() {
        Map<String, Object> settings = new LinkedHashMap<>();
        settings.put("bootstrap.servers", connecting.bootstrap());
        settings.put("compression.type", codec);
        settings.put("linger.ms", 5);
        settings.put("max.block.ms", 10_000);
        settings.put("delivery.timeout.ms", 30_000);
        settings.put("request.timeout.ms", 10_000);
        if (transaction) settings.put("transactional.id", "semel-produce-" + ProcessHandle.current().pid()
                + "-"
                + System.nanoTime());
        return settings;
    }

    private long sendAll(KafkaProducer<byte[], byte[]> producer) {
        List<Future<RecordMetadata>> underWay = new ArrayList<>();
        long count = 0;
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(System.in,
                StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                Future<RecordMetadata> sent = producer.send(record(line));
                underWay.add(sent);
                count++;
                // what is done so soon has mostly failed: the next line would fail as slowly
                if (sent.isDone() || underWay.size() >= UNDER_WAY_MAX) await(underWay);
            }
        } catch (IOException failure) {
            throw new UncheckedIOException("standard input cannot be read: " + failure.getMessage(), failure);
        }
        producer.flush();
        await(underWay);
        return count;
    }

    private ProducerRecord<byte[], byte[]> record(String line) {
        String name = key;
        String value = line;
        int at = separator == null ? -1 : line.indexOf(separator);
        if (at >= 0) {
            name = line.substring(0, at);
            value = line.substring(at + separator.length());
        }
        byte[] bytes = emptyIsNull && value.isEmpty() ? null : value.getBytes(StandardCharsets.UTF_8);
        ProducerRecord<byte[], byte[]> record = new ProducerRecord<>(topic, partition,
                name == null ? null : name.getBytes(StandardCharsets.UTF_8), bytes);
        headers.forEach((header, text) -> record.headers().add(header,
                text.getBytes(StandardCharsets.UTF_8)));
        return record;
    }

    private void await(List<Future<RecordMetadata>> underWay) {
        for (Future<RecordMetadata> one : underWay) {
            try {
                RecordMetadata written = one.get();
                if (!json) continue;
                Map<String, Object> told = new LinkedHashMap<>();
                told.put("topic", topic);
                told.put("partition", written.partition());
                told.put("offset", written.offset());
                spec.commandLine().getOut().println(Json.of(told));
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException("interrupted", interrupted);
            } catch (ExecutionException failure) {
                throw new IllegalStateException("not written: " + failure.getCause().getMessage(), failure);
            }
        }
        underWay.clear();
    }
}
