package io.semel.wire.message;

import java.util.Locale;
import org.apache.kafka.common.message.AddOffsetsToTxnRequestData;
import org.apache.kafka.common.message.AddPartitionsToTxnRequestData;
import org.apache.kafka.common.message.AlterClientQuotasRequestData;
import org.apache.kafka.common.message.AlterConfigsRequestData;
import org.apache.kafka.common.message.AlterPartitionReassignmentsRequestData;
import org.apache.kafka.common.message.AlterReplicaLogDirsRequestData;
import org.apache.kafka.common.message.AlterUserScramCredentialsRequestData;
import org.apache.kafka.common.message.ApiMessageType;
import org.apache.kafka.common.message.ApiVersionsRequestData;
import org.apache.kafka.common.message.ConsumerGroupDescribeRequestData;
import org.apache.kafka.common.message.ConsumerGroupHeartbeatRequestData;
import org.apache.kafka.common.message.CreateAclsRequestData;
import org.apache.kafka.common.message.CreatePartitionsRequestData;
import org.apache.kafka.common.message.CreateTopicsRequestData;
import org.apache.kafka.common.message.DeleteAclsRequestData;
import org.apache.kafka.common.message.DeleteGroupsRequestData;
import org.apache.kafka.common.message.DeleteRecordsRequestData;
import org.apache.kafka.common.message.DeleteTopicsRequestData;
import org.apache.kafka.common.message.DescribeAclsRequestData;
import org.apache.kafka.common.message.DescribeClientQuotasRequestData;
import org.apache.kafka.common.message.DescribeClusterRequestData;
import org.apache.kafka.common.message.DescribeConfigsRequestData;
import org.apache.kafka.common.message.DescribeGroupsRequestData;
import org.apache.kafka.common.message.DescribeLogDirsRequestData;
import org.apache.kafka.common.message.DescribeProducersRequestData;
import org.apache.kafka.common.message.DescribeTopicPartitionsRequestData;
import org.apache.kafka.common.message.DescribeTransactionsRequestData;
import org.apache.kafka.common.message.DescribeUserScramCredentialsRequestData;
import org.apache.kafka.common.message.ElectLeadersRequestData;
import org.apache.kafka.common.message.EndTxnRequestData;
import org.apache.kafka.common.message.FetchRequestData;
import org.apache.kafka.common.message.FindCoordinatorRequestData;
import org.apache.kafka.common.message.HeartbeatRequestData;
import org.apache.kafka.common.message.IncrementalAlterConfigsRequestData;
import org.apache.kafka.common.message.InitProducerIdRequestData;
import org.apache.kafka.common.message.JoinGroupRequestData;
import org.apache.kafka.common.message.LeaveGroupRequestData;
import org.apache.kafka.common.message.ListConfigResourcesRequestData;
import org.apache.kafka.common.message.ListGroupsRequestData;
import org.apache.kafka.common.message.ListOffsetsRequestData;
import org.apache.kafka.common.message.ListPartitionReassignmentsRequestData;
import org.apache.kafka.common.message.ListTransactionsRequestData;
import org.apache.kafka.common.message.MetadataRequestData;
import org.apache.kafka.common.message.OffsetCommitRequestData;
import org.apache.kafka.common.message.OffsetDeleteRequestData;
import org.apache.kafka.common.message.OffsetFetchRequestData;
import org.apache.kafka.common.message.OffsetForLeaderEpochRequestData;
import org.apache.kafka.common.message.ProduceRequestData;
import org.apache.kafka.common.message.StreamsGroupDescribeRequestData;
import org.apache.kafka.common.message.StreamsGroupHeartbeatRequestData;
import org.apache.kafka.common.message.SyncGroupRequestData;
import org.apache.kafka.common.message.TxnOffsetCommitRequestData;
import org.apache.kafka.common.message.UpdateFeaturesRequestData;
import org.apache.kafka.common.message.WriteTxnMarkersRequestData;
import org.apache.kafka.common.protocol.ApiMessage;

/**
 * The APIs that are spoken: their keys, the versions from which their frames are flexible (KIP-482), and how
 * an empty request of each is made. The library's own enums of them make the schemas of all messages there
 * are when they are first touched, some 500 classes at every start; here a request's class is touched when
 * one is made. {@code ApiTest} holds both against each other. Immutable; any thread.
 */
