package io.semel.broker.desk;

import io.semel.broker.courier.Groups;
import io.semel.group.GroupCommand;
import io.semel.group.GroupReply;
import io.semel.wire.error.ErrorCode;
import io.semel.wire.message.Api;
import java.util.List;
import org.apache.kafka.common.message.ListGroupsRequestData;
import org.apache.kafka.common.message.ListGroupsResponseData;

/** ListGroups (16): of every coordinator partition, filtered by state and type. */
public final class ListGroupsDesk implements Desk {
    private final Groups groups;

    public ListGroupsDesk(Groups groups) {
        this.groups = groups;
    }

    @Override
    public Api api() {
        return Api.LIST_GROUPS;
    }

    @Override
    public void serve(Call call) {
        ListGroupsRequestData request = call.body();
        ListGroupsResponseData response = new ListGroupsResponseData();
        Gathering gathering = new Gathering(() -> call.reply(response));
        for (int partition = 0; partition < groups.partitions(); partition++) {
            gathering.expectOne();
            groups.askPartition(partition, new GroupCommand.ListGroups(), call.home(), reply -> {
                if (reply instanceof GroupReply.Listed listed) listed.groups()
                        .forEach(group -> add(request, response, group));
                else response.setErrorCode(ErrorCode.COORDINATOR_NOT_AVAILABLE.code());
                gathering.oneCame();
            });
        }
        gathering.oneCame();
    }

    private static void add(ListGroupsRequestData request, ListGroupsResponseData response,
            GroupReply.ListedGroup group) {
        if (!wanted(request.statesFilter(), group.state()) || !wanted(request.typesFilter(),
                group.type())) return;
        response.groups().add(new ListGroupsResponseData.ListedGroup().setGroupId(group.groupId())
                .setProtocolType(group.protocolType()).setGroupState(group.state())
                        .setGroupType(group.type()));
    }

    private static boolean wanted(List<String> filter, String value) {
        return filter.isEmpty() || filter.stream().anyMatch(value::equalsIgnoreCase);
    }
}
