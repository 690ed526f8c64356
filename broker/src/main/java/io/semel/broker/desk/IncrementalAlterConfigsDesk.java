package io.semel.broker.desk;

import io.semel.broker.catalogue.CatalogueCommand;
import io.semel.broker.catalogue.CatalogueReply;
import io.semel.broker.catalogue.ConfigChange;
import io.semel.wire.error.ErrorCode;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.message.IncrementalAlterConfigsRequestData;
import org.apache.kafka.common.message.IncrementalAlterConfigsRequestData.AlterConfigsResource;
import org.apache.kafka.common.message.IncrementalAlterConfigsRequestData.AlterableConfig;
import org.apache.kafka.common.message.IncrementalAlterConfigsResponseData;
import org.apache.kafka.common.message.IncrementalAlterConfigsResponseData.AlterConfigsResourceResponse;
import org.apache.kafka.common.protocol.ApiKeys;

/**
 * IncrementalAlterConfigs (44): set, delete, append to or subtract from a topic's settings. The broker's own
 * are set at start.
 */
public final class IncrementalAlterConfigsDesk implements Desk {
    private static final byte TOPIC = 2;

    private final Topics topics;

    public IncrementalAlterConfigsDesk(Topics topics) {
        this.topics = topics;
    }

    @Override
    public ApiKeys api() {
        return ApiKeys.INCREMENTAL_ALTER_CONFIGS;
    }

    @Override
    public void serve(Call call) {
        IncrementalAlterConfigsRequestData request = call.body();
        IncrementalAlterConfigsResponseData response = new IncrementalAlterConfigsResponseData();
        Gathering gathering = new Gathering(() -> call.reply(response));
        for (AlterConfigsResource resource : request.resources()) {
            AlterConfigsResourceResponse result = new AlterConfigsResourceResponse()
                    .setResourceType(resource.resourceType())
                    .setResourceName(resource.resourceName());
            response.responses().add(result);
            if (resource.resourceType() != TOPIC) {
                result.setErrorCode(ErrorCode.INVALID_REQUEST.code())
                        .setErrorMessage("only a topic's configs can be altered while the broker runs");
                continue;
            }
            alter(call, resource, request.validateOnly(), result, gathering);
        }
        gathering.oneCame();
    }

    private void alter(Call call, AlterConfigsResource resource, boolean validateOnly,
            AlterConfigsResourceResponse result,
                       Gathering gathering) {
        List<ConfigChange> changes = new ArrayList<>();
        for (AlterableConfig change : resource.configs()) {
            changes.add(new ConfigChange(change.name(), change.configOperation(), change.value()));
        }
        gathering.expectOne();
        topics.change(new CatalogueCommand.AlterConfigs(resource.resourceName(), changes, validateOnly),
                call.home(), reply -> {
            if (reply instanceof CatalogueReply.Refused refused) {
                result.setErrorCode(refused.error().code()).setErrorMessage(refused.message());
            }
            gathering.oneCame();
        });
    }
}
