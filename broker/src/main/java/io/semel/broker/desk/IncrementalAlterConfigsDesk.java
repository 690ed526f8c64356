package io.semel.broker.desk;

import io.semel.broker.catalogue.CatalogueCommand;
import io.semel.broker.catalogue.CatalogueReply;
import io.semel.broker.catalogue.Topic;
import io.semel.broker.config.TopicConfig;
import io.semel.wire.error.ErrorCode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.common.message.IncrementalAlterConfigsRequestData;
import org.apache.kafka.common.message.IncrementalAlterConfigsRequestData.AlterConfigsResource;
import org.apache.kafka.common.message.IncrementalAlterConfigsRequestData.AlterableConfig;
import org.apache.kafka.common.message.IncrementalAlterConfigsResponseData;
import org.apache.kafka.common.message.IncrementalAlterConfigsResponseData.AlterConfigsResourceResponse;
import org.apache.kafka.common.protocol.ApiKeys;

/** IncrementalAlterConfigs (44): set, delete, append to or subtract from a topic's settings. The broker's own are set at start. */
public final class IncrementalAlterConfigsDesk implements Desk {
    private static final byte TOPIC = 2;
    private static final byte SET = 0;
    private static final byte DELETE = 1;
    private static final byte APPEND = 2;
    private static final byte SUBTRACT = 3;

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
            AlterConfigsResourceResponse result = new AlterConfigsResourceResponse().setResourceType(resource.resourceType())
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

    private void alter(Call call, AlterConfigsResource resource, boolean validateOnly, AlterConfigsResourceResponse result,
                       Gathering gathering) {
        Topic topic = topics.byName(resource.resourceName());
        if (topic == null) {
            result.setErrorCode(ErrorCode.UNKNOWN_TOPIC_OR_PARTITION.code());
            return;
        }
        Map<String, String> configs = new TreeMap<>(topic.configs());
        for (AlterableConfig change : resource.configs()) {
            String problem = apply(configs, change);
            if (problem != null) {
                result.setErrorCode(ErrorCode.INVALID_CONFIG.code()).setErrorMessage(problem);
                return;
            }
        }
        gathering.expectOne();
        topics.change(new CatalogueCommand.SetConfigs(topic.name(), configs, validateOnly), call.home(), reply -> {
            if (reply instanceof CatalogueReply.Refused refused) {
                result.setErrorCode(refused.error().code()).setErrorMessage(refused.message());
            }
            gathering.oneCame();
        });
    }

    private static String apply(Map<String, String> configs, AlterableConfig change) {
        String name = change.name();
        if (!TopicConfig.isKnown(name)) return "Unknown topic config name: " + name;
        if (change.configOperation() == DELETE) {
            configs.remove(name);
            return null;
        }
        if (change.value() == null) return name + " needs a value";
        List<String> items = new ArrayList<>(Arrays.asList(configs.getOrDefault(name, TopicConfig.defaults().get(name)).split(",")));
        items.removeIf(String::isEmpty);
        switch (change.configOperation()) {
            case SET -> configs.put(name, change.value());
            case APPEND -> {
                for (String item : change.value().split(",")) if (!items.contains(item)) items.add(item);
                configs.put(name, String.join(",", items));
            }
            case SUBTRACT -> {
                items.removeAll(Arrays.asList(change.value().split(",")));
                configs.put(name, String.join(",", items));
            }
            default -> {
                return "Unknown config operation " + change.configOperation() + " for " + name;
            }
        }
        return null;
    }
}
