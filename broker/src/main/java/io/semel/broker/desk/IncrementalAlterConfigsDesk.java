package io.semel.broker.desk;

import io.semel.broker.catalogue.CatalogueCommand;
import io.semel.broker.catalogue.CatalogueReply;
import io.semel.broker.catalogue.ConfigChange;
import io.semel.wire.error.ErrorCode;
import io.semel.wire.message.Api;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.message.IncrementalAlterConfigsRequestData;
import org.apache.kafka.common.message.IncrementalAlterConfigsRequestData.AlterConfigsResource;
import org.apache.kafka.common.message.IncrementalAlterConfigsRequestData.AlterableConfig;
import org.apache.kafka.common.message.IncrementalAlterConfigsResponseData;
import org.apache.kafka.common.message.IncrementalAlterConfigsResponseData.AlterConfigsResourceResponse;

/**
 * IncrementalAlterConfigs (44): set, delete, append to or subtract from the settings of a topic, of the
 * broker or of a group (KIP-339).
 */
public final class IncrementalAlterConfigsDesk implements Desk {
    private final Topics topics;
    private final BrokerResource broker;

    public IncrementalAlterConfigsDesk(Topics topics, int nodeId) {
        this.topics = topics;
        this.broker = new BrokerResource(nodeId);
    }

    @Override
    public Api api() {
        return Api.INCREMENTAL_ALTER_CONFIGS;
    }

    @Override
    public void serve(Call call) {
        IncrementalAlterConfigsRequestData request = call.body();
        IncrementalAlterConfigsResponseData response = new IncrementalAlterConfigsResponseData();
        Gathering gathering = new Gathering(() -> call.reply(response));
        for (AlterConfigsResource resource : request.resources()) {
            AlterConfigsResourceResponse result = new AlterConfigsResourceResponse()
                    .setResourceType(resource.resourceType())
                    .setResourceName(resource.resourceName()).setErrorMessage(null);
            response.responses().add(result);
            Alteration.Refusal refusal = refusal(request, resource);
            if (refusal != null) {
                result.setErrorCode(refusal.error().code()).setErrorMessage(refusal.message());
                continue;
            }
            CatalogueCommand command = command(resource, request.validateOnly());
            if (command == null) {
                result.setErrorCode(ErrorCode.INVALID_REQUEST.code())
                        .setErrorMessage(broker.refusal(resource.resourceType(), resource.resourceName()));
                continue;
            }
            gathering.expectOne();
            topics.change(command, call.home(), reply -> {
                if (reply instanceof CatalogueReply.Refused refused) {
                    result.setErrorCode(refused.error().code()).setErrorMessage(refused.message());
                }
                gathering.oneCame();
            });
        }
        gathering.oneCame();
    }

    private static Alteration.Refusal refusal(IncrementalAlterConfigsRequestData request,
            AlterConfigsResource resource) {
        Alteration alteration = new Alteration(resource.resourceType(), resource.resourceName());
        for (AlterConfigsResource one : request.resources()) {
            alteration.beside(one.resourceType(), one.resourceName());
        }
        for (AlterableConfig change : resource.configs()) {
            boolean takesValue = change.configOperation() != ConfigChange.DELETE;
            alteration.of(change.name(), takesValue ? change.value() : "");
        }
        return alteration.refusal();
    }

    /** Null when it is not something whose settings can be altered. */
    private CatalogueCommand command(AlterConfigsResource resource, boolean validateOnly) {
        List<ConfigChange> changes = new ArrayList<>();
        for (AlterableConfig change : resource.configs()) {
            changes.add(new ConfigChange(change.name(), change.configOperation(), change.value()));
        }
        if (resource.resourceType() == BrokerResource.TOPIC) {
            return new CatalogueCommand.AlterConfigs(resource.resourceName(), changes, validateOnly);
        }
        if (resource.resourceType() == BrokerResource.GROUP) {
            return new CatalogueCommand.AlterGroupConfigs(resource.resourceName(), changes, validateOnly);
        }
        if (!broker.is(resource.resourceType(), resource.resourceName())) return null;
        return new CatalogueCommand.AlterBrokerConfigs(resource.resourceName(), changes, validateOnly);
    }
}
