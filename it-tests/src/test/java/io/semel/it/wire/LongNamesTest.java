package io.semel.it.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.semel.it.client.EngineUnderTest;
import java.nio.ByteBuffer;
import java.util.List;
import org.apache.kafka.common.message.ApiVersionsRequestData;
import org.apache.kafka.common.message.ApiVersionsResponseData;
import org.apache.kafka.common.message.ConsumerGroupHeartbeatRequestData;
import org.apache.kafka.common.message.ConsumerGroupHeartbeatResponseData;
import org.apache.kafka.common.message.JoinGroupRequestData;
import org.apache.kafka.common.message.JoinGroupRequestData.JoinGroupRequestProtocol;
import org.apache.kafka.common.message.JoinGroupResponseData;
import org.apache.kafka.common.message.OffsetCommitRequestData;
import org.apache.kafka.common.message.OffsetCommitRequestData.OffsetCommitRequestPartition;
import org.apache.kafka.common.message.OffsetCommitRequestData.OffsetCommitRequestTopic;
import org.apache.kafka.common.message.SyncGroupRequestData;
import org.apache.kafka.common.message.SyncGroupRequestData.SyncGroupRequestAssignment;
import org.apache.kafka.common.message.SyncGroupResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** Names as long as the protocol lets them be end up in the coordinators' journals, or end the connection. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class LongNamesTest {
    private static final String LONGEST = "z".repeat(Short.MAX_VALUE);
    private EngineUnderTest engine;

    @BeforeAll
    void start() {
        engine = EngineUnderTest.inProcess();
        try (Verbs verbs = new Verbs(engine.bootstrap())) {
            verbs.createTopic("t");
        }
    }

    @AfterAll
    void stop() {
        engine.close();
    }

    @Test
    void theLongestNamesTakePartInGroups() {
        try (RawClient client = RawClient.to(engine.bootstrap())) {
            JoinGroupRequestData join = new JoinGroupRequestData().setGroupId(LONGEST)
                    .setGroupInstanceId(LONGEST).setSessionTimeoutMs(10_000).setRebalanceTimeoutMs(10_000)
                    .setProtocolType("consumer");
            join.protocols().add(new JoinGroupRequestProtocol().setName("p").setMetadata(new byte[] {1}));
            JoinGroupResponseData joined = client.ask(ApiKeys.JOIN_GROUP, 9, join);
            assertEquals(Errors.NONE.code(), joined.errorCode());
            SyncGroupResponseData synced = client.ask(ApiKeys.SYNC_GROUP, 5, new SyncGroupRequestData()
                    .setGroupId(LONGEST).setGroupInstanceId(LONGEST).setMemberId(joined.memberId())
                    .setGenerationId(1).setProtocolType("consumer").setProtocolName("p")
                    .setAssignments(List.of(new SyncGroupRequestAssignment().setMemberId(joined.memberId())
                            .setAssignment(new byte[] {2}))));
            assertEquals(Errors.NONE.code(), synced.errorCode());

            ConsumerGroupHeartbeatResponseData beaten = client.ask(ApiKeys.CONSUMER_GROUP_HEARTBEAT, 1,
                    new ConsumerGroupHeartbeatRequestData().setGroupId("modern").setMemberId(LONGEST)
                            .setInstanceId(LONGEST).setRackId(LONGEST).setRebalanceTimeoutMs(10)
                            .setSubscribedTopicNames(List.of(LONGEST)).setTopicPartitions(List.of()));
            assertEquals(Errors.NONE.code(), beaten.errorCode());
        }
        engine.restart();
        assertServes();
    }

    @Test
    void aNameThatGrowsWhenItIsReadEndsTheConnectionAndNothingElse() {
        try (RawClient client = RawClient.to(engine.bootstrap())) {
            ByteBuffer request = client.request(ApiKeys.OFFSET_COMMIT, 8, new OffsetCommitRequestData()
                    .setGroupId("z".repeat(12_000)).setTopics(List.of(new OffsetCommitRequestTopic()
                            .setName("t").setPartitions(List.of(new OffsetCommitRequestPartition()
                                    .setPartitionIndex(0).setCommittedOffset(1))))));
            for (int at = request.position(); at < request.limit(); at++) {
                if (request.get(at) == 'z') request.put(at, (byte) 0xff);
            }
            client.send(request);

            assertTrue(client.isHungUpOn());
        }
        assertServes();
    }

    private void assertServes() {
        try (RawClient client = RawClient.to(engine.bootstrap())) {
            ApiVersionsResponseData answer = client.ask(ApiKeys.API_VERSIONS, 0,
                    new ApiVersionsRequestData());
            assertEquals(Errors.NONE.code(), answer.errorCode());
        }
    }
}
