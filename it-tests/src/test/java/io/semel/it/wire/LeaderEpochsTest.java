package io.semel.it.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.semel.it.client.EngineUnderTest;
import java.util.Map;
import org.apache.kafka.common.message.OffsetForLeaderEpochRequestData;
import org.apache.kafka.common.message.OffsetForLeaderEpochRequestData.OffsetForLeaderPartition;
import org.apache.kafka.common.message.OffsetForLeaderEpochRequestData.OffsetForLeaderTopic;
import org.apache.kafka.common.message.OffsetForLeaderEpochResponseData;
import org.apache.kafka.common.message.OffsetForLeaderEpochResponseData.EpochEndOffset;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.Test;

/** Where a leader's epoch ended (KIP-320, FEATURES row P2). */
class LeaderEpochsTest {
    private static EpochEndOffset ask(Verbs verbs, int version, int partition, int epoch, int current) {
        OffsetForLeaderTopic topic = new OffsetForLeaderTopic().setTopic("t");
        topic.partitions().add(new OffsetForLeaderPartition().setPartition(partition).setLeaderEpoch(epoch)
                .setCurrentLeaderEpoch(current));
        OffsetForLeaderEpochRequestData request = new OffsetForLeaderEpochRequestData();
        request.topics().add(topic);
        OffsetForLeaderEpochResponseData answer = verbs.raw.ask(ApiKeys.OFFSET_FOR_LEADER_EPOCH, version,
                request);
        return answer.topics().find("t").partitions().get(0);
    }

    @Test
    void theEpochThatIsLedUnderEndsWhereTheLogDoes() {
        try (EngineUnderTest engine = EngineUnderTest.inProcess();
                Verbs verbs = new Verbs(engine.bootstrap())) {
            verbs.createTopic("t", 1, Map.of());
            assertEquals(0, ask(verbs, 4, 0, 0, 0).endOffset());
            for (int count = 0; count < 3; count++) {
                verbs.accepted(verbs.produce("t", Pid.NONE.builder(0, 0).add(Pid.TIME_MS, null, new byte[9])
                        .build()));
            }

            for (int version = 2; version <= 4; version++) {
                EpochEndOffset end = ask(verbs, version, 0, 0, -1);
                assertEquals(Errors.NONE, Errors.forCode(end.errorCode()));
                assertEquals(0, end.leaderEpoch());
                assertEquals(3, end.endOffset());
            }
            assertEquals(-1, ask(verbs, 4, 0, -1, 0).endOffset());
            assertEquals(Errors.UNKNOWN_LEADER_EPOCH, Errors.forCode(ask(verbs, 4, 0, 0, 1).errorCode()));
            assertEquals(Errors.UNKNOWN_TOPIC_OR_PARTITION, Errors.forCode(ask(verbs, 4, 7, 0, 0)
                    .errorCode()));
        }
    }
}
