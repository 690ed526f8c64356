package io.semel.broker.desk;

import io.semel.broker.catalogue.CatalogueCommand;
import io.semel.broker.catalogue.CatalogueReply;
import io.semel.broker.catalogue.Topic;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.apache.kafka.common.message.DeleteTopicsRequestData;
import org.apache.kafka.common.message.DeleteTopicsRequestData.DeleteTopicState;
import org.apache.kafka.common.message.DeleteTopicsResponseData;
import org.apache.kafka.common.message.DeleteTopicsResponseData.DeletableTopicResult;
import org.apache.kafka.common.protocol.ApiKeys;

/**
 * DeleteTopics (20): out of the catalogue first, durably; then the partitions' files. Answered when both are
 * done.
 */
public final class DeleteTopicsDesk implements Desk {
    private final Topics topics;

    public DeleteTopicsDesk(Topics topics) {
        this.topics = topics;
    }

    @Override
    public ApiKeys api() {
        return ApiKeys.DELETE_TOPICS;
    }

    @Override
    public void serve(Call call) {
        DeleteTopicsRequestData request = call.body();
        DeleteTopicsResponseData response = new DeleteTopicsResponseData();
        Gathering gathering = new Gathering(() -> call.reply(response));
        for (CatalogueCommand.DeleteTopic command : commands(call, request)) {
            DeletableTopicResult result = new DeletableTopicResult().setName(command.name());
            if (command.id() != null) result.setTopicId(Ids.wire(command.id()));
            gathering.expectOne();
            topics.change(command, call.home(), reply -> {
                response.responses().add(result);
                if (reply instanceof CatalogueReply.Refused refused) {
                    result.setErrorCode(refused.error().code()).setErrorMessage(refused.message());
                    gathering.oneCame();
                } else if (reply instanceof CatalogueReply.Done done) {
                    Topic topic = done.topic();
                    result.setName(topic.name()).setTopicId(Ids.wire(topic.id()));
                    topics.change(new CatalogueCommand.AwaitBurial(topic), call.home(), buried ->
                            gathering.oneCame());
                }
            });
        }
        gathering.oneCame();
    }

    private static List<CatalogueCommand.DeleteTopic> commands(Call call, DeleteTopicsRequestData request) {
        List<CatalogueCommand.DeleteTopic> commands = new ArrayList<>();
        if (call.version() < 6) {
            for (String name : request.topicNames()) commands.add(new CatalogueCommand.DeleteTopic(name,
                    null));
            return commands;
        }
        for (DeleteTopicState state : request.topics()) {
            UUID id = state.name() == null ? Ids.ours(state.topicId()) : null;
            commands.add(new CatalogueCommand.DeleteTopic(state.name(), id));
        }
        return commands;
    }
}
