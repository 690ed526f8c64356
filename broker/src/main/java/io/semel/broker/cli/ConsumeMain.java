package io.semel.broker.cli;

import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code ./semel consume}: a line for each record. One thread. */
@Command(name = "semel consume", mixinStandardHelpOptions = true, sortOptions = false,
        description = "Prints the records of a topic, as they come, until it is stopped.",
        footer = {"", "Examples:", "  ./semel consume greetings -e              what there is, then the end",
                "  ./semel consume orders -o end -f '%%k %%s\\n'   only what comes, with keys",
                "  ./semel consume orders -o -10 -e --json",
                "  ./semel consume orders -g billing -c 100     in a group, which remembers how far", "",
                "Format: %%t topic, %%p partition, %%o offset, %%T time stamp in ms, %%k key, %%s value,",
                "        %%h headers, \\n and \\t."})
public final class ConsumeMain implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Mixin
    private Connecting connecting;

    @Parameters(paramLabel = "TOPIC")
    private String topic;

    @Option(names = {"-o", "--offset"}, paramLabel = "WHERE", defaultValue = "beginning",
            description = "beginning, end, an offset, or -N for the last N of each partition.")
    private String from;

    @Option(names = {"-p", "--partition"}, paramLabel = "N", description = "Only this one.")
    private Integer partition;

    @Option(names = {"-c", "--count"}, paramLabel = "N", description = "Ends after so many.")
    private long count = Long.MAX_VALUE;

    @Option(names = {"-e", "--exit"}, description = "Ends at the end of what is there.")
    private boolean exitAtEnd;

    @Option(names = {"-g", "--group"}, paramLabel = "GROUP",
            description = "As a member of a group; what was printed is committed.")
    private String group;

    @Option(names = {"-f", "--format"}, paramLabel = "FORMAT", defaultValue = "%s\\n",
            description = "How a record is printed (default: its value and a line's end).")
    private String format;

    @Option(names = "--uncommitted", description = "Also what is not committed, or was aborted.")
    private boolean uncommitted;

    @Option(names = "--json", description = "A line of JSON for each record.")
    private boolean json;

    public static void main(String[] arguments) {
        Commands.main(commandLine(), arguments);
    }

    /** The command, ready to execute; prints to what picocli is given. */
    public static CommandLine commandLine() {
        return Commands.of(new ConsumeMain());
    }

    @Override
    public Integer call() {
        if (group != null && partition != null) throw new IllegalArgumentException("-g or -p, not both");
        boolean anywhere = !from.equals("beginning") && !from.equals("end");
        if (group != null && anywhere) throw new IllegalArgumentException(
                "with -g, -o takes beginning or end (for a group that is new); not " + from);
        try (KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(settings(),
                new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            List<TopicPartition> partitions = partitions(consumer);
            Map<TopicPartition, Long> ends = exitAtEnd ? consumer.endOffsets(partitions) : Map.of();
            if (group != null) {
                consumer.subscribe(List.of(topic));
            } else {
                consumer.assign(partitions);
                seek(consumer, partitions);
            }
            long left = count;
            while (left > 0 && !(exitAtEnd && isAtEnd(consumer, partitions, ends))) {
                left -= print(consumer, left);
                if (spec.commandLine().getOut().checkError()) break;
            }
        }
        return 0;
    }

    /** Prints what comes next, and remembers in the group what was printed. */
    private long print(KafkaConsumer<byte[], byte[]> consumer, long most) {
        PrintWriter out = spec.commandLine().getOut();
        Map<TopicPartition, OffsetAndMetadata> printed = new LinkedHashMap<>();
        long done = 0;
        for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofMillis(200))) {
            if (done == most) break;
            done++;
            out.print(json ? Json.of(told(record)) + "\n" : printed(record));
            printed.put(new TopicPartition(record.topic(), record.partition()),
                    new OffsetAndMetadata(record.offset() + 1));
        }
        out.flush();
        boolean arrived = !out.checkError();
        if (group != null && done > 0 && arrived) consumer.commitSync(printed);
        return done;
    }

    private Map<String, Object> settings() {
        Map<String, Object> settings = new LinkedHashMap<>();
        settings.put("bootstrap.servers", connecting.bootstrap());
        settings.put("isolation.level", uncommitted ? "read_uncommitted" : "read_committed");
        settings.put("enable.auto.commit", "false");
        // an offset that does not exist yet is waited for at the end
        settings.put("auto.offset.reset", from.equals("beginning") ? "earliest" : "latest");
        settings.put("default.api.timeout.ms", 10_000);
        settings.put("allow.auto.create.topics", "false");
        if (group != null) settings.put("group.id", group);
        return settings;
    }

    private List<TopicPartition> partitions(KafkaConsumer<byte[], byte[]> consumer) {
        List<PartitionInfo> known;
        try {
            known = consumer.partitionsFor(topic);
        } catch (org.apache.kafka.common.errors.TimeoutException silent) {
            throw connecting.silence(silent);
        }
        if (known.isEmpty()) throw new IllegalStateException("there is no topic " + topic
                + ": ./semel topics lists them");
        List<TopicPartition> partitions = new ArrayList<>();
        for (PartitionInfo one : known) {
            if (partition == null || partition == one.partition()) {
                partitions.add(new TopicPartition(topic, one.partition()));
            }
        }
        if (partitions.isEmpty()) throw new IllegalStateException("topic " + topic + " has " + known.size()
                + " partition(s), from 0 on: there is no " + partition);
        return partitions;
    }

    private void seek(KafkaConsumer<byte[], byte[]> consumer, List<TopicPartition> partitions) {
        switch (from) {
            case "beginning" -> consumer.seekToBeginning(partitions);
            case "end" -> consumer.seekToEnd(partitions);
            default -> {
                long offset = offsetOf(from);
                Map<TopicPartition, Long> starts = consumer.beginningOffsets(partitions);
                consumer.endOffsets(partitions).forEach((one, end) -> consumer.seek(one,
                        Math.max(starts.get(one), offset >= 0 ? offset : end + offset)));
            }
        }
    }

    private static long offsetOf(String text) {
        try {
            return Long.parseLong(text);
        } catch (NumberFormatException notANumber) {
            throw new IllegalArgumentException("-o takes beginning, end, an offset or -N, not " + text,
                    notANumber);
        }
    }

    private static boolean isAtEnd(KafkaConsumer<byte[], byte[]> consumer, List<TopicPartition> partitions,
            Map<TopicPartition, Long> ends) {
        Set<TopicPartition> mine = consumer.assignment();
        return !mine.isEmpty() && mine.stream().filter(partitions::contains).allMatch(one ->
                consumer.position(one) >= ends.get(one));
    }

    private static String text(byte[] bytes) {
        return bytes == null ? null : new String(bytes, StandardCharsets.UTF_8);
    }

    private static Map<String, Object> told(ConsumerRecord<byte[], byte[]> record) {
        Map<String, Object> told = new LinkedHashMap<>();
        told.put("topic", record.topic());
        told.put("partition", record.partition());
        told.put("offset", record.offset());
        told.put("timestamp", record.timestamp());
        Map<String, Object> headers = new LinkedHashMap<>();
        record.headers().forEach(header -> headers.put(header.key(), text(header.value())));
        told.put("headers", headers);
        told.put("key", text(record.key()));
        told.put("value", text(record.value()));
        return told;
    }

    private String printed(ConsumerRecord<byte[], byte[]> record) {
        StringBuilder line = new StringBuilder();
        for (int index = 0; index < format.length(); index++) {
            char letter = format.charAt(index);
            if ((letter != '%' && letter != '\\') || index + 1 == format.length()) {
                line.append(letter);
                continue;
            }
            char what = format.charAt(++index);
            line.append(letter == '%' ? field(record, what) : escaped(what));
        }
        return line.toString();
    }

    private static Object escaped(char what) {
        return switch (what) {
            case 'n' -> "\n";
            case 't' -> "\t";
            default -> what;
        };
    }

    private static Object field(ConsumerRecord<byte[], byte[]> record, char what) {
        return switch (what) {
            case 't' -> record.topic();
            case 'p' -> record.partition();
            case 'o' -> record.offset();
            case 'T' -> record.timestamp();
            case 'k' -> record.key() == null ? "" : text(record.key());
            case 's' -> record.value() == null ? "" : text(record.value());
            case 'h' -> {
                List<String> headers = new ArrayList<>();
                record.headers().forEach(one -> headers.add(one.key() + "=" + text(one.value())));
                yield String.join(",", headers);
            }
            case '%' -> "%";
            default -> throw new IllegalArgumentException("--format has no %" + what + ": see --help");
        };
    }
}
