package io.semel.broker;

import io.semel.wire.message.SliceRecords;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.AddOffsetsToTxnRequestData;
import org.apache.kafka.common.message.AddPartitionsToTxnRequestData;
import org.apache.kafka.common.message.AddPartitionsToTxnRequestData.AddPartitionsToTxnTopic;
import org.apache.kafka.common.message.ApiVersionsRequestData;
import org.apache.kafka.common.message.CreatePartitionsRequestData;
import org.apache.kafka.common.message.CreatePartitionsRequestData.CreatePartitionsAssignment;
import org.apache.kafka.common.message.CreatePartitionsRequestData.CreatePartitionsTopic;
import org.apache.kafka.common.message.CreateTopicsRequestData;
import org.apache.kafka.common.message.CreateTopicsRequestData.CreatableTopic;
import org.apache.kafka.common.message.CreateTopicsRequestData.CreatableTopicConfig;
import org.apache.kafka.common.message.DeleteGroupsRequestData;
import org.apache.kafka.common.message.DeleteRecordsRequestData;
import org.apache.kafka.common.message.DeleteRecordsRequestData.DeleteRecordsPartition;
import org.apache.kafka.common.message.DeleteRecordsRequestData.DeleteRecordsTopic;
import org.apache.kafka.common.message.DeleteTopicsRequestData;
import org.apache.kafka.common.message.DeleteTopicsRequestData.DeleteTopicState;
import org.apache.kafka.common.message.DescribeClusterRequestData;
import org.apache.kafka.common.message.DescribeConfigsRequestData;
import org.apache.kafka.common.message.DescribeConfigsRequestData.DescribeConfigsResource;
import org.apache.kafka.common.message.DescribeGroupsRequestData;
import org.apache.kafka.common.message.DescribeProducersRequestData;
import org.apache.kafka.common.message.DescribeTopicPartitionsRequestData;
import org.apache.kafka.common.message.DescribeTopicPartitionsRequestData.Cursor;
import org.apache.kafka.common.message.DescribeTransactionsRequestData;
import org.apache.kafka.common.message.EndTxnRequestData;
import org.apache.kafka.common.message.FetchRequestData;
import org.apache.kafka.common.message.FetchRequestData.FetchPartition;
import org.apache.kafka.common.message.FetchRequestData.FetchTopic;
import org.apache.kafka.common.message.FindCoordinatorRequestData;
import org.apache.kafka.common.message.HeartbeatRequestData;
import org.apache.kafka.common.message.IncrementalAlterConfigsRequestData;
import org.apache.kafka.common.message.IncrementalAlterConfigsRequestData.AlterConfigsResource;
import org.apache.kafka.common.message.IncrementalAlterConfigsRequestData.AlterableConfig;
import org.apache.kafka.common.message.InitProducerIdRequestData;
import org.apache.kafka.common.message.JoinGroupRequestData;
import org.apache.kafka.common.message.JoinGroupRequestData.JoinGroupRequestProtocol;
import org.apache.kafka.common.message.LeaveGroupRequestData;
import org.apache.kafka.common.message.LeaveGroupRequestData.MemberIdentity;
import org.apache.kafka.common.message.ListGroupsRequestData;
import org.apache.kafka.common.message.ListOffsetsRequestData;
import org.apache.kafka.common.message.ListOffsetsRequestData.ListOffsetsPartition;
import org.apache.kafka.common.message.ListOffsetsRequestData.ListOffsetsTopic;
import org.apache.kafka.common.message.ListTransactionsRequestData;
import org.apache.kafka.common.message.MetadataRequestData;
import org.apache.kafka.common.message.MetadataRequestData.MetadataRequestTopic;
import org.apache.kafka.common.message.OffsetCommitRequestData;
import org.apache.kafka.common.message.OffsetCommitRequestData.OffsetCommitRequestPartition;
import org.apache.kafka.common.message.OffsetCommitRequestData.OffsetCommitRequestTopic;
import org.apache.kafka.common.message.OffsetDeleteRequestData;
import org.apache.kafka.common.message.OffsetDeleteRequestData.OffsetDeleteRequestPartition;
import org.apache.kafka.common.message.OffsetDeleteRequestData.OffsetDeleteRequestTopic;
import org.apache.kafka.common.message.OffsetFetchRequestData;
import org.apache.kafka.common.message.OffsetFetchRequestData.OffsetFetchRequestGroup;
import org.apache.kafka.common.message.OffsetFetchRequestData.OffsetFetchRequestTopic;
import org.apache.kafka.common.message.OffsetFetchRequestData.OffsetFetchRequestTopics;
import org.apache.kafka.common.message.ProduceRequestData;
import org.apache.kafka.common.message.ProduceRequestData.PartitionProduceData;
import org.apache.kafka.common.message.ProduceRequestData.TopicProduceData;
import org.apache.kafka.common.message.SyncGroupRequestData;
import org.apache.kafka.common.message.TxnOffsetCommitRequestData;
import org.apache.kafka.common.message.TxnOffsetCommitRequestData.TxnOffsetCommitRequestPartition;
import org.apache.kafka.common.message.TxnOffsetCommitRequestData.TxnOffsetCommitRequestTopic;
import org.apache.kafka.common.message.WriteTxnMarkersRequestData;
import org.apache.kafka.common.message.WriteTxnMarkersRequestData.WritableTxnMarker;
import org.apache.kafka.common.message.WriteTxnMarkersRequestData.WritableTxnMarkerTopic;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;