public enum Api {
    PRODUCE(0, 9),
    FETCH(1, 12),
    LIST_OFFSETS(2, 6),
    METADATA(3, 9),
    OFFSET_COMMIT(8, 8),
    OFFSET_FETCH(9, 6),
    FIND_COORDINATOR(10, 3),
    JOIN_GROUP(11, 6),
    HEARTBEAT(12, 4),
    LEAVE_GROUP(13, 4),
    SYNC_GROUP(14, 4),
    DESCRIBE_GROUPS(15, 5),
    LIST_GROUPS(16, 3),
    API_VERSIONS(18, 3),
    CREATE_TOPICS(19, 5),
    DELETE_TOPICS(20, 4),
    DELETE_RECORDS(21, 2),
    INIT_PRODUCER_ID(22, 2),
    OFFSET_FOR_LEADER_EPOCH(23, 4),
    ADD_PARTITIONS_TO_TXN(24, 3),
    ADD_OFFSETS_TO_TXN(25, 3),
    END_TXN(26, 3),
    WRITE_TXN_MARKERS(27, 1),
    TXN_OFFSET_COMMIT(28, 3),
    DESCRIBE_ACLS(29, 2),
    CREATE_ACLS(30, 2),
    DELETE_ACLS(31, 2),
    DESCRIBE_CONFIGS(32, 4),
    ALTER_CONFIGS(33, 2),
    ALTER_REPLICA_LOG_DIRS(34, 2),
    DESCRIBE_LOG_DIRS(35, 2),
    CREATE_PARTITIONS(37, 2),
    DELETE_GROUPS(42, 2),
    ELECT_LEADERS(43, 2),
    INCREMENTAL_ALTER_CONFIGS(44, 1),
    ALTER_PARTITION_REASSIGNMENTS(45, 0),
    LIST_PARTITION_REASSIGNMENTS(46, 0),
    OFFSET_DELETE(47, Api.NEVER),
    DESCRIBE_CLIENT_QUOTAS(48, 1),
    ALTER_CLIENT_QUOTAS(49, 1),
    DESCRIBE_USER_SCRAM_CREDENTIALS(50, 0),
    ALTER_USER_SCRAM_CREDENTIALS(51, 0),
    UPDATE_FEATURES(57, 0),
    DESCRIBE_CLUSTER(60, 0),
    DESCRIBE_PRODUCERS(61, 0),
    DESCRIBE_TRANSACTIONS(65, 0),
    LIST_TRANSACTIONS(66, 0),
    CONSUMER_GROUP_HEARTBEAT(68, 0),
    CONSUMER_GROUP_DESCRIBE(69, 0),
    LIST_CONFIG_RESOURCES(74, 0),
    DESCRIBE_TOPIC_PARTITIONS(75, 0),
    STREAMS_GROUP_HEARTBEAT(88, 0),
    STREAMS_GROUP_DESCRIBE(89, 0);

    private static final short NEVER = Short.MAX_VALUE;
    private static final Api[] BY_KEY = byKey();

    /** What a frame begins with. */
    public final short id;
    private final short flexibleFrom;

    Api(int id, int flexibleFrom) {
        this.id = (short) id;
        this.flexibleFrom = (short) flexibleFrom;
    }

    private static Api[] byKey() {
        Api[] all = values();
        Api[] byKey = new Api[all[all.length - 1].id + 1];
        for (Api api : all) byKey[api.id] = api;
        return byKey;
    }

    /** Null when none is spoken under that key. */
    public static Api of(short key) {
        return key < 0 || key >= BY_KEY.length ? null : BY_KEY[key];
    }

    /** The version of a request's header; of any request there is. */
    static short requestHeader(short key, short version) {
        Api api = of(key);
        if (api == null) return ApiMessageType.fromApiKey(key).requestHeaderVersion(version);
        return (short) (version >= api.flexibleFrom ? 2 : 1);
    }

    /** That of its answer's; ApiVersions has to be understood before versions are known. */
    static short responseHeader(short key, short version) {
        Api api = of(key);
        if (api == null) return ApiMessageType.fromApiKey(key).responseHeaderVersion(version);
        return (short) (version >= api.flexibleFrom && api != API_VERSIONS ? 1 : 0);
    }

