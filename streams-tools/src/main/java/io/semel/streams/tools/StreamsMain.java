package io.semel.streams.tools;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import org.apache.kafka.clients.admin.ConsumerGroupDescription;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * {@code ./semel streams}: what an application has stored in a cluster, and how to make it begin anew. Exit
 * code 0, 1 when it failed, 2 when it was asked wrongly.
 */
@Command(name = "streams", mixinStandardHelpOptions = true, synopsisSubcommandLabel = "COMMAND",
        description = "The state of a streams application.",
        subcommands = {StreamsMain.Status.class, StreamsMain.Reset.class})
public final class StreamsMain {
    private StreamsMain() {
    }

    public static void main(String[] args) {
        System.exit(run(new PrintWriter(System.out, true), new PrintWriter(System.err, true), args));
    }

    static int run(PrintWriter out, PrintWriter err, String... args) {
        return Tool.run(new CommandLine(new StreamsMain()), out, err, args);
    }

    /** What every subcommand is told. */
    abstract static class About implements Callable<Integer> {
        @Spec
        private CommandSpec spec;
        @Mixin
        private Target target;
        @Option(names = {"-a", "--application"}, required = true, paramLabel = "NAME",
                description = "the application's name, which is its group, too")
        private String application;

        @Override
        public final Integer call() {
            try (Cluster cluster = target.open()) {
                return work(cluster, spec.commandLine().getOut());
            }
        }

        abstract int work(Cluster cluster, PrintWriter out);

        String application() {
            return application;
        }

        Map<TopicPartition, Long> committed(Cluster cluster) {
            Map<TopicPartition, Long> committed = new LinkedHashMap<>();
            Map<TopicPartition, OffsetAndMetadata> known = cluster.ask("read the offsets of " + application,
                    cluster.admin().listConsumerGroupOffsets(application).partitionsToOffsetAndMetadata());
            new TreeMap<>(byName(known)).values().forEach(partition -> {
                if (known.get(partition) != null) {
                    committed.put(partition, known.get(partition).offset());
                }
            });
            return committed;
        }

        private static Map<String, TopicPartition> byName(Map<TopicPartition, OffsetAndMetadata> known) {
            Map<String, TopicPartition> byName = new TreeMap<>();
            known.keySet()
                    .forEach(one -> byName.put(String.format("%s %09d", one.topic(), one.partition()), one));
            return byName;
        }

        /** Changelogs by the name of their store. */
        Map<String, String> changelogs(Cluster cluster) {
            Map<String, String> changelogs = new TreeMap<>();
            for (String topic : cluster.ask("list topics", cluster.admin().listTopics().names())) {
                if (topic.startsWith(application + "-") && topic.endsWith("-changelog")
                        && topic.length() > application.length() + "--changelog".length()) {
                    changelogs.put(topic.substring(application.length() + 1,
                            topic.length() - "-changelog".length()), topic);
                }
            }
            return changelogs;
        }

        int members(Cluster cluster) {
            ConsumerGroupDescription group = cluster.ask("describe group " + application,
                    cluster.admin().describeConsumerGroups(List.of(application)).describedGroups()
                            .get(application));
            return group.members().size();
        }

        boolean isKnown(Cluster cluster) {
            return cluster.ask("list groups", cluster.admin().listGroups().all()).stream()
                    .anyMatch(group -> group.groupId().equals(application));
        }
    }

    /** Members, lag by input, size by store. */
    @Command(name = "status", mixinStandardHelpOptions = true, description = {
        "Shows members, lag and stores of an application.",
        "Lag is counted in committed records: markers and what was aborted are not work to do."})
    static final class Status extends About {
        @Option(names = "--count-max", defaultValue = "100000", paramLabel = "N",
                description = "counts the lag of a partition up to here (default: ${DEFAULT-VALUE})")
        private long countMax;

