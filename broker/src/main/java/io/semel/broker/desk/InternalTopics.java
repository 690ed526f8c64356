package io.semel.broker.desk;

import io.semel.broker.catalogue.Catalogue;
import io.semel.broker.catalogue.CatalogueCommand;
import io.semel.broker.catalogue.CatalogueReply;
import io.semel.broker.catalogue.Topic;
import io.semel.group.streams.Topology;
import io.semel.group.streams.Topology.InternalTopic;
import io.semel.group.streams.Topology.Setting;
import io.semel.group.streams.Topology.Subtopology;
import io.semel.kernel.lane.Lane;
import io.semel.kernel.world.Entropy;
import io.semel.wire.error.ErrorCode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.function.Consumer;

/**
 * Creates repartition and changelog topics of streams groups (KIP-1071: the broker does it). Replication
 * factors are what this broker has. Any lane; keeps nothing.
 */
public final class InternalTopics {
    private final Topics topics;
    private final Entropy entropy;

    public InternalTopics(Topics topics, Entropy entropy) {
        this.topics = topics;
        this.entropy = entropy;
    }

    /** Why a topology's topics cannot be used, null when they can. */
    String badNames(Topology topology) {
        if (topology == null) return null;
        TreeSet<String> own = new TreeSet<>();
        TreeSet<String> invalid = new TreeSet<>();
        for (Subtopology each : topology.subtopologies()) {
            List<String> names = new ArrayList<>(each.read());
            names.addAll(each.repartitionSinks());
            for (InternalTopic changelog : each.changelogs()) names.add(changelog.name());
            for (String name : names) {
                boolean brokers = name.equals(Catalogue.CONSUMER_OFFSETS)
                        || name.equals(Catalogue.TRANSACTION_STATE);
                if (brokers) own.add(name);
                else if (Topic.nameProblem(name) != null) invalid.add(name);
            }
        }
        if (!own.isEmpty()) return "Use of Kafka internal topics " + String.join(",", own)
                + " in a Kafka Streams topology is prohibited.";
        return invalid.isEmpty() ? null
                : "Topic names " + String.join(",", invalid) + " are not valid topic names.";
    }

    /** @param then on {@code home}, with why some could not be created, null when all are there */
    void create(List<InternalTopic> missing, Lane home, Consumer<String> then) {
        List<String> failed = new ArrayList<>();
        Gathering gathering = new Gathering(() -> then.accept(failed.isEmpty() ? null
                : "; Creation failed: " + String.join(", ", failed) + "."));
        for (InternalTopic topic : missing) {
            Map<String, String> configs = new TreeMap<>();
            for (Setting setting : topic.configs()) configs.put(setting.key(), setting.value());
            UUID id = new UUID(entropy.nextLong(), entropy.nextLong());
            gathering.expectOne();
            topics.change(new CatalogueCommand.CreateTopic(topic.name(), id, topic.partitions(), configs,
                    false), home, reply -> {
                if (reply instanceof CatalogueReply.Refused refused
                        && refused.error() != ErrorCode.TOPIC_ALREADY_EXISTS) {
                    failed.add(topic.name() + " (" + refused.message() + ")");
                }
                gathering.oneCame();
            });
        }
        gathering.oneCame();
    }
}
