package io.semel.broker.desk;

import io.semel.broker.catalogue.CatalogueCommand;
import io.semel.broker.catalogue.CatalogueReply;
import io.semel.wire.error.ErrorCode;
import io.semel.wire.message.Api;
import java.util.HashSet;
import java.util.OptionalInt;
import java.util.Set;
import org.apache.kafka.common.message.CreatePartitionsRequestData;
import org.apache.kafka.common.message.CreatePartitionsRequestData.CreatePartitionsTopic;
import org.apache.kafka.common.message.CreatePartitionsResponseData;
import org.apache.kafka.common.message.CreatePartitionsResponseData.CreatePartitionsTopicResult;

/** CreatePartitions (37): a topic grows; it never shrinks. */
public final class CreatePartitionsDesk implements Desk {
    private final Topics topics;
    private final int nodeId;

    public CreatePartitionsDesk(Topics topics, int nodeId) {
        this.topics = topics;
        this.nodeId = nodeId;
    }

    @Override
    public Api api() {
        return Api.CREATE_PARTITIONS;
    }

    @Override
    public void serve(Call call) {
        CreatePartitionsRequestData request = call.body();
        CreatePartitionsResponseData response = new CreatePartitionsResponseData();
        Gathering gathering = new Gathering(() -> call.reply(response));
        Set<String> named = new HashSet<>();
        Set<String> twice = new HashSet<>();
        for (CreatePartitionsTopic asked : request.topics()) {
            if (!named.add(asked.name())) twice.add(asked.name());
        }
        for (String name : twice) response.results().add(new CreatePartitionsTopicResult().setName(name)
                .setErrorCode(ErrorCode.INVALID_REQUEST.code()).setErrorMessage("Duplicate topic name."));
        for (CreatePartitionsTopic asked : request.topics()) {
            if (twice.contains(asked.name())) continue;
            CreatePartitionsTopicResult result = new CreatePartitionsTopicResult().setName(asked.name());
            response.results().add(result);
            boolean elsewhere = asked.assignments() != null && asked.assignments().stream()
                    .anyMatch(assignment -> assignment.brokerIds().size() != 1 || assignment.brokerIds()
                            .get(0) != nodeId);
            if (elsewhere) {
                result.setErrorCode(ErrorCode.INVALID_REPLICA_ASSIGNMENT.code())
                        .setErrorMessage("the only broker here is " + nodeId);
                continue;
            }
            gathering.expectOne();
            OptionalInt placed = asked.assignments() == null ? OptionalInt.empty()
                    : OptionalInt.of(asked.assignments().size());
            topics.change(new CatalogueCommand.AddPartitions(asked.name(), asked.count(),
                    request.validateOnly(), placed), call.home(), reply -> {
                if (reply instanceof CatalogueReply.Refused refused) {
                    result.setErrorCode(refused.error().code()).setErrorMessage(refused.message());
                }
                gathering.oneCame();
            });
        }
        gathering.oneCame();
    }
}