    /** Empty. */
    ApiMessage newRequest() {
        return switch (this) {
            case PRODUCE -> new ProduceRequestData();
            case FETCH -> new FetchRequestData();
            case LIST_OFFSETS -> new ListOffsetsRequestData();
            case METADATA -> new MetadataRequestData();
            case OFFSET_COMMIT -> new OffsetCommitRequestData();
            case OFFSET_FETCH -> new OffsetFetchRequestData();
            case FIND_COORDINATOR -> new FindCoordinatorRequestData();
            case JOIN_GROUP -> new JoinGroupRequestData();
            case HEARTBEAT -> new HeartbeatRequestData();
            case LEAVE_GROUP -> new LeaveGroupRequestData();
            case SYNC_GROUP -> new SyncGroupRequestData();
            case DESCRIBE_GROUPS -> new DescribeGroupsRequestData();
            case LIST_GROUPS -> new ListGroupsRequestData();
            case API_VERSIONS -> new ApiVersionsRequestData();
            case CREATE_TOPICS -> new CreateTopicsRequestData();
            case DELETE_TOPICS -> new DeleteTopicsRequestData();
            case DELETE_RECORDS -> new DeleteRecordsRequestData();
            case INIT_PRODUCER_ID -> new InitProducerIdRequestData();
            case OFFSET_FOR_LEADER_EPOCH -> new OffsetForLeaderEpochRequestData();
            case ADD_PARTITIONS_TO_TXN -> new AddPartitionsToTxnRequestData();
            case ADD_OFFSETS_TO_TXN -> new AddOffsetsToTxnRequestData();
            case END_TXN -> new EndTxnRequestData();
            case WRITE_TXN_MARKERS -> new WriteTxnMarkersRequestData();
            case TXN_OFFSET_COMMIT -> new TxnOffsetCommitRequestData();
            case DESCRIBE_ACLS -> new DescribeAclsRequestData();
            case CREATE_ACLS -> new CreateAclsRequestData();
            case DELETE_ACLS -> new DeleteAclsRequestData();
            case DESCRIBE_CONFIGS -> new DescribeConfigsRequestData();
            case ALTER_CONFIGS -> new AlterConfigsRequestData();
            case ALTER_REPLICA_LOG_DIRS -> new AlterReplicaLogDirsRequestData();
            case DESCRIBE_LOG_DIRS -> new DescribeLogDirsRequestData();
            case CREATE_PARTITIONS -> new CreatePartitionsRequestData();
            case DELETE_GROUPS -> new DeleteGroupsRequestData();
            case ELECT_LEADERS -> new ElectLeadersRequestData();
            case INCREMENTAL_ALTER_CONFIGS -> new IncrementalAlterConfigsRequestData();
            case ALTER_PARTITION_REASSIGNMENTS -> new AlterPartitionReassignmentsRequestData();
            case LIST_PARTITION_REASSIGNMENTS -> new ListPartitionReassignmentsRequestData();
            case OFFSET_DELETE -> new OffsetDeleteRequestData();
            case DESCRIBE_CLIENT_QUOTAS -> new DescribeClientQuotasRequestData();
            case ALTER_CLIENT_QUOTAS -> new AlterClientQuotasRequestData();
            case DESCRIBE_USER_SCRAM_CREDENTIALS -> new DescribeUserScramCredentialsRequestData();
            case ALTER_USER_SCRAM_CREDENTIALS -> new AlterUserScramCredentialsRequestData();
            case UPDATE_FEATURES -> new UpdateFeaturesRequestData();
            case DESCRIBE_CLUSTER -> new DescribeClusterRequestData();
            case DESCRIBE_PRODUCERS -> new DescribeProducersRequestData();
            case DESCRIBE_TRANSACTIONS -> new DescribeTransactionsRequestData();
            case LIST_TRANSACTIONS -> new ListTransactionsRequestData();
            case CONSUMER_GROUP_HEARTBEAT -> new ConsumerGroupHeartbeatRequestData();
            case CONSUMER_GROUP_DESCRIBE -> new ConsumerGroupDescribeRequestData();
            case LIST_CONFIG_RESOURCES -> new ListConfigResourcesRequestData();
            case DESCRIBE_TOPIC_PARTITIONS -> new DescribeTopicPartitionsRequestData();
            case STREAMS_GROUP_HEARTBEAT -> new StreamsGroupHeartbeatRequestData();
            case STREAMS_GROUP_DESCRIBE -> new StreamsGroupDescribeRequestData();
        };
    }

    /** As the protocol's pages write it: {@code EndTxn}. */
    @Override
    public String toString() {
        StringBuilder told = new StringBuilder();
        for (String word : name().split("_")) {
            told.append(word.charAt(0)).append(word.substring(1).toLowerCase(Locale.ROOT));
        }
        return told.toString();
    }
}
