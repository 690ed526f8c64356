package io.semel.broker.desk;

import io.semel.broker.catalogue.CatalogueCommand;
import io.semel.broker.catalogue.CatalogueReply;
import io.semel.broker.catalogue.Topic;
import io.semel.broker.partition.LeaderEpoch;
import io.semel.kernel.world.Entropy;
import io.semel.wire.error.ErrorCode;
import io.semel.wire.message.Api;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.MetadataRequestData;
import org.apache.kafka.common.message.MetadataRequestData.MetadataRequestTopic;
import org.apache.kafka.common.message.MetadataResponseData;
import org.apache.kafka.common.message.MetadataResponseData.MetadataResponseBroker;
import org.apache.kafka.common.message.MetadataResponseData.MetadataResponsePartition;
import org.apache.kafka.common.message.MetadataResponseData.MetadataResponseTopic;

/**
 * Metadata (3): who is here and what topics there are; creates a topic that is asked for by name when that
 * is allowed.
 */
public final class MetadataDesk implements Desk {
    private static final short TOPIC_IDS_FROM = 12;

    private final Topics topics;
    private final Host host;
    private final Entropy entropy;
    private final boolean autoCreate;
    private final int partitionsDefault;

    public MetadataDesk(Topics topics, Host host, Entropy entropy, boolean autoCreate,
            int partitionsDefault) {
        this.topics = topics;
        this.host = host;
        this.entropy = entropy;
        this.autoCreate = autoCreate;
        this.partitionsDefault = partitionsDefault;
    }

    @Override
    public Api api() {
        return Api.METADATA;
    }

    @Override
    public void serve(Call call) {
        MetadataRequestData request = call.body();
        MetadataResponseData response = new MetadataResponseData().setClusterId(host.clusterId())
                .setControllerId(host.nodeId());
        response.brokers().add(new MetadataResponseBroker().setNodeId(host.nodeId()).setHost(host.name())
                .setPort(host.port()).setRack(host.rack()));
        boolean tellAllowed = request.includeClusterAuthorizedOperations();
        if (tellAllowed) response.setClusterAuthorizedOperations(Allowed.ON_CLUSTER);
        List<MetadataRequestTopic> asked = request.topics();
        boolean all = asked == null || asked.isEmpty() && call.version() == 0;
        if (all) {
            for (Topic topic : topics.now().topics()) response.topics().add(describe(topic, request));
            call.reply(response);
            return;
        }
        Gathering gathering = new Gathering(() -> call.reply(response));
        boolean mayCreate = autoCreate && (call.version() < 4 || request.allowAutoTopicCreation());
        Set<Object> named = new HashSet<>();
        for (MetadataRequestTopic one : asked) {
            if (named.add(isById(one) ? one.topicId() : one.name())) {
                addAsked(call, one, mayCreate, response, gathering);
            }
        }
        gathering.oneCame();
    }

    /** Admin leaves the name empty beside an id, other clients leave it out. */
    private static boolean isById(MetadataRequestTopic asked) {
        return asked.name() == null || !asked.topicId().equals(Uuid.ZERO_UUID);
    }

    private void addAsked(Call call, MetadataRequestTopic asked, boolean mayCreate,
            MetadataResponseData response,
                          Gathering gathering) {
        boolean byId = isById(asked);
        if (byId && call.version() < TOPIC_IDS_FROM) {
            response.topics().add(missing("", asked.topicId(), ErrorCode.INVALID_REQUEST));
            return;
        }
        Topic topic = byId ? topics.byId(asked.topicId()) : topics.byName(asked.name());
        if (topic != null) {
            response.topics().add(describe(topic, call.body()));
            return;
        }
        if (byId || !mayCreate) {
            ErrorCode error = byId ? ErrorCode.UNKNOWN_TOPIC_ID : Topics.unknown(asked.name());
            response.topics().add(missing(asked.name(), asked.topicId(), error));
            return;
        }
        gathering.expectOne();
        UUID id = new UUID(entropy.nextLong(), entropy.nextLong());
        topics.change(new CatalogueCommand.CreateTopic(asked.name(), id, partitionsDefault, Map.of(), false),
                call.home(), reply -> {
            Topic created = reply instanceof CatalogueReply.Done done ? done.topic()
                    : topics.byName(asked.name());
            if (created != null) response.topics().add(describe(created, call.body()));
            else response.topics().add(missing(asked.name(), Uuid.ZERO_UUID,
                    ((CatalogueReply.Refused) reply).error()));
            gathering.oneCame();
        });
    }

    private MetadataResponseTopic describe(Topic topic, MetadataRequestData request) {
        MetadataResponseTopic described = new MetadataResponseTopic().setName(topic.name())
                .setTopicId(Ids.wire(topic.id()))
                .setIsInternal(topic.isInternal());
        if (request.includeTopicAuthorizedOperations()) {
            described.setTopicAuthorizedOperations(Allowed.ON_TOPICS);
        }
        List<Integer> here = List.of(host.nodeId());
        for (int partition = 0; partition < topic.partitions(); partition++) {
            described.partitions().add(new MetadataResponsePartition().setPartitionIndex(partition)
                    .setLeaderId(host.nodeId())
                    .setLeaderEpoch(LeaderEpoch.OURS).setReplicaNodes(here).setIsrNodes(here));
        }
        return described;
    }

    private static MetadataResponseTopic missing(String name, Uuid id, ErrorCode error) {
        return new MetadataResponseTopic().setName(name).setTopicId(id == null ? Uuid.ZERO_UUID : id)
                .setErrorCode(error.code());
    }
}
