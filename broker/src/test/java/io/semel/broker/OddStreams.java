package io.semel.broker;

import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.message.StreamsGroupDescribeRequestData;
import org.apache.kafka.common.message.StreamsGroupHeartbeatRequestData;
import org.apache.kafka.common.message.StreamsGroupHeartbeatRequestData.CopartitionGroup;
import org.apache.kafka.common.message.StreamsGroupHeartbeatRequestData.KeyValue;
import org.apache.kafka.common.message.StreamsGroupHeartbeatRequestData.Subtopology;
import org.apache.kafka.common.message.StreamsGroupHeartbeatRequestData.TaskIds;
import org.apache.kafka.common.message.StreamsGroupHeartbeatRequestData.TaskOffset;
import org.apache.kafka.common.message.StreamsGroupHeartbeatRequestData.TopicInfo;
import org.apache.kafka.common.message.StreamsGroupHeartbeatRequestData.Topology;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;

/** As {@link OddRequests}, of the streams protocol. */
final class OddStreams {
    private OddStreams() {
    }

    static List<ApiMessage> of(ApiKeys api) {
        if (api == ApiKeys.STREAMS_GROUP_DESCRIBE) {
            return List.of(new StreamsGroupDescribeRequestData().setGroupIds(List.of("g", "s", "nobody", "")),
                    new StreamsGroupDescribeRequestData());
        }
        List<ApiMessage> made = new ArrayList<>();
        for (String group : List.of("s", "g", "")) {
            for (int epoch : List.of(0, 1, -1, -2, -3, Integer.MAX_VALUE, Integer.MIN_VALUE)) {
                StreamsGroupHeartbeatRequestData bare = new StreamsGroupHeartbeatRequestData()
                        .setGroupId(group).setMemberEpoch(epoch).setMemberId("m");
                made.add(bare);
                made.add(bare.duplicate().setMemberId(""));
                made.add(bare.duplicate().setInstanceId("static"));
                made.add(bare.duplicate().setActiveTasks(List.of()));
                made.add(bare.duplicate().setTaskOffsets(List.of(new TaskOffset())));
                made.add(owning(bare.duplicate(), "0", List.of(0, 0, -1, 70)));
                made.add(owning(bare.duplicate(), "nope", List.of(1)).setShutdownApplication(true));
                for (Topology topology : topologies()) made.add(joining(bare.duplicate(), topology));
            }
        }
        return made;
    }

    private static StreamsGroupHeartbeatRequestData joining(StreamsGroupHeartbeatRequestData request,
            Topology topology) {
        return request.setTopology(topology).setRebalanceTimeoutMs(1000).setProcessId("p")
                .setActiveTasks(List.of()).setStandbyTasks(List.of()).setWarmupTasks(List.of());
    }

    private static StreamsGroupHeartbeatRequestData owning(StreamsGroupHeartbeatRequestData request,
            String subtopology, List<Integer> partitions) {
        List<TaskIds> tasks = List.of(new TaskIds().setSubtopologyId(subtopology).setPartitions(partitions));
        return request.setActiveTasks(tasks).setStandbyTasks(List.of()).setWarmupTasks(List.of());
    }

    private static List<Topology> topologies() {
        List<Topology> odd = new ArrayList<>();
        odd.add(new Topology());
        odd.add(new Topology().setEpoch(-1).setSubtopologies(List.of(reads("0", "t"))));
        odd.add(new Topology().setSubtopologies(List.of(reads("0", "t"), reads("0", "t"))));
        odd.add(new Topology().setSubtopologies(List.of(reads("0"))));
        odd.add(new Topology().setSubtopologies(List.of(reads("0", "__consumer_offsets"))));
        odd.add(new Topology().setSubtopologies(List.of(reads("0", "no/name", "nope"))));
        odd.add(new Topology().setSubtopologies(List.of(reads("0", "t").setSourceTopicRegex(List.of("(")))));
        for (int partitions : List.of(0, -1, 3, Integer.MAX_VALUE)) {
            for (String key : List.of("retention.ms", "no.such.key")) {
                TopicInfo internal = new TopicInfo().setName("made-" + partitions).setPartitions(partitions)
                        .setReplicationFactor((short) 3)
                        .setTopicConfigs(List.of(new KeyValue().setKey(key).setValue("1")));
                odd.add(new Topology().setSubtopologies(List.of(
                        reads("0", "t").setStateChangelogTopics(List.of(internal)))));
                odd.add(new Topology().setSubtopologies(List.of(reads("0", "t")
                        .setRepartitionSinkTopics(List.of("made-" + partitions))
                        .setRepartitionSourceTopics(List.of(internal)))));
            }
        }
        for (short place : new short[] {0, -1, 1, Short.MAX_VALUE}) {
            odd.add(new Topology().setSubtopologies(List.of(reads("0", "t").setCopartitionGroups(List.of(
                    new CopartitionGroup().setSourceTopics(List.of(place)))))));
        }
        return odd;
    }

    private static Subtopology reads(String id, String... sources) {
        return new Subtopology().setSubtopologyId(id).setSourceTopics(List.of(sources));
    }
}