/** Asks for what is there, what is not, nothing, the same twice, numbers at the ends of their ranges. */
final class OddRequests {
    private static final Uuid NO_ID = new Uuid(1, 2);
    private static final List<String> TOPICS = List.of("t", "nope");
    private static final List<String> GROUPS = List.of("g", "nobody", "");
    private static final List<String> TRANSACTIONS = List.of("x0", "nobody", "");
    private static final List<Integer> INDEXES = List.of(0, 0, 1, 7, -1);

    private final Uuid id;
    private final int version;
    private final List<ApiMessage> made = new ArrayList<>();

    OddRequests(Uuid id, int version) {
        this.id = id;
        this.version = version;
    }

    List<ApiMessage> of(ApiKeys api) {
        switch (api) {
            case PRODUCE -> produce();
            case FETCH -> fetch();
            case LIST_OFFSETS -> listOffsets();
            case DELETE_RECORDS -> deleteRecords();
            case METADATA -> metadata();
            case OFFSET_COMMIT -> offsetCommit();
            case OFFSET_FETCH -> offsetFetch();
            case FIND_COORDINATOR -> findCoordinator();
            case JOIN_GROUP -> joinGroup();
            case SYNC_GROUP, HEARTBEAT, LEAVE_GROUP -> members(api);
            case CONSUMER_GROUP_HEARTBEAT, CONSUMER_GROUP_DESCRIBE -> made.addAll(
                    OddConsumers.of(api, id, version));
            case DESCRIBE_GROUPS, LIST_GROUPS, DELETE_GROUPS, OFFSET_DELETE -> groups(api);
            case CREATE_TOPICS, DELETE_TOPICS, CREATE_PARTITIONS -> topics(api);
            case DESCRIBE_CONFIGS, INCREMENTAL_ALTER_CONFIGS -> configs(api);
            case INIT_PRODUCER_ID -> initProducerId();
            case ADD_PARTITIONS_TO_TXN, ADD_OFFSETS_TO_TXN, END_TXN, TXN_OFFSET_COMMIT -> transactions(api);
            case WRITE_TXN_MARKERS, DESCRIBE_PRODUCERS, DESCRIBE_TRANSACTIONS,
                    LIST_TRANSACTIONS -> inspections(api);
            case API_VERSIONS, DESCRIBE_CLUSTER, DESCRIBE_TOPIC_PARTITIONS -> cluster(api);
            default -> made.addAll(new OddAdminRequests(version).of(api));
        }
        return made;
    }

    private void produce() {
        for (String name : List.of("t", "nope", "__consumer_offsets")) {
            TopicProduceData data = new TopicProduceData();
            if (version >= 13) data.setTopicId(name.equals("t") ? id : NO_ID);
            else data.setName(name);
            for (int index : INDEXES) {
                data.partitionData().add(new PartitionProduceData().setIndex(index)
                        .setRecords(SliceRecords.ofBytes(SimVerbs.batch("a"))));
            }
            data.partitionData().add(new PartitionProduceData().setIndex(0).setRecords(null));
            ProduceRequestData request = new ProduceRequestData().setAcks((short) -1).setTimeoutMs(1000);
            request.topicData().add(data);
            made.add(request);
            made.add(request.duplicate().setAcks((short) 7));
        }
        made.add(new ProduceRequestData().setAcks((short) 1));
    }

