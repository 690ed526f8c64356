package io.semel.broker;

import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.message.AlterClientQuotasRequestData;
import org.apache.kafka.common.message.AlterClientQuotasRequestData.EntryData;
import org.apache.kafka.common.message.AlterClientQuotasRequestData.OpData;
import org.apache.kafka.common.message.AlterConfigsRequestData;
import org.apache.kafka.common.message.AlterConfigsRequestData.AlterConfigsResource;
import org.apache.kafka.common.message.AlterConfigsRequestData.AlterableConfig;
import org.apache.kafka.common.message.AlterPartitionReassignmentsRequestData;
import org.apache.kafka.common.message.AlterPartitionReassignmentsRequestData.ReassignablePartition;
import org.apache.kafka.common.message.AlterPartitionReassignmentsRequestData.ReassignableTopic;
import org.apache.kafka.common.message.AlterReplicaLogDirsRequestData;
import org.apache.kafka.common.message.AlterReplicaLogDirsRequestData.AlterReplicaLogDir;
import org.apache.kafka.common.message.AlterReplicaLogDirsRequestData.AlterReplicaLogDirTopic;
import org.apache.kafka.common.message.AlterUserScramCredentialsRequestData;
import org.apache.kafka.common.message.AlterUserScramCredentialsRequestData.ScramCredentialDeletion;
import org.apache.kafka.common.message.AlterUserScramCredentialsRequestData.ScramCredentialUpsertion;
import org.apache.kafka.common.message.CreateAclsRequestData;
import org.apache.kafka.common.message.CreateAclsRequestData.AclCreation;
import org.apache.kafka.common.message.DeleteAclsRequestData;
import org.apache.kafka.common.message.DeleteAclsRequestData.DeleteAclsFilter;
import org.apache.kafka.common.message.DescribeAclsRequestData;
import org.apache.kafka.common.message.DescribeClientQuotasRequestData;
import org.apache.kafka.common.message.DescribeClientQuotasRequestData.ComponentData;
import org.apache.kafka.common.message.DescribeLogDirsRequestData;
import org.apache.kafka.common.message.DescribeLogDirsRequestData.DescribableLogDirTopic;
import org.apache.kafka.common.message.DescribeUserScramCredentialsRequestData;
import org.apache.kafka.common.message.DescribeUserScramCredentialsRequestData.UserName;
import org.apache.kafka.common.message.ElectLeadersRequestData;
import org.apache.kafka.common.message.ElectLeadersRequestData.TopicPartitions;
import org.apache.kafka.common.message.ListConfigResourcesRequestData;
import org.apache.kafka.common.message.ListPartitionReassignmentsRequestData;
import org.apache.kafka.common.message.OffsetForLeaderEpochRequestData;
import org.apache.kafka.common.message.OffsetForLeaderEpochRequestData.OffsetForLeaderPartition;
import org.apache.kafka.common.message.OffsetForLeaderEpochRequestData.OffsetForLeaderTopic;
import org.apache.kafka.common.message.UpdateFeaturesRequestData;
import org.apache.kafka.common.message.UpdateFeaturesRequestData.FeatureUpdateKey;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;

/** The same as {@link OddRequests} for what only administrators ask. */
final class OddAdminRequests {
    private static final List<String> TOPICS = List.of("t", "nope", "");
    private static final List<Integer> INDEXES = List.of(0, 0, 1, 7, -1);

    private final int version;
    private final List<ApiMessage> made = new ArrayList<>();

    OddAdminRequests(int version) {
        this.version = version;
    }

    List<ApiMessage> of(ApiKeys api) {
        switch (api) {
            case OFFSET_FOR_LEADER_EPOCH -> epochs();
            case DESCRIBE_ACLS, CREATE_ACLS, DELETE_ACLS -> acls(api);
            case ALTER_CONFIGS -> configs();
            case ALTER_REPLICA_LOG_DIRS, DESCRIBE_LOG_DIRS -> directories();
            case ELECT_LEADERS, ALTER_PARTITION_REASSIGNMENTS, LIST_PARTITION_REASSIGNMENTS -> placing(api);
            case DESCRIBE_CLIENT_QUOTAS, ALTER_CLIENT_QUOTAS -> quotas(api);
            case DESCRIBE_USER_SCRAM_CREDENTIALS, ALTER_USER_SCRAM_CREDENTIALS -> users();
            case UPDATE_FEATURES -> features();
            case LIST_CONFIG_RESOURCES -> resources();
            case STREAMS_GROUP_HEARTBEAT, STREAMS_GROUP_DESCRIBE -> made.addAll(OddStreams.of(api));
            default -> throw new IllegalStateException("no request for " + api + ": add one");
        }
        made.removeIf(one -> !one.getClass().equals(api.messageType.newRequest().getClass()));
        return made;
    }

    private void epochs() {
        OffsetForLeaderEpochRequestData request = new OffsetForLeaderEpochRequestData();
        for (String name : List.of("t", "nope")) {
            OffsetForLeaderTopic topic = new OffsetForLeaderTopic().setTopic(name);
            for (int epoch : new int[] {-2, -1, 0, 1, Integer.MAX_VALUE}) {
                for (int index : INDEXES) {
                    topic.partitions().add(new OffsetForLeaderPartition().setPartition(index)
                            .setLeaderEpoch(epoch).setCurrentLeaderEpoch(epoch));
                }
            }
            request.topics().add(topic);
        }
        made.add(request);
        made.add(new OffsetForLeaderEpochRequestData());
    }

