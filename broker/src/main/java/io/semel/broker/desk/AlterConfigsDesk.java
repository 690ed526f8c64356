package io.semel.broker.desk;

import io.semel.broker.catalogue.CatalogueCommand;
import io.semel.broker.catalogue.CatalogueReply;
import io.semel.wire.error.ErrorCode;
import io.semel.wire.message.Api;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.common.message.AlterConfigsRequestData;
import org.apache.kafka.common.message.AlterConfigsRequestData.AlterConfigsResource;
import org.apache.kafka.common.message.AlterConfigsRequestData.AlterableConfig;
import org.apache.kafka.common.message.AlterConfigsResponseData;
import org.apache.kafka.common.message.AlterConfigsResponseData.AlterConfigsResourceResponse;

/**
 * AlterConfigs (33): puts a whole new set of settings in the place of the old one; what it does not name goes
 * back to its default. Older clients (kafkajs, librdkafka's legacy call) know only this one. Stateless.
 */
public final class AlterConfigsDesk implements Desk {
    private final Topics topics;
    private final BrokerResource broker;

    public AlterConfigsDesk(Topics topics, int nodeId) {
        this.topics = topics;
        this.broker = new BrokerResource(nodeId);
    }

    @Override
    public Api api() {
        return Api.ALTER_CONFIGS;
    }

    @Override
    public void serve(Call call) {
        AlterConfigsRequestData request = call.body();
        AlterConfigsResponseData response = new AlterConfigsResponseData();
        Gathering gathering = new Gathering(() -> call.reply(response));
        for (AlterConfigsResource resource : request.resources()) {
            AlterConfigsResourceResponse result = new AlterConfigsResourceResponse()
                    .setResourceType(resource.resourceType()).setResourceName(resource.resourceName())
                    .setErrorMessage(null);
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

    private static Alteration.Refusal refusal(AlterConfigsRequestData request,
            AlterConfigsResource resource) {
        Alteration alteration = new Alteration(resource.resourceType(), resource.resourceName());
        for (AlterConfigsResource one : request.resources()) {
            alteration.beside(one.resourceType(), one.resourceName());
        }
        for (AlterableConfig config : resource.configs()) alteration.of(config.name(), config.value());
        return alteration.refusal();
    }

    /** Null when it is not something whose settings can be altered. */
    private CatalogueCommand command(AlterConfigsResource resource, boolean validateOnly) {
        Map<String, String> configs = new TreeMap<>();
        for (AlterableConfig config : resource.configs()) configs.put(config.name(), config.value());
        if (resource.resourceType() == BrokerResource.TOPIC) {
            return new CatalogueCommand.ReplaceConfigs(resource.resourceName(), configs, validateOnly);
        }
        if (resource.resourceType() == BrokerResource.GROUP) {
            return new CatalogueCommand.ReplaceGroupConfigs(resource.resourceName(), configs, validateOnly);
        }
        if (!broker.is(resource.resourceType(), resource.resourceName())) return null;
        return new CatalogueCommand.ReplaceBrokerConfigs(resource.resourceName(), configs, validateOnly);
    }
}