    private void deleteRecords() {
        DeleteRecordsTopic topic = new DeleteRecordsTopic().setName("t");
        for (long offset : new long[] {-1, -2, Long.MAX_VALUE, 0}) {
            for (int index : INDEXES) topic.partitions().add(new DeleteRecordsPartition()
                    .setPartitionIndex(index).setOffset(offset));
        }
        made.add(new DeleteRecordsRequestData().setTimeoutMs(-1).setTopics(List.of(topic,
                topic.duplicate().setName("nope"), new DeleteRecordsTopic().setName(""))));
    }

    private void fetch() {
        for (byte isolation = 0; isolation < 2; isolation++) {
            FetchRequestData request = new FetchRequestData().setMaxBytes(-1).setMinBytes(Integer.MAX_VALUE)
                    .setMaxWaitMs(10)
                    .setIsolationLevel(isolation);
            for (String name : TOPICS) {
                FetchTopic topic = new FetchTopic();
                if (version >= 13) topic.setTopicId(name.equals("t") ? id : NO_ID);
                else topic.setTopic(name);
                for (int index : INDEXES) {
                    topic.partitions().add(new FetchPartition().setPartition(index).setFetchOffset(index * 9)
                            .setPartitionMaxBytes(0));
                }
                request.topics().add(topic);
            }
            made.add(request);
        }
        made.add(new FetchRequestData().setMaxWaitMs(-1));
        if (version >= 7) made.add(new FetchRequestData().setMaxWaitMs(10).setSessionId(3)
                .setSessionEpoch(4));
    }

    private void listOffsets() {
        ListOffsetsRequestData request = new ListOffsetsRequestData().setReplicaId(-1);
        if (version >= 2) request.setIsolationLevel((byte) 1);
        for (String name : TOPICS) {
            ListOffsetsTopic topic = new ListOffsetsTopic().setName(name);
            for (long time = -8; time < 3; time++) {
                topic.partitions().add(new ListOffsetsPartition().setPartitionIndex(0).setTimestamp(time));
            }
            topic.partitions().add(new ListOffsetsPartition().setPartitionIndex(0)
                    .setTimestamp(Long.MAX_VALUE));
            topic.partitions().add(new ListOffsetsPartition().setPartitionIndex(-1)
                    .setTimestamp(Long.MIN_VALUE));
            request.topics().add(topic);
        }
        made.add(request);
        made.add(new ListOffsetsRequestData());
    }

    private void metadata() {
        made.add(new MetadataRequestData().setTopics(version == 0 ? List.of() : null));
        if (version > 0) made.add(new MetadataRequestData().setTopics(List.of()));
        List<MetadataRequestTopic> named = new ArrayList<>();
        for (String name : List.of("t", "t", "auto" + version, "auto" + version, "bad name", "",
                "__semel_catalogue")) {
            named.add(new MetadataRequestTopic().setName(name));
        }
        made.add(new MetadataRequestData().setTopics(named));
        if (version < 10) return;
        for (Uuid one : List.of(id, NO_ID, Uuid.ZERO_UUID)) {
            made.add(new MetadataRequestData().setTopics(List.of(new MetadataRequestTopic().setName(null)
                    .setTopicId(one))));
            made.add(new MetadataRequestData().setTopics(List.of(new MetadataRequestTopic().setName("t")
                    .setTopicId(one))));
        }
    }

    private void offsetCommit() {
        OffsetCommitRequestData request = new OffsetCommitRequestData();
        for (String name : TOPICS) {
            OffsetCommitRequestTopic topic = new OffsetCommitRequestTopic();
            if (version >= 10) topic.setTopicId(name.equals("t") ? id : NO_ID);
            else topic.setName(name);
            for (int index : INDEXES) {
                topic.partitions().add(new OffsetCommitRequestPartition().setPartitionIndex(index)
                        .setCommittedOffset(5)
                        .setCommittedMetadata(null));
            }
            request.topics().add(topic);
        }
        for (String group : GROUPS) {
            made.add(request.duplicate().setGroupId(group));
            made.add(request.duplicate().setGroupId(group).setMemberId("who")
                    .setGenerationIdOrMemberEpoch(3));
            made.add(new OffsetCommitRequestData().setGroupId(group));
        }
    }

