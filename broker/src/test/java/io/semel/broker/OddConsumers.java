package io.semel.broker;

import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.ConsumerGroupDescribeRequestData;
import org.apache.kafka.common.message.ConsumerGroupHeartbeatRequestData;
import org.apache.kafka.common.message.ConsumerGroupHeartbeatRequestData.TopicPartitions;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;

/** As {@link OddRequests}, of the consumer protocol. */
final class OddConsumers {
    private OddConsumers() {
    }

    static List<ApiMessage> of(ApiKeys api, Uuid topicId, int version) {
        if (api == ApiKeys.CONSUMER_GROUP_DESCRIBE) {
            List<String> groups = List.of("g", "modern", "nobody", "", "g");
            return List.of(new ConsumerGroupDescribeRequestData().setGroupIds(groups),
                    new ConsumerGroupDescribeRequestData());
        }
        List<ApiMessage> made = new ArrayList<>();
        for (String group : List.of("modern", "g", "")) {
            for (int epoch : List.of(0, 1, -1, -2, -3, Integer.MAX_VALUE, Integer.MIN_VALUE)) {
                ConsumerGroupHeartbeatRequestData bare = new ConsumerGroupHeartbeatRequestData()
                        .setGroupId(group).setMemberEpoch(epoch);
                made.add(bare);
                made.add(bare.duplicate().setMemberId("m"));
                made.add(bare.duplicate().setMemberId("m").setInstanceId("static").setRackId(""));
                ConsumerGroupHeartbeatRequestData whole = bare.duplicate().setMemberId("m")
                        .setRebalanceTimeoutMs(1000).setSubscribedTopicNames(List.of("t", "nope", "t"))
                        .setTopicPartitions(List.of());
                made.add(whole);
                made.add(whole.duplicate().setServerAssignor("nobody"));
                made.add(whole.duplicate().setServerAssignor("range").setInstanceId("static"));
                made.add(whole.duplicate().setTopicPartitions(List.of(new TopicPartitions()
                        .setTopicId(topicId).setPartitions(List.of(0, 0, -1, 70)))));
                if (version < 1) continue;
                for (String expression : List.of("t|n.*", "(", "", "a".repeat(2_000))) {
                    made.add(whole.duplicate().setMemberId("e").setSubscribedTopicRegex(expression));
                }
            }
        }
        return made;
    }
}