        @Override
        int work(Cluster cluster, PrintWriter out) {
            boolean known = isKnown(cluster);
            Map<String, String> changelogs = changelogs(cluster);
            if (!known && changelogs.isEmpty()) {
                throw new ToolFailure("there is neither a group nor a store of application '" + application()
                        + "'");
            }
            out.printf("application %s: %d members%n", application(), known ? members(cluster) : 0);
            Map<TopicPartition, Long> committed = committed(cluster);
            Map<TopicPartition, Long> ends = committed.isEmpty() ? Map.of()
                    : cluster.ends(committed.keySet());
            committed.forEach((partition, offset) -> {
                long lag = lag(cluster, partition, offset);
                out.printf("  input %-32s committed %d of %d, lag %s%n", partition, offset,
                        ends.get(partition),
                        lag >= countMax ? "at least " + lag : String.valueOf(lag));
            });
            changelogs.forEach((store, topic) -> {
                List<TopicPartition> partitions = cluster.partitions(topic);
                long records = cluster.ends(partitions).values().stream().mapToLong(Long::longValue).sum()
                        - cluster.starts(partitions).values().stream().mapToLong(Long::longValue).sum();
                out.printf("  store %-32s %d partitions, at most %d records in %s%n", store,
                        partitions.size(),
                        records, topic);
            });
            return 0;
        }

        private long lag(Cluster cluster, TopicPartition partition, long offset) {
            long[] lag = new long[1];
            cluster.read(Map.of(partition, offset), record -> ++lag[0] < countMax);
            return lag[0];
        }
    }

    /** Deletes what an application has stored. */
    @Command(name = "reset", mixinStandardHelpOptions = true, description = {
        "Makes an application begin anew: deletes its committed offsets and its stores' changelogs.",
        "With --store only that store's changelog: it begins empty, inputs are not read again.",
        "Says what it would do; does it with --yes, when no instance runs."})
    static final class Reset extends About {
        @Option(names = "--store", paramLabel = "NAME", description = "only this store; may be repeated")
        private List<String> stores = new ArrayList<>();
        @Option(names = "--via", paramLabel = "TOPIC",
                description = "a via topic whose records are deleted, too; may be repeated")
        private List<String> vias = new ArrayList<>();
        @Option(names = "--yes", description = "do it")
        private boolean yes;

        @Override
        int work(Cluster cluster, PrintWriter out) {
            Map<String, String> changelogs = changelogs(cluster);
            Set<String> unknown = new TreeSet<>(stores);
            unknown.removeAll(changelogs.keySet());
            if (!unknown.isEmpty()) {
                throw new ToolFailure("application '" + application() + "' has no store "
                        + String.join(", ", unknown) + "; it has " + changelogs.keySet());
            }
            boolean known = isKnown(cluster);
            if (!known && changelogs.isEmpty()) {
                throw new ToolFailure("there is nothing of application '" + application() + "'");
            }
            if (known && members(cluster) > 0) {
                throw new ToolFailure("application '" + application() + "' is running with "
                        + members(cluster)
                        + " members: stop them first");
            }
            Set<String> deleted = new LinkedHashSet<>();
            changelogs.forEach((store, topic) -> {
                if (stores.isEmpty() || stores.contains(store)) {
                    deleted.add(topic);
                }
            });
            String verb = yes ? "" : "would be ";
            deleted.forEach(topic -> out.printf("changelog %s %sdeleted%n", topic, verb));
            vias.forEach(topic -> out.printf("records of %s %sdeleted%n", topic, verb));
            boolean offsets = known && stores.isEmpty();
            if (offsets) {
                out.printf("offsets of %s %sdeleted: inputs are read from the beginning%n", application(),
                        verb);
            }
            if (!yes) {
                out.println(
                        "nothing was done; add --yes. State directories of instances may be deleted as well:"
                        + " snapshots of a deleted changelog are never used again.");
                return 0;
            }
            delete(cluster, deleted, offsets);
            return 0;
        }

        private void delete(Cluster cluster, Set<String> changelogs, boolean offsets) {
            for (String via : vias) {
                Map<TopicPartition, org.apache.kafka.clients.admin.RecordsToDelete> all =
                        new LinkedHashMap<>();
                cluster.ends(cluster.partitions(via)).forEach((partition, end) ->
                        all.put(partition, org.apache.kafka.clients.admin.RecordsToDelete.beforeOffset(end)));
                cluster.ask("delete records of " + via, cluster.admin().deleteRecords(all).all());
            }
            if (offsets) {
                cluster.ask("delete the offsets of " + application(),
                        cluster.admin().deleteConsumerGroups(List.of(application())).all());
            }
            if (!changelogs.isEmpty()) {
                cluster.ask("delete changelogs", cluster.admin().deleteTopics(changelogs).all());
            }
        }
    }
}
