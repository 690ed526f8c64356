package io.semel.streams.tools;

import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * {@code ./semel dlq}: lists and shows dead letters, and sends their inputs back to where they came from. How
 * far they have been sent back is a group's offset, committed in the transaction that sends them: each goes
 * back once, whatever is killed. Exit code 0, 1 when it failed, 2 when it was asked wrongly.
 */
@Command(name = "dlq", mixinStandardHelpOptions = true, synopsisSubcommandLabel = "COMMAND",
        description = "Dead letters: what a step refused, with its bytes and the reason.",
        subcommands = {DlqMain.ListLetters.class, DlqMain.Show.class, DlqMain.Redrive.class})
public final class DlqMain {
    private DlqMain() {
    }

    public static void main(String[] args) {
        System.exit(run(new PrintWriter(System.out, true), new PrintWriter(System.err, true), args));
    }

    static int run(PrintWriter out, PrintWriter err, String... args) {
        return Tool.run(new CommandLine(new DlqMain()), out, err, args);
    }

    /** What every subcommand is told. */
    abstract static class About implements Callable<Integer> {
        @Spec
        private CommandSpec spec;
        @Mixin
        private Target target;
        @Option(names = {"-t", "--topic"}, required = true, paramLabel = "TOPIC",
                description = "the dead letter topic")
        private String topic;

        @Override
        public final Integer call() {
            try (Cluster cluster = target.open()) {
                return work(cluster, spec.commandLine().getOut());
            }
        }

        abstract int work(Cluster cluster, PrintWriter out);

        String topic() {
            return topic;
        }

        String group() {
            return topic + "-redrive";
        }

        /** Where sending back goes on, by partition. */
        Map<TopicPartition, Long> sentBack(Cluster cluster) {
            Map<TopicPartition, OffsetAndMetadata> known = cluster.ask("read the offsets of group " + group(),
                    cluster.admin().listConsumerGroupOffsets(group()).partitionsToOffsetAndMetadata());
            Map<TopicPartition, Long> next = new LinkedHashMap<>();
            for (TopicPartition partition : cluster.partitions(topic)) {
                OffsetAndMetadata committed = known.get(partition);
                next.put(partition, committed == null ? 0L : committed.offset());
            }
            return next;
        }

        Map<TopicPartition, Long> beginning(Cluster cluster) {
            Map<TopicPartition, Long> from = new LinkedHashMap<>();
            cluster.partitions(topic).forEach(partition -> from.put(partition, 0L));
            return from;
        }
    }

    /** A line for each letter, and how many there are by step and reason. */
    @Command(name = "list", mixinStandardHelpOptions = true, description = "Lists letters, a line each.")
    static final class ListLetters extends About {
        @Option(names = "--max", defaultValue = "100", paramLabel = "N",
                description = "at most so many lines; all are counted (default: ${DEFAULT-VALUE})")
        private int max;

        @Override
        int work(Cluster cluster, PrintWriter out) {
            Map<TopicPartition, Long> sentBack = sentBack(cluster);
            Map<String, Integer> reasons = new TreeMap<>();
            int[] counts = new int[2];
            cluster.read(beginning(cluster), record -> {
                Letter letter = new Letter(record);
                boolean back =
                        record.offset() < sentBack.get(new TopicPartition(topic(), record.partition()));
                counts[0]++;
                counts[1] += back ? 1 : 0;
                reasons.merge(letter.step() + "  " + letter.header("exception").orElse("?"), 1, Integer::sum);
                if (counts[0] <= max) {
                    out.printf("%-8s %s  %-24s %-20s %s%s%n", letter.at(), letter.time(),
                            letter.source().orElse("(made by time)"), letter.step(), letter.why(),
                            back ? "  [sent back]" : "");
                }
                return true;
            });
            out.printf("%d letters, %d of them sent back%n", counts[0], counts[1]);
            reasons.forEach((reason, count) -> out.printf("  %6d  %s%n", count, reason));
            return 0;
        }
    }

    /** Everything about one letter. */
    @Command(name = "show", mixinStandardHelpOptions = true, description = "Shows one letter whole.")
    static final class Show extends About {
        @Option(names = "--at", required = true, paramLabel = "PARTITION@OFFSET",
                description = "which one, as list prints it")
        private String at;

