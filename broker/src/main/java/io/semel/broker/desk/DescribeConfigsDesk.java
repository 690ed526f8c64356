package io.semel.broker.desk;

import io.semel.broker.catalogue.Topic;
import io.semel.broker.config.TopicConfig;
import io.semel.wire.error.ErrorCode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.message.DescribeConfigsRequestData;
import org.apache.kafka.common.message.DescribeConfigsRequestData.DescribeConfigsResource;
import org.apache.kafka.common.message.DescribeConfigsResponseData;
import org.apache.kafka.common.message.DescribeConfigsResponseData.DescribeConfigsResourceResult;
import org.apache.kafka.common.message.DescribeConfigsResponseData.DescribeConfigsResult;
import org.apache.kafka.common.protocol.ApiKeys;

/** DescribeConfigs (32): a topic's settings and the broker's. */
public final class DescribeConfigsDesk implements Desk {
    private static final byte TOPIC = 2;
    private static final byte BROKER = 4;
    private static final byte FROM_TOPIC = 1;
    private static final byte FROM_BROKER_FILE = 4;
    private static final byte FROM_DEFAULT = 5;

    private final Topics topics;
    private final int nodeId;
    private final Map<String, String> brokerSettings;

    /** @param brokerSettings what the broker runs with, under Kafka's names */
    public DescribeConfigsDesk(Topics topics, int nodeId, Map<String, String> brokerSettings) {
        this.topics = topics;
        this.nodeId = nodeId;
        this.brokerSettings = brokerSettings;
    }

    @Override
    public ApiKeys api() {
        return ApiKeys.DESCRIBE_CONFIGS;
    }

    @Override
    public void serve(Call call) {
        DescribeConfigsRequestData request = call.body();
        DescribeConfigsResponseData response = new DescribeConfigsResponseData();
        for (DescribeConfigsResource asked : request.resources()) response.results().add(describe(asked));
        call.reply(response);
    }

    private DescribeConfigsResult describe(DescribeConfigsResource asked) {
        DescribeConfigsResult result = new DescribeConfigsResult().setResourceType(asked.resourceType())
                .setResourceName(asked.resourceName());
        List<DescribeConfigsResourceResult> configs = new ArrayList<>();
        result.setConfigs(configs);
        if (asked.resourceType() == TOPIC) {
            Topic topic = topics.byName(asked.resourceName());
            if (topic == null) return result.setErrorCode(ErrorCode.UNKNOWN_TOPIC_OR_PARTITION.code());
            TopicConfig.defaults().forEach((name, byDefault) -> {
                String set = topic.configs().get(name);
                add(configs, asked, name, set != null ? set : byDefault, set != null ? FROM_TOPIC
                        : FROM_DEFAULT);
            });
        } else if (asked.resourceType() == BROKER) {
            if (!asked.resourceName().isEmpty() && !asked.resourceName().equals(Integer.toString(nodeId))) {
                return result.setErrorCode(ErrorCode.INVALID_REQUEST.code())
                        .setErrorMessage("Unexpected broker id, expected " + nodeId + ", but received "
                                + asked.resourceName());
            }
            brokerSettings.forEach((name, value) -> add(configs, asked, name, value, FROM_BROKER_FILE));
        } else {
            return result.setErrorCode(ErrorCode.INVALID_REQUEST.code())
                    .setErrorMessage("configs of resource type " + asked.resourceType() + " are not built");
        }
        return result;
    }

    private static void add(List<DescribeConfigsResourceResult> configs, DescribeConfigsResource asked,
            String name, String value,
                            byte source) {
        if (asked.configurationKeys() != null && !asked.configurationKeys().contains(name)) return;
        configs.add(new DescribeConfigsResourceResult().setName(name).setValue(value).setConfigSource(source)
                .setReadOnly(source == FROM_BROKER_FILE).setIsSensitive(false));
    }
}
