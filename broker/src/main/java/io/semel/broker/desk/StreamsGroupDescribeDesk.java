package io.semel.broker.desk;

import io.semel.broker.courier.Groups;
import io.semel.group.GroupCommand;
import io.semel.group.GroupReply;
import io.semel.group.streams.Share;
import io.semel.group.streams.StreamsDescribed;
import io.semel.group.streams.Tasks;
import io.semel.group.streams.Topology.InternalTopic;
import io.semel.group.streams.Topology.Setting;
import io.semel.group.streams.Topology.Subtopology;
import io.semel.wire.message.Api;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.message.StreamsGroupDescribeRequestData;
import org.apache.kafka.common.message.StreamsGroupDescribeResponseData;
import org.apache.kafka.common.message.StreamsGroupDescribeResponseData.Assignment;
import org.apache.kafka.common.message.StreamsGroupDescribeResponseData.DescribedGroup;
import org.apache.kafka.common.message.StreamsGroupDescribeResponseData.Endpoint;
import org.apache.kafka.common.message.StreamsGroupDescribeResponseData.KeyValue;
import org.apache.kafka.common.message.StreamsGroupDescribeResponseData.Member;
import org.apache.kafka.common.message.StreamsGroupDescribeResponseData.TaskIds;
import org.apache.kafka.common.message.StreamsGroupDescribeResponseData.TopicInfo;
import org.apache.kafka.common.message.StreamsGroupDescribeResponseData.Topology;

/** StreamsGroupDescribe (89): groups of Kafka Streams applications (KIP-1071). */
public final class StreamsGroupDescribeDesk implements Desk {
    private final Topics topics;
    private final Groups groups;

    public StreamsGroupDescribeDesk(Topics topics, Groups groups) {
        this.topics = topics;
        this.groups = groups;
    }

    @Override
    public Api api() {
        return Api.STREAMS_GROUP_DESCRIBE;
    }

    @Override
    public void serve(Call call) {
        StreamsGroupDescribeRequestData request = call.body();
        StreamsGroupDescribeResponseData response = new StreamsGroupDescribeResponseData();
        Gathering gathering = new Gathering(() -> call.reply(response));
        for (String groupId : request.groupIds()) {
            DescribedGroup described = new DescribedGroup().setGroupId(groupId);
            response.groups().add(described);
            gathering.expectOne();
            groups.ask(groupId, new GroupCommand.DescribeStreams(groupId, topics.view()), call.home(),
                    reply -> {
                if (reply instanceof GroupReply.StreamsShown shown) fill(described, shown.group());
                else if (reply instanceof GroupReply.Refused refused) {
                    described.setErrorCode(refused.error().code()).setErrorMessage(refused.message());
                } else {
                    described.setErrorCode(Replies.errorOf(reply).code());
                }
                gathering.oneCame();
            });
        }
        gathering.oneCame();
    }

    private static void fill(DescribedGroup described, StreamsDescribed group) {
        described.setGroupState(group.state()).setGroupEpoch(group.epoch())
                .setAssignmentEpoch(group.assignmentEpoch());
        if (group.topology() != null) {
            described.setTopology(new Topology().setEpoch(group.topology().epoch())
                    .setSubtopologies(group.topology().subtopologies().stream()
                            .map(StreamsGroupDescribeDesk::subtopology).toList()));
        }
        for (StreamsDescribed.Member member : group.members()) {
            Endpoint endpoint = member.endpoint() == null ? null
                    : new Endpoint().setHost(member.endpoint().host()).setPort(member.endpoint().port());
            described.members().add(new Member().setMemberId(member.memberId())
                    .setMemberEpoch(member.epoch()).setRackId(member.rackId())
                    .setClientId(member.clientId()).setClientHost(member.clientHost())
                    .setTopologyEpoch(member.topologyEpoch()).setProcessId(member.processId())
                    .setUserEndpoint(endpoint).setClientTags(settings(member.tags()))
                    .setAssignment(share(member.assigned())).setTargetAssignment(share(member.target())));
        }
    }

    private static StreamsGroupDescribeResponseData.Subtopology subtopology(Subtopology each) {
        return new StreamsGroupDescribeResponseData.Subtopology().setSubtopologyId(each.id())
                .setSourceTopics(each.sources()).setRepartitionSinkTopics(each.repartitionSinks())
                .setStateChangelogTopics(topics(each.changelogs()))
                .setRepartitionSourceTopics(topics(each.repartitionSources()));
    }

    private static List<TopicInfo> topics(List<InternalTopic> topics) {
        return topics.stream().map(each -> new TopicInfo().setName(each.name())
                .setPartitions(each.partitions()).setReplicationFactor(each.replicationFactor())
                .setTopicConfigs(settings(each.configs()))).toList();
    }

    private static List<KeyValue> settings(List<Setting> settings) {
        return settings.stream().map(each -> new KeyValue().setKey(each.key()).setValue(each.value()))
                .toList();
    }

    private static Assignment share(Share share) {
        return new Assignment().setActiveTasks(ids(share.active())).setStandbyTasks(ids(share.standby()))
                .setWarmupTasks(ids(share.warmup()));
    }

    private static List<TaskIds> ids(Tasks tasks) {
        List<TaskIds> ids = new ArrayList<>();
        tasks.bySubtopology().forEach((subtopology, partitions) -> ids.add(new TaskIds()
                .setSubtopologyId(subtopology).setPartitions(List.copyOf(partitions))));
        return ids;
    }
}