    private void acls(ApiKeys api) {
        made.add(new DescribeAclsRequestData().setResourceTypeFilter((byte) 2).setOperation((byte) 1)
                .setPermissionType((byte) 1));
        CreateAclsRequestData create = new CreateAclsRequestData();
        DeleteAclsRequestData delete = new DeleteAclsRequestData();
        if (api == ApiKeys.CREATE_ACLS) made.add(create.duplicate());
        for (String name : TOPICS) {
            create.creations().add(new AclCreation().setResourceName(name).setPrincipal("User:x")
                    .setHost("*"));
            delete.filters().add(new DeleteAclsFilter().setResourceNameFilter(name));
        }
        made.add(create);
        made.add(delete);
    }

    private void configs() {
        AlterConfigsRequestData request = new AlterConfigsRequestData();
        for (byte type : new byte[] {2, 4, 16, 32, 0}) {
            for (String name : List.of("t", "1", "", "nope")) {
                AlterConfigsResource resource = new AlterConfigsResource().setResourceType(type)
                        .setResourceName(name);
                resource.configs().add(new AlterableConfig().setName("retention.ms").setValue(null));
                resource.configs().add(new AlterableConfig().setName("").setValue("x"));
                request.resources().add(resource);
            }
        }
        made.add(request);
        made.add(request.duplicate().setValidateOnly(true));
    }

    private void directories() {
        AlterReplicaLogDirsRequestData alter = new AlterReplicaLogDirsRequestData();
        DescribeLogDirsRequestData describe = new DescribeLogDirsRequestData();
        AlterReplicaLogDir directory = new AlterReplicaLogDir().setPath("/nowhere");
        for (String name : TOPICS) {
            directory.topics().add(new AlterReplicaLogDirTopic().setName(name).setPartitions(INDEXES));
            describe.topics().add(new DescribableLogDirTopic().setTopic(name).setPartitions(INDEXES));
        }
        alter.dirs().add(directory);
        made.add(alter);
        made.add(describe);
        made.add(new DescribeLogDirsRequestData().setTopics(null));
    }

    private void placing(ApiKeys api) {
        ElectLeadersRequestData elect = new ElectLeadersRequestData();
        AlterPartitionReassignmentsRequestData move = new AlterPartitionReassignmentsRequestData();
        for (String name : TOPICS) {
            elect.topicPartitions().add(new TopicPartitions().setTopic(name).setPartitions(INDEXES));
            AlterPartitionReassignmentsRequestData.ReassignableTopic topic =
                    new AlterPartitionReassignmentsRequestData.ReassignableTopic().setName(name);
            for (int index : INDEXES) {
                topic.partitions().add(new ReassignablePartition().setPartitionIndex(index)
                        .setReplicas(index == 0 ? null : List.of(index, index)));
            }
            move.topics().add(topic);
        }
        made.add(elect);
        if (api == ApiKeys.ELECT_LEADERS && version >= 1) {
            made.add(elect.duplicate().setElectionType((byte) 9));
            made.add(new ElectLeadersRequestData().setTopicPartitions(null).setElectionType((byte) 1));
        }
        made.add(move);
        made.add(new ListPartitionReassignmentsRequestData().setTopics(null));
    }

    private void quotas(ApiKeys api) {
        if (api == ApiKeys.DESCRIBE_CLIENT_QUOTAS) {
            for (byte match = -1; match < 4; match++) {
                DescribeClientQuotasRequestData request = new DescribeClientQuotasRequestData();
                for (String type : List.of("user", "", "user")) {
                    request.components().add(new ComponentData().setEntityType(type).setMatchType(match)
                            .setMatch(match == 0 ? "x" : null));
                    made.add(request.duplicate());
                }
            }
            return;
        }
        AlterClientQuotasRequestData request = new AlterClientQuotasRequestData();
        for (boolean remove : new boolean[] {true, false}) {
            EntryData entry = new EntryData();
            entry.entity().add(new AlterClientQuotasRequestData.EntityData().setEntityType("user"));
            entry.ops().add(new OpData().setKey("producer_byte_rate").setRemove(remove).setValue(-1));
            request.entries().add(entry);
        }
        made.add(request);
    }

    private void users() {
        made.add(new DescribeUserScramCredentialsRequestData().setUsers(null));
        made.add(new DescribeUserScramCredentialsRequestData().setUsers(List.of(new UserName().setName("x"),
                new UserName().setName("x"))));
        made.add(new AlterUserScramCredentialsRequestData()
                .setDeletions(List.of(new ScramCredentialDeletion().setName("x")))
                .setUpsertions(List.of(new ScramCredentialUpsertion().setName("x").setSalt(new byte[0])
                        .setSaltedPassword(new byte[0]))));
    }

    private void features() {
        for (String name : List.of("transaction.version", "nope")) {
            for (short level : new short[] {-1, 0, 1, 2, Short.MAX_VALUE}) {
                UpdateFeaturesRequestData request = new UpdateFeaturesRequestData();
                request.featureUpdates().add(new FeatureUpdateKey().setFeature(name)
                        .setMaxVersionLevel(level));
                made.add(request);
            }
        }
        made.add(new UpdateFeaturesRequestData());
    }

    private void resources() {
        made.add(new ListConfigResourcesRequestData());
        if (version >= 1) made.add(new ListConfigResourcesRequestData().setResourceTypes(List.of((byte) 2,
                (byte) 99)));
    }
}
