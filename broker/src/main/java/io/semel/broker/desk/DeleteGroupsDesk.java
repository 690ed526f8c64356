package io.semel.broker.desk;

import io.semel.broker.courier.Groups;
import io.semel.group.GroupCommand;
import io.semel.group.GroupReply;
import io.semel.wire.error.ErrorCode;
import io.semel.wire.message.Api;
import java.util.LinkedHashSet;
import org.apache.kafka.common.message.DeleteGroupsRequestData;
import org.apache.kafka.common.message.DeleteGroupsResponseData;
import org.apache.kafka.common.message.DeleteGroupsResponseData.DeletableGroupResult;

/** DeleteGroups (42): a group without members, and its offsets. */
public final class DeleteGroupsDesk implements Desk {
    private final Groups groups;

    public DeleteGroupsDesk(Groups groups) {
        this.groups = groups;
    }

    @Override
    public Api api() {
        return Api.DELETE_GROUPS;
    }

    @Override
    public void serve(Call call) {
        DeleteGroupsRequestData request = call.body();
        DeleteGroupsResponseData response = new DeleteGroupsResponseData();
        Gathering gathering = new Gathering(() -> call.reply(response));
        for (String groupId : new LinkedHashSet<>(request.groupsNames())) {
            gathering.expectOne();
            groups.ask(groupId, new GroupCommand.DeleteGroup(groupId), call.home(), reply -> {
                ErrorCode error = reply instanceof GroupReply.Deleted deleted ? deleted.error()
                        : Replies.errorOf(reply);
                response.results().add(new DeletableGroupResult().setGroupId(groupId)
                        .setErrorCode(error.code()));
                gathering.oneCame();
            });
        }
        gathering.oneCame();
    }
}