    private void offsetFetch() {
        if (version < 8) {
            for (String group : GROUPS) {
                OffsetFetchRequestData request = new OffsetFetchRequestData().setGroupId(group);
                for (String name : TOPICS) {
                    request.topics().add(new OffsetFetchRequestTopic().setName(name)
                            .setPartitionIndexes(INDEXES));
                }
                made.add(request);
                made.add(new OffsetFetchRequestData().setGroupId(group).setTopics(List.of()));
                if (version >= 2) made.add(new OffsetFetchRequestData().setGroupId(group).setTopics(null));
            }
            return;
        }
        OffsetFetchRequestData request = new OffsetFetchRequestData();
        made.add(request.duplicate());
        for (String group : GROUPS) {
            OffsetFetchRequestGroup asked = new OffsetFetchRequestGroup().setGroupId(group);
            for (String name : TOPICS) {
                OffsetFetchRequestTopics topic = new OffsetFetchRequestTopics().setPartitionIndexes(INDEXES);
                asked.topics().add(version >= 10 ? topic.setTopicId(name.equals("t") ? id : NO_ID) : topic
                        .setName(name));
            }
            request.groups().addAll(List.of(asked, asked.duplicate(), new OffsetFetchRequestGroup()
                    .setGroupId(group).setTopics(null)));
        }
        made.add(request);
    }

    private void findCoordinator() {
        for (byte type = 0; type < (version == 0 ? 1 : 3); type++) {
            FindCoordinatorRequestData request = new FindCoordinatorRequestData();
            if (version > 0) request.setKeyType(type);
            made.add(request);
            made.add(version >= 4 ? request.duplicate().setCoordinatorKeys(GROUPS) : request.duplicate()
                    .setKey("a"));
        }
    }

    private void joinGroup() {
        for (String group : GROUPS) {
            JoinGroupRequestData request = new JoinGroupRequestData().setGroupId(group)
                    .setSessionTimeoutMs(10_000)
                    .setProtocolType("consumer").setRebalanceTimeoutMs(version >= 1 ? 100 : -1);
            made.add(request.duplicate());
            request.protocols().add(new JoinGroupRequestProtocol().setName("p").setMetadata(new byte[] {1}));
            made.add(request);
            made.add(request.duplicate().setMemberId("nobody"));
            made.add(request.duplicate().setSessionTimeoutMs(-1));
            if (version >= 5) made.addAll(Collections.nCopies(2, request.duplicate()
                    .setGroupInstanceId("static")));
        }
    }

    private void members(ApiKeys api) {
        for (String group : GROUPS) {
            if (api == ApiKeys.HEARTBEAT) made.add(new HeartbeatRequestData().setGroupId(group)
                    .setMemberId("m"));
            if (api == ApiKeys.SYNC_GROUP) {
                SyncGroupRequestData request = new SyncGroupRequestData().setGroupId(group).setMemberId("m");
                made.add(request);
                if (version >= 5) made.add(request.duplicate().setProtocolName("p").setProtocolType("c"));
            }
            if (api == ApiKeys.LEAVE_GROUP) {
                LeaveGroupRequestData request = new LeaveGroupRequestData().setGroupId(group);
                made.add(request.duplicate());
                MemberIdentity unknown = new MemberIdentity().setMemberId("m");
                made.add(version < 3 ? request.setMemberId("m")
                        : request.setMembers(List.of(unknown, unknown.duplicate().setGroupInstanceId("i"))));
            }
        }
    }

    private void groups(ApiKeys api) {
        switch (api) {
            case DESCRIBE_GROUPS -> {
                made.add(new DescribeGroupsRequestData());
                made.add(new DescribeGroupsRequestData().setGroups(GROUPS));
            }
            case LIST_GROUPS -> {
                made.add(new ListGroupsRequestData());
                if (version >= 4) made.add(new ListGroupsRequestData()
                        .setStatesFilter(List.of("Empty", "x")));
                if (version >= 5) made.add(new ListGroupsRequestData()
                        .setTypesFilter(List.of("Classic", "x")));
            }
            case DELETE_GROUPS -> {
                made.add(new DeleteGroupsRequestData());
                made.add(new DeleteGroupsRequestData().setGroupsNames(List.of("g", "nobody", "nobody", "")));
            }
            default -> {
                for (String group : GROUPS) {
                    OffsetDeleteRequestData request = new OffsetDeleteRequestData().setGroupId(group);
                    made.add(request.duplicate());
                    request.topics().add(new OffsetDeleteRequestTopic().setName("t").setPartitions(List.of(
                            new OffsetDeleteRequestPartition(), new OffsetDeleteRequestPartition()
                                    .setPartitionIndex(-1))));
                    made.add(request);
                }
            }
        }
    }