        @Override
        int work(Cluster cluster, PrintWriter out) {
            if (!at.matches("\\d{1,9}@\\d{1,18}")) {
                throw new ToolFailure("--at wants PARTITION@OFFSET, such as 0@17, and got '" + at + "'");
            }
            TopicPartition partition =
                    new TopicPartition(topic(), Integer.parseInt(at.substring(0, at.indexOf('@'))));
            if (!cluster.partitions(topic()).contains(partition)) {
                throw new ToolFailure("topic '" + topic() + "' has no partition " + partition.partition());
            }
            long offset = Long.parseLong(at.substring(at.indexOf('@') + 1));
            boolean[] found = new boolean[1];
            cluster.read(Map.of(partition, offset), record -> {
                found[0] = record.offset() == offset;
                if (found[0]) {
                    show(record, out);
                }
                return false;
            });
            if (!found[0]) {
                throw new ToolFailure("there is no letter at " + at + " of '" + topic() + "'");
            }
            return 0;
        }

        private static void show(ConsumerRecord<byte[], byte[]> record, PrintWriter out) {
            Letter letter = new Letter(record);
            out.printf("letter    %s%ntime      %s%ninput     %s%n", letter.at(), letter.time(),
                    letter.source().orElse("(made by time)"));
            out.printf("step      %s of %s%nattempts  %s%nreason    %s%n", letter.step(),
                    letter.header("application").orElse("?"), letter.header("attempts").orElse("?"),
                    letter.why());
            out.printf("key       %s%nvalue     %s%n", Letter.readable(record.key()),
                    Letter.readable(record.value()));
            for (Header header : record.headers()) {
                if (!header.key().startsWith("__streams.errors.")) {
                    out.printf("header    %s: %s%n", header.key(), Letter.readable(header.value()));
                }
            }
            out.printf("%n%s%n", letter.header("stacktrace").orElse("(no stack trace)"));
        }
    }

    /** Sends inputs back, each once. */
    @Command(name = "redrive", mixinStandardHelpOptions = true, description = {
        "Sends the inputs of letters back to their topics and partitions, each once.",
        "Goes on where the last redrive ended; a letter that time has made has no input and is passed over."})
    static final class Redrive extends About {
        @Option(names = "--max", paramLabel = "N", description = "at most so many (default: all there are)")
        private int max = Integer.MAX_VALUE;
        @Option(names = "--dry-run", description = "says what it would do, and does nothing")
        private boolean dry;
        private static final int BATCH = 500;

        @Override
        int work(Cluster cluster, PrintWriter out) {
            int[] counts = new int[2];
            try (Producer<byte[], byte[]> producer = dry ? null : cluster.producer(group())) {
                if (producer != null) {
                    producer.initTransactions();
                }
                ConsumerGroupMetadata group = cluster.membership(group());
                Map<TopicPartition, OffsetAndMetadata> done = new LinkedHashMap<>();
                int[] open = new int[1];
                cluster.read(sentBack(cluster), record -> {
                    if (counts[0] >= max) {
                        return false;
                    }
                    if (producer != null && open[0]++ == 0) {
                        producer.beginTransaction();
                    }
                    counts[new Letter(record).input().isPresent() ? 0 : 1]++;
                    send(record, producer, out);
                    done.put(new TopicPartition(topic(), record.partition()),
                            new OffsetAndMetadata(record.offset() + 1));
                    open[0] = open[0] >= BATCH ? commit(producer, group, done) : open[0];
                    return true;
                });
                if (open[0] > 0) {
                    commit(producer, group, done);
                }
            } catch (KafkaException failed) {
                throw new ToolFailure("stopped: " + Cluster.root(failed)
                        + "; what was sent back is remembered, run it again");
            }
            out.printf("%d inputs %s, %d letters without input passed over%n", counts[0],
                    dry ? "would be sent back" : "sent back", counts[1]);
            return 0;
        }

        private void send(ConsumerRecord<byte[], byte[]> record, Producer<byte[], byte[]> producer,
                          PrintWriter out) {
            Letter letter = new Letter(record);
            letter.input().ifPresent(input -> {
                if (producer == null) {
                    out.printf("%-8s -> %s-%d%n", letter.at(), input.topic(), input.partition());
                } else {
                    producer.send(input);
                }
            });
        }

        private static int commit(Producer<byte[], byte[]> producer, ConsumerGroupMetadata group,
                                  Map<TopicPartition, OffsetAndMetadata> done) {
            if (producer != null) {
                producer.sendOffsetsToTransaction(done, group);
                producer.commitTransaction();
            }
            done.clear();
            return 0;
        }
    }
}
