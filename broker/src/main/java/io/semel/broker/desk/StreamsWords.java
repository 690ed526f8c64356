package io.semel.broker.desk;

import io.semel.group.assign.TopicView;
import io.semel.group.streams.Endpoint;
import io.semel.group.streams.Share;
import io.semel.group.streams.StreamsAnswer;
import io.semel.group.streams.StreamsAnswer.EndpointTopics;
import io.semel.group.streams.StreamsBeat;
import io.semel.group.streams.StreamsStatus;
import io.semel.group.streams.StreamsStatus.Code;
import io.semel.group.streams.TaskId;
import io.semel.group.streams.Tasks;
import io.semel.group.streams.Topology;
import io.semel.group.streams.Topology.Copartition;
import io.semel.group.streams.Topology.InternalTopic;
import io.semel.group.streams.Topology.Setting;
import io.semel.group.streams.Topology.Subtopology;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.SortedSet;
import org.apache.kafka.common.message.StreamsGroupHeartbeatRequestData;
import org.apache.kafka.common.message.StreamsGroupHeartbeatRequestData.KeyValue;
import org.apache.kafka.common.message.StreamsGroupHeartbeatRequestData.TopicInfo;
import org.apache.kafka.common.message.StreamsGroupHeartbeatResponseData;
import org.apache.kafka.common.message.StreamsGroupHeartbeatResponseData.EndpointToPartitions;
import org.apache.kafka.common.message.StreamsGroupHeartbeatResponseData.Status;
import org.apache.kafka.common.message.StreamsGroupHeartbeatResponseData.TaskIds;
import org.apache.kafka.common.message.StreamsGroupHeartbeatResponseData.TopicPartition;

/** The words of StreamsGroupHeartbeat in those of the rules, and back. Stateless. */
final class StreamsWords {
    /** @param failed what to add about internal topics that could not be created; null for nothing */
    record Told(StreamsAnswer answer, String failed) {
    }

    private StreamsWords() {
    }

    // In

    static StreamsBeat beat(StreamsGroupHeartbeatRequestData request, String clientId, String clientHost,
            TopicView topics) {
        boolean active = request.activeTasks() != null;
        boolean standby = request.standbyTasks() != null;
        boolean warmup = request.warmupTasks() != null;
        boolean all = active && standby && warmup;
        Share owned = !all ? null : new Share(tasks(request.activeTasks()), tasks(request.standbyTasks()),
                tasks(request.warmupTasks()));
        Endpoint endpoint = request.userEndpoint() == null ? null
                : new Endpoint(request.userEndpoint().host(), request.userEndpoint().port());
        return new StreamsBeat(request.groupId(), request.memberId(), request.memberEpoch(),
                request.endpointInformationEpoch(), request.instanceId(), request.rackId(),
                request.rebalanceTimeoutMs(), topology(request.topology()), owned,
                (active || standby || warmup) && !all, request.processId(), endpoint,
                request.clientTags() == null ? null : settings(request.clientTags()),
                request.taskOffsets() != null || request.taskEndOffsets() != null,
                request.shutdownApplication(), clientId, clientHost, topics);
    }

    private static Tasks tasks(List<StreamsGroupHeartbeatRequestData.TaskIds> told) {
        List<TaskId> ids = new ArrayList<>();
        for (StreamsGroupHeartbeatRequestData.TaskIds each : told) {
            for (int partition : each.partitions()) ids.add(new TaskId(each.subtopologyId(), partition));
        }
        return Tasks.of(ids);
    }

    private static Topology topology(StreamsGroupHeartbeatRequestData.Topology told) {
        if (told == null) return null;
        List<Subtopology> subtopologies = new ArrayList<>();
        for (StreamsGroupHeartbeatRequestData.Subtopology each : told.subtopologies()) {
            List<Copartition> alike = new ArrayList<>();
            for (StreamsGroupHeartbeatRequestData.CopartitionGroup group : each.copartitionGroups()) {
                alike.add(new Copartition(List.copyOf(group.sourceTopics()),
                        List.copyOf(group.sourceTopicRegex()), List.copyOf(group.repartitionSourceTopics())));
            }
            subtopologies.add(new Subtopology(each.subtopologyId(), List.copyOf(each.sourceTopics()),
                    List.copyOf(each.sourceTopicRegex()), topics(each.stateChangelogTopics()),
                    List.copyOf(each.repartitionSinkTopics()), topics(each.repartitionSourceTopics()),
                    List.copyOf(alike)));
        }
        return new Topology(told.epoch(), subtopologies);
    }

    private static List<InternalTopic> topics(List<TopicInfo> told) {
        return told.stream().map(each -> new InternalTopic(each.name(), each.partitions(),
                each.replicationFactor(), settings(each.topicConfigs()))).toList();
    }

    private static List<Setting> settings(List<KeyValue> told) {
        return told.stream().map(each -> new Setting(each.key(), each.value())).toList();
    }

    // Out

    static StreamsGroupHeartbeatResponseData response(Told told) {
        StreamsAnswer answer = told.answer();
        StreamsGroupHeartbeatResponseData response = new StreamsGroupHeartbeatResponseData()
                .setMemberId(answer.memberId()).setMemberEpoch(answer.epoch())
                .setHeartbeatIntervalMs(answer.heartbeatIntervalMs())
                .setEndpointInformationEpoch(answer.endpointEpoch()).setStatus(new ArrayList<>());
        for (StreamsStatus status : answer.statuses()) {
            boolean more = told.failed() != null && status.code() == Code.MISSING_INTERNAL_TOPICS;
            response.status().add(new Status().setStatusCode(status.code().wire())
                    .setStatusDetail(more ? status.detail() + told.failed() : status.detail()));
        }
        if (answer.assigned() != null) {
            response.setActiveTasks(ids(answer.assigned().active()))
                    .setStandbyTasks(ids(answer.assigned().standby()))
                    .setWarmupTasks(ids(answer.assigned().warmup()));
        }
        if (answer.endpoints() == null) return response;
        List<EndpointToPartitions> endpoints = new ArrayList<>();
        for (EndpointTopics each : answer.endpoints()) {
            endpoints.add(new EndpointToPartitions()
                    .setUserEndpoint(new StreamsGroupHeartbeatResponseData.Endpoint()
                            .setHost(each.endpoint().host()).setPort(each.endpoint().port()))
                    .setActivePartitions(partitions(each.active()))
                    .setStandbyPartitions(partitions(each.standby())));
        }
        return response.setPartitionsByUserEndpoint(endpoints);
    }

    private static List<TaskIds> ids(Tasks tasks) {
        List<TaskIds> ids = new ArrayList<>();
        tasks.bySubtopology().forEach((subtopology, partitions) -> ids.add(new TaskIds()
                .setSubtopologyId(subtopology).setPartitions(List.copyOf(partitions))));
        return ids;
    }

    private static List<TopicPartition> partitions(SortedMap<String, SortedSet<Integer>> byTopic) {
        List<TopicPartition> partitions = new ArrayList<>();
        byTopic.forEach((topic, some) -> partitions.add(new TopicPartition().setTopic(topic)
                .setPartitions(List.copyOf(some))));
        return partitions;
    }
}