    private void topics(ApiKeys api) {
        if (api == ApiKeys.CREATE_PARTITIONS) {
            CreatePartitionsRequestData request = new CreatePartitionsRequestData();
            for (int count : new int[] {-1, Integer.MIN_VALUE, Integer.MAX_VALUE, 0, 2}) {
                for (String name : TOPICS) {
                    request.topics().add(new CreatePartitionsTopic().setName(name).setCount(count)
                            .setAssignments(null));
                }
            }
            request.topics().add(new CreatePartitionsTopic().setName("t").setCount(3).setAssignments(List.of(
                    new CreatePartitionsAssignment())));
            made.add(request);
        } else if (api == ApiKeys.CREATE_TOPICS) {
            CreateTopicsRequestData request = new CreateTopicsRequestData();
            for (String name : List.of("c" + version, "c" + version, "d" + version, "", "t",
                    "__semel_catalogue")) {
                request.topics().add(new CreatableTopic().setName(name).setNumPartitions(1)
                        .setReplicationFactor((short) 3));
            }
            for (int count : new int[] {0, -2, Integer.MIN_VALUE, Integer.MAX_VALUE}) {
                request.topics().add(new CreatableTopic().setName("n" + count).setNumPartitions(count)
                        .setReplicationFactor((short) 1));
            }
            CreatableTopic unset = new CreatableTopic().setName("e").setNumPartitions(1)
                    .setReplicationFactor((short) 1);
            unset.configs().add(new CreatableTopicConfig().setName("retention.ms").setValue(null));
            request.topics().add(unset);
            made.add(request.duplicate().setValidateOnly(true));
            made.add(request);
        } else if (version < 6) {
            made.add(new DeleteTopicsRequestData().setTopicNames(List.of("d" + version, "d" + version,
                    "nope", "__consumer_offsets", "")));
        } else {
            made.add(new DeleteTopicsRequestData().setTopics(List.of(new DeleteTopicState()
                    .setName("d" + version),
                    new DeleteTopicState().setName("nope"), new DeleteTopicState()
                            .setTopicId(NO_ID), new DeleteTopicState())));
        }
    }

    private void configs(ApiKeys api) {
        DescribeConfigsRequestData describe = new DescribeConfigsRequestData();
        IncrementalAlterConfigsRequestData alter = new IncrementalAlterConfigsRequestData();
        for (byte type : new byte[] {2, 4, 8, 0}) {
            for (String name : List.of("t", "1", "", "nope")) {
                describe.resources().add(new DescribeConfigsResource().setResourceType(type)
                        .setResourceName(name)
                        .setConfigurationKeys(type == 2 ? null : List.of("node.id")));
                AlterConfigsResource altered = new AlterConfigsResource().setResourceType(type)
                        .setResourceName(name);
                for (byte operation = -1; operation < 5; operation++) {
                    altered.configs().add(new AlterableConfig().setName("cleanup.policy")
                            .setConfigOperation(operation)
                            .setValue(operation == 1 ? null : "compact"));
                }
                alter.resources().add(altered);
            }
        }
        made.add(api == ApiKeys.DESCRIBE_CONFIGS ? describe : alter);
    }

    private void initProducerId() {
        for (String name : TRANSACTIONS) {
            made.add(new InitProducerIdRequestData().setTransactionalId(name)
                    .setTransactionTimeoutMs(60_000));
            made.add(new InitProducerIdRequestData().setTransactionalId(name).setTransactionTimeoutMs(-1));
            if (version < 3) continue;
            InitProducerIdRequestData known = new InitProducerIdRequestData().setTransactionalId(name)
                    .setTransactionTimeoutMs(60_000)
                    .setProducerId(4);
            made.add(known);
            made.add(known.duplicate().setProducerEpoch((short) 3));
        }
        made.add(new InitProducerIdRequestData().setTransactionalId(null));
    }

