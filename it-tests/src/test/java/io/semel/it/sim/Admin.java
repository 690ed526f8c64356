package io.semel.it.sim;

import io.semel.sim.Dice;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.CreateTopicsRequestData;
import org.apache.kafka.common.message.CreateTopicsResponseData;
import org.apache.kafka.common.message.MetadataRequestData;
import org.apache.kafka.common.message.MetadataResponseData;
import org.apache.kafka.common.message.OffsetFetchRequestData;
import org.apache.kafka.common.message.OffsetFetchResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.Errors;

/** Makes the topics before a story, and asks for the groups' offsets after it; patient. One thread. */
final class Admin {
    private final Clients clients;
    private final Dice dice;
    private final BrokerLink link;
    private int toCome;

    Admin(Clients clients) {
        this.clients = clients;
        this.dice = clients.dice("admin");
        this.link = clients.link("admin");
    }

    /** True when what was asked for is done. */
    boolean ready() {
        return toCome == 0;
    }

    void createTopics() {
        toCome++;
        CreateTopicsRequestData request = new CreateTopicsRequestData().setTimeoutMs(10_000);
        CreateTopicsRequestData.CreatableTopic records = topic(Clients.TOPIC, clients.partitionCount);
        if (clients.compacts) {
            set(records, "cleanup.policy", "compact");
            set(records, "min.cleanable.dirty.ratio", dice.percent(50) ? "0" : "0.4");
            set(records, "delete.retention.ms", Integer.toString(dice.percent(50) ? 0 : dice.below(300)));
        }
        if (clients.trims != null) {
            set(records, "retention.ms", Long.toString(clients.trims.ms));
            set(records, "retention.bytes", Long.toString(clients.trims.bytes));
        }
        request.topics().add(records);
        request.topics().add(topic(Enlisting.INPUT_TOPIC, 1));
        ask(ApiKeys.CREATE_TOPICS, 7, request, response -> {
            for (var topic : ((CreateTopicsResponseData) response).topics()) {
                Errors error = Errors.forCode(topic.errorCode());
                if (error != Errors.NONE && error != Errors.TOPIC_ALREADY_EXISTS) return false;
            }
            describe();
            return true;
        });
    }

    private void describe() {
        toCome++;
        MetadataRequestData request = new MetadataRequestData().setAllowAutoTopicCreation(false)
                .setTopics(List.of(new MetadataRequestData.MetadataRequestTopic().setName(Clients.TOPIC)));
        ask(ApiKeys.METADATA, 12, request, response -> {
            for (var topic : ((MetadataResponseData) response).topics()) {
                if (topic.errorCode() != 0 || topic.topicId().equals(Uuid.ZERO_UUID)) return false;
                clients.topicId = topic.topicId();
            }
            return true;
        });
    }

    private static void set(CreateTopicsRequestData.CreatableTopic topic, String name, String value) {
        topic.configs().add(new CreateTopicsRequestData.CreatableTopicConfig().setName(name).setValue(value));
    }

    private static CreateTopicsRequestData.CreatableTopic topic(String name, int partitions) {
        return new CreateTopicsRequestData.CreatableTopic().setName(name).setNumPartitions(partitions)
                .setReplicationFactor((short) 1);
    }

    void fetchOffsets(List<String> groups, Map<String, Long> offsets) {
        for (String group : groups) {
            toCome++;
            OffsetFetchRequestData request = new OffsetFetchRequestData().setRequireStable(true)
                    .setGroups(List.of(
                    new OffsetFetchRequestData.OffsetFetchRequestGroup().setGroupId(group).setTopics(List.of(
                            new OffsetFetchRequestData.OffsetFetchRequestTopics()
                                    .setName(Enlisting.INPUT_TOPIC)
                                    .setPartitionIndexes(List.of(0))))));
            ask(ApiKeys.OFFSET_FETCH, 8, request, response ->
                    found(partition -> group, (OffsetFetchResponseData) response, offsets));
        }
    }

    /** Where the copiers' chains stand, by their names. */
    void fetchChains(Map<String, Long> offsets) {
        toCome++;
        List<Integer> chains = IntStream.range(0, clients.partitionCount).boxed().toList();
        OffsetFetchRequestData request = new OffsetFetchRequestData().setRequireStable(true)
                .setGroups(List.of(
                new OffsetFetchRequestData.OffsetFetchRequestGroup().setGroupId(Membership.GROUP)
                        .setTopics(List.of(new OffsetFetchRequestData.OffsetFetchRequestTopics()
                        .setName(Clients.TOPIC).setPartitionIndexes(chains)))));
        ask(ApiKeys.OFFSET_FETCH, 8, request, response ->
                found(Chains::name, (OffsetFetchResponseData) response, offsets));
    }

    private static boolean found(IntFunction<String> name, OffsetFetchResponseData response,
            Map<String, Long> offsets) {
        OffsetFetchResponseData.OffsetFetchResponseGroup answer = response.groups().get(0);
        if (answer.errorCode() != 0) return false;
        for (var topic : answer.topics()) {
            for (var partition : topic.partitions()) {
                if (partition.errorCode() != 0) return false;
                if (partition.committedOffset() >= 0) offsets
                        .put(name.apply(partition.partitionIndex()), partition.committedOffset());
            }
        }
        return true;
    }

    private interface Taking {
        /** @return false to ask again */
        boolean take(ApiMessage response);
    }

    private void ask(ApiKeys api, int version, ApiMessage body, Taking taking) {
        link.ask(api, version, body, new BrokerLink.Answer() {
            @Override
            public void got(ApiMessage response) {
                if (taking.take(response)) toCome--;
                else lost();
            }

            @Override
            public void lost() {
                clients.later(dice, api + " again", () -> ask(api, version, body, taking));
            }
        });
    }
}
