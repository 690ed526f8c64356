package io.semel.broker.cli;

import java.io.PrintWriter;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ConsumerGroupDescription;
import org.apache.kafka.clients.admin.GroupListing;
import org.apache.kafka.clients.admin.MemberDescription;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.GroupIdNotFoundException;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code ./semel groups}: who reads what and how far; moves and deletes what groups remember. One thread. */
@Command(name = "semel groups", mixinStandardHelpOptions = true, sortOptions = false,
        description =
                "Lists consumer groups; describes them with their lag, moves their offsets, deletes them.",
        footer = {"", "Examples:", "  ./semel groups                                 what there is",
                "  ./semel groups describe billing                members, offsets and lag",
                "  ./semel groups reset billing --topic orders --to earliest --dry-run",
                "  ./semel groups reset billing --topic orders --to 2026-01-31T00:00:00Z",
                "  ./semel groups delete billing"})
public final class GroupsMain implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Mixin
    private Connecting connecting;

    @Option(names = "--json", description = "One line of JSON for each group.")
    private boolean json;

    public static void main(String[] arguments) {
        Commands.main(commandLine(), arguments);
    }

    /** The command, ready to execute; prints to what picocli is given. */
    public static CommandLine commandLine() {
        return Commands.of(new GroupsMain());
    }

    @Override
    public Integer call() {
        try (Admin admin = connecting.open()) {
            TextTable table = new TextTable("GROUP", "TYPE", "STATE");
            Map<String, GroupListing> byId = new TreeMap<>();
            connecting.get(admin.listGroups().all()).forEach(group -> byId.put(group.groupId(), group));
            byId.forEach((id, group) -> {
                String type = group.type().map(Object::toString).orElse("");
                String state = group.groupState().map(Object::toString).orElse("");
                if (!json) table.add(id, type, state);
                else out().println(Json.of(ordered("group", id, "type", type, "state", state)));
            });
            if (!json && table.isEmpty()) out().println("there is no group");
            else if (!json) table.print(out());
        }
        return 0;
    }

    @Command(name = "describe", mixinStandardHelpOptions = true,
            description = "Members, offsets and lag; the lag counts to the end of what is committed.")
    int describe(@Mixin Connecting broker, @Parameters(paramLabel = "GROUP") String id,
            @Option(names = "--json", description = "One line of JSON.") boolean asJson) {
        try (Admin admin = broker.open()) {
            ConsumerGroupDescription group = known(broker, admin, id);
            List<Map<String, Object>> offsets = offsets(broker, admin, group);
            if (asJson) {
                List<Object> members = new ArrayList<>();
                group.members().forEach(member -> members.add(ordered("member", member.consumerId(), "client",
                        member.clientId(), "host", member.host())));
                out().println(Json.of(ordered("group", id, "state", group.groupState().toString(), "members",
                        members, "offsets", offsets)));
                return 0;
            }
            out().println(id + "  " + group.groupState() + "  " + group.members().size() + " member(s)"
                    + (group.partitionAssignor().isEmpty() ? "" : "  " + group.partitionAssignor()));
            TextTable table = new TextTable("TOPIC", "PARTITION", "OFFSET", "END", "LAG", "MEMBER");
            for (Map<String, Object> one : offsets) table.add(one.values().toArray());
            if (table.isEmpty()) out().println("nothing is committed");
            else table.print(out());
        }
        return 0;
    }

    private static List<Map<String, Object>> offsets(Connecting broker, Admin admin,
            ConsumerGroupDescription group) {
        Map<TopicPartition, String> members = new LinkedHashMap<>();
        for (MemberDescription member : group.members()) {
            member.assignment().topicPartitions().forEach(one -> members.put(one, member.consumerId()));
        }
        Map<String, Map<String, Object>> sorted = new TreeMap<>();
        Offsets ends = new Offsets(broker, admin);
        Map<TopicPartition, OffsetAndMetadata> committed = committed(broker, admin, group.groupId());
        members.keySet().forEach(one -> committed.putIfAbsent(one, null));
        committed.forEach((partition, offset) -> {
            long end = ends.stableEnd(partition);
            Object at = offset == null ? "-" : offset.offset();
            Object lag = offset == null ? "-" : Math.max(0, end - offset.offset());
            sorted.put(partition.topic() + String.format("%10d", partition.partition()),
                    ordered("topic", partition.topic(), "partition", partition.partition(), "offset", at,
                            "end",
                            end, "lag", lag, "member", members.getOrDefault(partition, "-")));
        });
        return List.copyOf(sorted.values());
    }

    private static Map<TopicPartition, OffsetAndMetadata> committed(Connecting broker, Admin admin,
            String id) {
        return new LinkedHashMap<>(broker.get(admin.listConsumerGroupOffsets(id)
                .partitionsToOffsetAndMetadata()));
    }

    @Command(name = "reset", mixinStandardHelpOptions = true,
            description = "Moves the offsets of a group without members.")
    int reset(@Mixin Connecting broker, @Parameters(paramLabel = "GROUP") String id,
            @Option(names = "--topic", paramLabel = "TOPIC", required = true) String topic,
            @Option(names = "--to", paramLabel = "WHERE", required = true,
                    description =
                            "earliest, latest, an offset, or a time such as 2026-01-31T00:00:00Z.") String to,
            @Option(names = "--dry-run", description = "Shows what would be done.") boolean dryRun) {
        try (Admin admin = broker.open()) {
            Map<TopicPartition, OffsetAndMetadata> moved = new LinkedHashMap<>();
            TextTable table = new TextTable("TOPIC", "PARTITION", "FROM", "TO");
            Map<TopicPartition, OffsetAndMetadata> before = committed(broker, admin, id);
            TopicsMain.known(broker, admin, topic).partitions().forEach(info -> {
                TopicPartition partition = new TopicPartition(topic, info.partition());
                long offset = target(new Offsets(broker, admin), partition, to);
                moved.put(partition, new OffsetAndMetadata(offset));
                OffsetAndMetadata old = before.get(partition);
                table.add(topic, info.partition(), old == null ? "-" : old.offset(), offset);
            });
            if (!dryRun) broker.get(admin.alterConsumerGroupOffsets(id, moved).all());
            table.print(out());
            if (dryRun) out().println("nothing was changed (--dry-run)");
        }
        return 0;
    }

    /** Within what the partition holds. */
    private static long target(Offsets offsets, TopicPartition partition, String to) {
        long start = offsets.of(partition, OffsetSpec.earliest());
        long end = offsets.of(partition, OffsetSpec.latest());
        if (to.equals("earliest")) return start;
        if (to.equals("latest")) return end;
        try {
            return Math.max(start, Math.min(end, Long.parseLong(to)));
        } catch (NumberFormatException notAnOffset) {
            long found = offsets.of(partition, OffsetSpec.forTimestamp(timeOf(to)));
            return found < 0 ? end : found;
        }
    }

    private static long timeOf(String text) {
        try {
            return Instant.parse(text).toEpochMilli();
        } catch (DateTimeParseException malformed) {
            throw new IllegalArgumentException("--to takes earliest, latest, an offset or a time such as"
                    + " 2026-01-31T00:00:00Z, not " + text, malformed);
        }
    }

    @Command(name = "delete", mixinStandardHelpOptions = true,
            description = "Forgets groups without members and all their offsets.")
    int delete(@Mixin Connecting broker, @Parameters(paramLabel = "GROUP", arity = "1..*") List<String> ids) {
        try (Admin admin = broker.open()) {
            for (String id : ids) {
                known(broker, admin, id);
                broker.get(admin.deleteConsumerGroups(List.of(id)).all());
                out().println("deleted: " + id);
            }
        }
        return 0;
    }

    private static ConsumerGroupDescription known(Connecting broker, Admin admin, String id) {
        try {
            return broker.get(admin.describeConsumerGroups(List.of(id)).all()).get(id);
        } catch (GroupIdNotFoundException unknown) {
            throw new IllegalStateException("there is no group " + id + ": ./semel groups lists them",
                    unknown);
        }
    }

    private static Map<String, Object> ordered(Object... pairs) {
        Map<String, Object> map = new LinkedHashMap<>();
        for (int index = 0; index < pairs.length; index += 2) map.put((String) pairs[index], pairs[index
                + 1]);
        return map;
    }

    private PrintWriter out() {
        return spec.commandLine().getOut();
    }
}
