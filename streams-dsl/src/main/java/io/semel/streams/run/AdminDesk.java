package io.semel.streams.run;

import io.semel.streams.topology.PartitionPlan.Missing;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.LinkedHashMap;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.ListOffsetsResult;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/** The topic desk on Kafka's admin client, which is free to share between threads. */
final class AdminDesk implements TopicDesk {
    private final Admin admin;
    private final Optional<Short> replicationFactor;

    AdminDesk(Admin admin, Optional<Short> replicationFactor) {
        this.admin = admin;
        this.replicationFactor = replicationFactor;
    }

    @Override
    public Map<String, Integer> partitionCounts(Set<String> topics) {
        Map<String, Integer> counts = new TreeMap<>();
        described(topics).forEach((name, description) -> counts.put(name, description.partitions().size()));
        return counts;
    }

    @Override
    public Map<String, String> ids(Set<String> topics) {
        Map<String, String> ids = new TreeMap<>();
        described(topics).forEach((name, description) -> {
            if (!description.topicId().equals(Uuid.ZERO_UUID)) {
                ids.put(name, description.topicId().toString());
            }
        });
        return ids;
    }

    private Map<String, TopicDescription> described(Set<String> topics) {
        Map<String, TopicDescription> known = new TreeMap<>();
        for (Map.Entry<String, KafkaFuture<TopicDescription>> asked
                : admin.describeTopics(topics).topicNameValues().entrySet()) {
            try {
                known.put(asked.getKey(), get(asked.getValue()));
            } catch (UnknownTopicOrPartitionException absent) {
                continue;
            }
        }
        return known;
    }

    /** Internal topics never expire by time: their timestamps are event times, which may be decades old. */
    @Override
    public void create(List<Missing> topics) {
        List<NewTopic> wanted = new ArrayList<>();
        for (Missing topic : topics) {
            Map<String, String> settings = new TreeMap<>();
            settings.put("cleanup.policy", topic.compacted() ? "compact" : "delete");
            settings.put("message.timestamp.type", "CreateTime");
            if (!topic.compacted()) {
                settings.put("retention.ms", "-1");
            }
            wanted.add(new NewTopic(topic.topic(), Optional.of(topic.partitions()), replicationFactor)
                    .configs(settings));
        }
        for (KafkaFuture<Void> created : admin.createTopics(wanted).values().values()) {
            try {
                get(created);
            } catch (TopicExistsException raced) {
                continue;
            }
        }
    }

    @Override
    public Map<TopicPartition, Long> highWatermarks(Collection<TopicPartition> partitions) {
        return ends(partitions, IsolationLevel.READ_UNCOMMITTED);
    }

    @Override
    public Map<TopicPartition, Long> stableEnds(Collection<TopicPartition> partitions) {
        return ends(partitions, IsolationLevel.READ_COMMITTED);
    }

    private Map<TopicPartition, Long> ends(Collection<TopicPartition> partitions, IsolationLevel isolation) {
        Map<TopicPartition, OffsetSpec> asked = new LinkedHashMap<>();
        partitions.forEach(partition -> asked.put(partition, OffsetSpec.latest()));
        ListOffsetsResult answers = admin.listOffsets(asked, new ListOffsetsOptions(isolation));
        Map<TopicPartition, Long> ends = new LinkedHashMap<>();
        asked.keySet().forEach(partition ->
                ends.put(partition, get(answers.partitionResult(partition)).offset()));
        return ends;
    }

    @Override
    public void close() {
        admin.close(KafkaClients.closeTimeout());
    }

    private static <T> T get(KafkaFuture<T> future) {
        try {
            return future.get();
        } catch (InterruptedException interrupted) {
            throw new InterruptException(interrupted);
        } catch (ExecutionException failed) {
            throw failed.getCause() instanceof RuntimeException known ? known
                    : new KafkaException(failed.getCause());
        }
    }
}
