package io.semel.broker.cli;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.AlterConfigOp.OpType;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.ListTopicsOptions;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.TopicPartitionInfo;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code ./semel topics}: what topics there are; makes, changes and deletes them. One thread. */
@Command(name = "semel topics", mixinStandardHelpOptions = true, sortOptions = false,
        description = "Lists topics; describes, creates, alters and deletes them.",
        footer = {"", "Examples:", "  ./semel topics                                   what there is",
                "  ./semel topics create orders --partitions 3 --config retention.ms=86400000",
                "  ./semel topics describe orders --json",
                "  ./semel topics alter orders --config max.message.bytes=2000000 --unset retention.ms",
                "  ./semel topics delete orders"})
public final class TopicsMain implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Mixin
    private Connecting connecting;

    @Option(names = "--internal", description = "Also the broker's own topics.")
    private boolean internal;

    @Option(names = "--json", description = "One line of JSON for each topic.")
    private boolean json;

    public static void main(String[] arguments) {
        Commands.main(commandLine(), arguments);
    }

    /** The command, ready to execute; prints to what picocli is given. */
    public static CommandLine commandLine() {
        return Commands.of(new TopicsMain());
    }

    @Override
    public Integer call() {
        try (Admin admin = connecting.open()) {
            Collection<String> names = connecting.get(admin.listTopics(new ListTopicsOptions()
                    .listInternal(internal)).names());
            TextTable table = new TextTable("TOPIC", "PARTITIONS", "ID");
            connecting.get(admin.describeTopics(names).allTopicNames()).values().stream()
                    .sorted((one, other) -> one.name().compareTo(other.name())).forEach(topic -> {
                if (json) out().println(Json.of(told(topic)));
                else table.add(topic.name(), topic.partitions().size(), topic.topicId());
            });
            if (!json && table.isEmpty()) out().println("there is no topic yet: ./semel topics create NAME");
            else if (!json) table.print(out());
        }
        return 0;
    }

    private static Map<String, Object> told(TopicDescription topic) {
        Map<String, Object> told = new LinkedHashMap<>();
        told.put("topic", topic.name());
        told.put("id", topic.topicId().toString());
        told.put("partitions", topic.partitions().size());
        told.put("internal", topic.isInternal());
        return told;
    }

    @Command(name = "describe", mixinStandardHelpOptions = true,
            description =
                    "A topic's partitions with their offsets, and the settings that are not the default.")
    int describe(@Mixin Connecting broker, @Parameters(paramLabel = "TOPIC") String name,
            @Option(names = "--json", description = "One line of JSON.") boolean asJson) {
        try (Admin admin = broker.open()) {
            TopicDescription topic = known(broker, admin, name);
            Map<String, Object> settings = new LinkedHashMap<>();
            ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, name);
            broker.get(admin.describeConfigs(List.of(resource)).all()).get(resource).entries().stream()
                    .filter(entry -> !entry.isDefault())
                    .forEach(entry -> settings.put(entry.name(), entry.value()));
            List<Map<String, Object>> partitions = partitions(broker, admin, topic);
            if (asJson) {
                Map<String, Object> told = told(topic);
                told.put("partitions", partitions);
                told.put("configs", settings);
                out().println(Json.of(told));
                return 0;
            }
            out().println(name + "  " + topic.topicId());
            settings.forEach((key, value) -> out().println("  " + key + "=" + value));
            TextTable table = new TextTable("PARTITION", "LEADER", "START", "END", "STABLE END");
            for (Map<String, Object> one : partitions) table.add(one.values().toArray());
            table.print(out());
        }
        return 0;
    }

    private static List<Map<String, Object>> partitions(Connecting broker, Admin admin,
            TopicDescription topic) {
        List<Map<String, Object>> partitions = new ArrayList<>();
        for (TopicPartitionInfo info : topic.partitions()) {
            TopicPartition partition = new TopicPartition(topic.name(), info.partition());
            Offsets offsets = new Offsets(broker, admin);
            Map<String, Object> told = new LinkedHashMap<>();
            told.put("partition", info.partition());
            told.put("leader", info.leader() == null ? -1 : info.leader().id());
            told.put("start", offsets.of(partition, OffsetSpec.earliest()));
            told.put("end", offsets.of(partition, OffsetSpec.latest()));
            told.put("stableEnd", offsets.stableEnd(partition));
            partitions.add(told);
        }
        return partitions;
    }

    @Command(name = "create", mixinStandardHelpOptions = true, description = "Makes topics.")
    int create(@Mixin Connecting broker, @Parameters(paramLabel = "TOPIC", arity = "1..*") List<String> names,
            @Option(names = {"-p", "--partitions"}, paramLabel = "N",
                    description = "How many; as the broker is set unless given.") Integer partitions,
            @Option(names = {"-c", "--config"}, paramLabel = "KEY=VALUE",
                    description = "A setting; may be given several times.") Map<String, String> configs,
            @Option(names = "--if-not-exists", description = "A topic that is there is no failure.")
                    boolean ifNotExists) {
        try (Admin admin = broker.open()) {
            for (String name : names) {
                NewTopic topic = new NewTopic(name, Optional.ofNullable(partitions), Optional.empty());
                if (configs != null) topic.configs(configs);
                try {
                    broker.get(admin.createTopics(List.of(topic)).all());
                    out().println("created: " + name);
                } catch (TopicExistsException exists) {
                    if (!ifNotExists) throw exists;
                    out().println("is there: " + name);
                }
            }
        }
        return 0;
    }

    @Command(name = "alter", mixinStandardHelpOptions = true,
            description = "Adds partitions, sets settings and gives them their defaults back.")
    int alter(@Mixin Connecting broker, @Parameters(paramLabel = "TOPIC") String name,
            @Option(names = {"-p", "--partitions"}, paramLabel = "N",
                    description = "How many there shall be; never fewer than there are.") Integer partitions,
            @Option(names = {"-c", "--config"}, paramLabel = "KEY=VALUE") Map<String, String> configs,
            @Option(names = "--unset", paramLabel = "KEY") List<String> unset) {
        if (partitions == null && configs == null && unset == null) throw new IllegalArgumentException(
                "alter takes --partitions, --config or --unset");
        try (Admin admin = broker.open()) {
            known(broker, admin, name);
            List<AlterConfigOp> changes = new ArrayList<>();
            if (configs != null) configs.forEach((key, value) -> changes.add(new AlterConfigOp(
                    new ConfigEntry(key, value), OpType.SET)));
            if (unset != null) unset.forEach(key -> changes.add(new AlterConfigOp(new ConfigEntry(key, null),
                    OpType.DELETE)));
            ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, name);
            if (!changes.isEmpty()) broker.get(admin.incrementalAlterConfigs(Map.of(resource,
                    changes)).all());
            if (partitions != null) {
                broker.get(admin.createPartitions(Map.of(name, NewPartitions.increaseTo(partitions))).all());
            }
        }
        out().println("altered: " + name);
        return 0;
    }

    @Command(name = "delete", mixinStandardHelpOptions = true,
            description = "Deletes topics with all their records. There is no way back.")
    int delete(@Mixin Connecting broker,
            @Parameters(paramLabel = "TOPIC", arity = "1..*") List<String> names) {
        try (Admin admin = broker.open()) {
            for (String name : names) {
                known(broker, admin, name);
                broker.get(admin.deleteTopics(List.of(name)).all());
                out().println("deleted: " + name);
            }
        }
        return 0;
    }

    static TopicDescription known(Connecting broker, Admin admin, String name) {
        try {
            return broker.get(admin.describeTopics(List.of(name)).allTopicNames()).get(name);
        } catch (UnknownTopicOrPartitionException unknown) {
            throw new IllegalStateException("there is no topic " + name + ": ./semel topics lists them",
                    unknown);
        }
    }

    private PrintWriter out() {
        return spec.commandLine().getOut();
    }
}
