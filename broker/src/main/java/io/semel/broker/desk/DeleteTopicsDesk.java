package io.semel.broker.desk;

import io.semel.broker.catalogue.CatalogueCommand;
import io.semel.broker.catalogue.CatalogueReply;
import io.semel.broker.catalogue.Topic;
import io.semel.wire.error.ErrorCode;
import io.semel.wire.message.Api;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.DeleteTopicsRequestData;
import org.apache.kafka.common.message.DeleteTopicsRequestData.DeleteTopicState;
import org.apache.kafka.common.message.DeleteTopicsResponseData;
import org.apache.kafka.common.message.DeleteTopicsResponseData.DeletableTopicResult;

/**
 * DeleteTopics (20): out of the catalogue first, durably; then the partitions' files. Answered when both are
 * done.
 */
public final class DeleteTopicsDesk implements Desk {
    private static final short NAMED_OR_ID_FROM = 6;

    private final Topics topics;

    public DeleteTopicsDesk(Topics topics) {
        this.topics = topics;
    }

    @Override
    public Api api() {
        return Api.DELETE_TOPICS;
    }

    @Override
    public void serve(Call call) {
        DeleteTopicsRequestData request = call.body();
        DeleteTopicsResponseData response = new DeleteTopicsResponseData();
        Gathering gathering = new Gathering(() -> call.reply(response));
        for (CatalogueCommand.DeleteTopic command : commands(call, request, response)) {
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

    /** What is to be deleted; what is named twice, or in two ways, is refused here. */
    private static List<CatalogueCommand.DeleteTopic> commands(Call call, DeleteTopicsRequestData request,
            DeleteTopicsResponseData response) {
        Map<DeleteTopicState, Integer> asked = new LinkedHashMap<>();
        if (call.version() < NAMED_OR_ID_FROM) {
            for (String name : request.topicNames()) {
                asked.merge(new DeleteTopicState().setName(name), 1, Integer::sum);
            }
        } else {
            for (DeleteTopicState state : request.topics()) asked.merge(state, 1, Integer::sum);
        }
        List<CatalogueCommand.DeleteTopic> commands = new ArrayList<>();
        asked.forEach((state, times) -> {
            String problem = problem(state, times);
            if (problem == null) {
                UUID id = state.name() == null ? Ids.ours(state.topicId()) : null;
                commands.add(new CatalogueCommand.DeleteTopic(state.name(), id));
            } else {
                response.responses().add(new DeletableTopicResult().setName(state.name())
                        .setTopicId(state.topicId()).setErrorCode(ErrorCode.INVALID_REQUEST.code())
                        .setErrorMessage(problem));
            }
        });
        return commands;
    }

    /** Whoever names a topic in two ways may mean two topics: nothing is deleted. */
    private static String problem(DeleteTopicState state, int times) {
        boolean hasId = !state.topicId().equals(Uuid.ZERO_UUID);
        if (state.name() == null && !hasId) return "Neither topic name nor id were specified.";
        if (state.name() != null && hasId) return "You may not specify both topic name and topic id.";
        if (times > 1) return state.name() == null ? "Duplicate topic id." : "Duplicate topic name.";
        return null;
    }
}