    private void transactions(ApiKeys api) {
        for (String name : TRANSACTIONS) {
            switch (api) {
                case END_TXN -> made.add(new EndTxnRequestData().setTransactionalId(name).setProducerId(-1)
                        .setCommitted(true));
                case ADD_OFFSETS_TO_TXN -> {
                    for (String group : GROUPS) made.add(new AddOffsetsToTxnRequestData()
                            .setTransactionalId(name).setGroupId(group));
                }
                case ADD_PARTITIONS_TO_TXN -> {
                    AddPartitionsToTxnRequestData request = new AddPartitionsToTxnRequestData()
                            .setV3AndBelowTransactionalId(name);
                    made.add(request.duplicate());
                    request.v3AndBelowTopics().add(new AddPartitionsToTxnTopic().setName("t")
                            .setPartitions(List.of(0, 0, 1)));
                    made.add(request.duplicate());
                    request.v3AndBelowTopics().add(new AddPartitionsToTxnTopic().setName("nope")
                            .setPartitions(INDEXES));
                    made.add(request);
                }
                default -> {
                    for (String group : GROUPS) {
                        TxnOffsetCommitRequestData request = new TxnOffsetCommitRequestData()
                                .setTransactionalId(name)
                                .setGroupId(group).setProducerId(-1);
                        made.add(request.duplicate());
                        request.topics().add(new TxnOffsetCommitRequestTopic().setName("t")
                                .setPartitions(List.of(
                                new TxnOffsetCommitRequestPartition().setCommittedMetadata(null),
                                new TxnOffsetCommitRequestPartition().setPartitionIndex(9))));
                        made.add(request);
                    }
                }
            }
        }
    }

    private void inspections(ApiKeys api) {
        switch (api) {
            case WRITE_TXN_MARKERS -> {
                WritableTxnMarker marker = new WritableTxnMarker().setProducerId(500)
                        .setTransactionResult(true);
                for (String name : TOPICS) {
                    marker.topics().add(new WritableTxnMarkerTopic().setName(name)
                            .setPartitionIndexes(INDEXES));
                }
                made.add(new WriteTxnMarkersRequestData());
                made.add(new WriteTxnMarkersRequestData().setMarkers(List.of(marker, marker.duplicate()
                        .setProducerId(-1))));
            }
            case DESCRIBE_PRODUCERS -> {
                DescribeProducersRequestData request = new DescribeProducersRequestData();
                for (String name : TOPICS) {
                    request.topics().add(new DescribeProducersRequestData.TopicRequest().setName(name)
                            .setPartitionIndexes(INDEXES));
                }
                made.add(request);
            }
            case DESCRIBE_TRANSACTIONS -> made.add(new DescribeTransactionsRequestData()
                    .setTransactionalIds(TRANSACTIONS));
            default -> {
                made.add(new ListTransactionsRequestData());
                made.add(new ListTransactionsRequestData().setStateFilters(List.of("Ongoing", "x"))
                        .setProducerIdFilters(List.of(0L)));
                if (version >= 1) made.add(new ListTransactionsRequestData().setDurationFilter(0));
                if (version < 2) return;
                made.add(new ListTransactionsRequestData().setTransactionalIdPattern("("));
                made.add(new ListTransactionsRequestData().setTransactionalIdPattern(null));
                made.add(new ListTransactionsRequestData().setTransactionalIdPattern("x.*"));
            }
        }
    }

    private void cluster(ApiKeys api) {
        switch (api) {
            case API_VERSIONS -> made.add(new ApiVersionsRequestData());
            case DESCRIBE_CLUSTER -> {
                made.add(new DescribeClusterRequestData());
                if (version >= 1) made.add(new DescribeClusterRequestData().setEndpointType((byte) 2));
            }
            default -> {
                for (int first : new int[] {0, 1, -1, Integer.MAX_VALUE}) {
                    DescribeTopicPartitionsRequestData request = new DescribeTopicPartitionsRequestData()
                            .setResponsePartitionLimit(first)
                            .setCursor(new Cursor().setTopicName("t").setPartitionIndex(first));
                    for (String name : TOPICS) {
                        request.topics().add(new DescribeTopicPartitionsRequestData.TopicRequest()
                                .setName(name));
                    }
                    made.add(request);
                }
            }
        }
    }
}
