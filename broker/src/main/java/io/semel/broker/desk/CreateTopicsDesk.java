package io.semel.broker.desk;

import io.semel.broker.catalogue.CatalogueCommand;
import io.semel.broker.catalogue.CatalogueReply;
import io.semel.broker.catalogue.Topic;
import io.semel.broker.config.BrokerConfig;
import io.semel.broker.config.TopicConfig;
import io.semel.kernel.world.Entropy;
import io.semel.wire.error.ErrorCode;
import io.semel.wire.message.Api;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import org.apache.kafka.common.message.CreateTopicsRequestData;
import org.apache.kafka.common.message.CreateTopicsRequestData.CreatableReplicaAssignment;
import org.apache.kafka.common.message.CreateTopicsRequestData.CreatableTopic;
import org.apache.kafka.common.message.CreateTopicsRequestData.CreatableTopicConfig;
import org.apache.kafka.common.message.CreateTopicsResponseData;
import org.apache.kafka.common.message.CreateTopicsResponseData.CreatableTopicConfigs;
import org.apache.kafka.common.message.CreateTopicsResponseData.CreatableTopicResult;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * CreateTopics (19). A replication factor above the number of brokers is clamped, so that every client's
 * defaults work on one broker.
 */
public final class CreateTopicsDesk implements Desk {
    private static final Logger LOG = LoggerFactory.getLogger(CreateTopicsDesk.class);
    private static final short BROKERS = 1;

    private final Topics topics;
    private final Entropy entropy;
    private final SettingsInForce settings;
    private final int nodeId;
    private final int partitionsDefault;
    private final boolean clamp;

    public CreateTopicsDesk(Topics topics, Entropy entropy, SettingsInForce settings, BrokerConfig config) {
        this.topics = topics;
        this.entropy = entropy;
        this.settings = settings;
        this.nodeId = config.nodeId();
        this.partitionsDefault = config.partitionsDefault();
        this.clamp = config.clampReplication();
    }

    @Override
    public Api api() {
        return Api.CREATE_TOPICS;
    }

    @Override
    public void serve(Call call) {
        CreateTopicsRequestData request = call.body();
        CreateTopicsResponseData response = new CreateTopicsResponseData();
        Gathering gathering = new Gathering(() -> call.reply(response));
        Set<String> named = new HashSet<>();
        Set<String> twice = new HashSet<>();
        for (CreatableTopic asked : request.topics()) if (!named.add(asked.name())) twice.add(asked.name());
        for (CreatableTopic asked : request.topics()) {
            CreatableTopicResult result = new CreatableTopicResult().setName(asked.name())
                    .setErrorMessage(null);
            Refusal refusal = twice.contains(asked.name())
                    ? new Refusal(ErrorCode.INVALID_REQUEST, "Duplicate topic name.") : refusalOf(asked);
            if (refusal != null) {
                if (response.topics().find(asked.name()) == null) response.topics()
                        .add(refuse(result, refusal.error, refusal.message));
                continue;
            }
            response.topics().add(result);
            gathering.expectOne();
            topics.change(command(asked, request.validateOnly()), call.home(), reply -> {
                if (reply instanceof CatalogueReply.Done done) describe(result, done.topic());
                else if (reply instanceof CatalogueReply.Refused refused) refuse(result, refused.error(),
                        refused.message());
                gathering.oneCame();
            });
        }
        gathering.oneCame();
    }

    private record Refusal(ErrorCode error, String message) {
    }

    private Refusal refusalOf(CreatableTopic asked) {
        if (!asked.assignments().isEmpty()) {
            if (asked.numPartitions() != -1 || asked.replicationFactor() != -1) {
                return new Refusal(ErrorCode.INVALID_REQUEST,
                        "With a manual partition assignment numPartitions and replicationFactor must be -1.");
            }
            return assignmentProblem(asked);
        }
        if (asked.numPartitions() == 0 || asked.numPartitions() < -1) {
            return new Refusal(ErrorCode.INVALID_PARTITIONS,
                    "Number of partitions must be larger than 0, or -1 to use the default value.");
        }
        if (asked.replicationFactor() == 0 || asked.replicationFactor() < -1) {
            return new Refusal(ErrorCode.INVALID_REPLICATION_FACTOR,
                    "Replication factor must be larger than 0, or -1 to use the default value.");
        }
        if (asked.replicationFactor() <= BROKERS) return null;
        if (!clamp) {
            return new Refusal(ErrorCode.INVALID_REPLICATION_FACTOR, "Replication factor: "
                    + asked.replicationFactor()
                    + " larger than available brokers: " + BROKERS + ".");
        }
        LOG.info("topic {}: replication factor {} asked, {} in force: this broker is alone", asked.name(),
                asked.replicationFactor(), BROKERS);
        return null;
    }

    private Refusal assignmentProblem(CreatableTopic asked) {
        Set<Integer> indexes = new HashSet<>();
        for (CreatableReplicaAssignment assignment : asked.assignments()) {
            indexes.add(assignment.partitionIndex());
            if (assignment.brokerIds().size() != 1 || assignment.brokerIds().get(0) != nodeId) {
                return new Refusal(ErrorCode.INVALID_REPLICA_ASSIGNMENT, "Replicas "
                        + assignment.brokerIds() + " of partition "
                        + assignment.partitionIndex() + ": the only broker here is " + nodeId + ".");
            }
        }
        for (int index = 0; index < asked.assignments().size(); index++) {
            if (!indexes.contains(index)) {
                return new Refusal(ErrorCode.INVALID_REPLICA_ASSIGNMENT,
                        "Partitions should be a consecutive 0-based integer sequence.");
            }
        }
        return null;
    }

    private CatalogueCommand command(CreatableTopic asked, boolean validateOnly) {
        int partitions = !asked.assignments().isEmpty() ? asked.assignments().size()
                : asked.numPartitions() == -1 ? partitionsDefault : asked.numPartitions();
        Map<String, String> configs = new TreeMap<>();
        for (CreatableTopicConfig config : asked.configs()) configs.put(config.name(), config.value());
        UUID id = new UUID(entropy.nextLong(), entropy.nextLong());
        return new CatalogueCommand.CreateTopic(asked.name(), id, partitions, configs, validateOnly);
    }

    private static CreatableTopicResult refuse(CreatableTopicResult result, ErrorCode error, String message) {
        return result.setErrorCode(error.code()).setErrorMessage(message).setNumPartitions(-1)
                .setReplicationFactor((short) -1);
    }

    private void describe(CreatableTopicResult result, Topic topic) {
        result.setTopicId(Ids.wire(topic.id())).setNumPartitions(topic.partitions())
                .setReplicationFactor(BROKERS)
                .setConfigs(new ArrayList<>());
        for (String name : TopicConfig.defaults().keySet()) {
            SettingsInForce.Value inForce = settings.ofTopic(topic, name).get(0);
            result.configs().add(new CreatableTopicConfigs().setName(name).setValue(inForce.value())
                    .setReadOnly(false).setConfigSource(inForce.source()).setIsSensitive(false));
        }
    }
}
