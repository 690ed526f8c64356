package io.semel.broker.desk;

import io.semel.broker.catalogue.Topic;
import io.semel.broker.config.BrokerKey;
import io.semel.broker.config.BrokerKeys;
import io.semel.broker.config.DynamicConfig;
import io.semel.broker.config.GroupConfig;
import io.semel.broker.config.TopicAbout;
import io.semel.broker.config.TopicConfig;
import io.semel.broker.desk.SettingsInForce.Value;
import io.semel.wire.error.ErrorCode;
import io.semel.wire.message.Api;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.message.DescribeConfigsRequestData;
import org.apache.kafka.common.message.DescribeConfigsRequestData.DescribeConfigsResource;
import org.apache.kafka.common.message.DescribeConfigsResponseData;
import org.apache.kafka.common.message.DescribeConfigsResponseData.DescribeConfigsResourceResult;
import org.apache.kafka.common.message.DescribeConfigsResponseData.DescribeConfigsResult;
import org.apache.kafka.common.message.DescribeConfigsResponseData.DescribeConfigsSynonym;

/**
 * DescribeConfigs (32, KIP-226, KIP-569): settings of a topic, the broker or a group, where
 * each comes from, and what stands behind it. Any lane.
 */
public final class DescribeConfigsDesk implements Desk {
    private final Topics topics;
    private final SettingsInForce settings;
    private final BrokerResource broker;

    public DescribeConfigsDesk(Topics topics, SettingsInForce settings) {
        this.topics = topics;
        this.settings = settings;
        this.broker = new BrokerResource(settings.nodeId());
    }

    @Override
    public Api api() {
        return Api.DESCRIBE_CONFIGS;
    }

    @Override
    public void serve(Call call) {
        DescribeConfigsRequestData request = call.body();
        DescribeConfigsResponseData response = new DescribeConfigsResponseData();
        for (DescribeConfigsResource asked : request.resources()) {
            response.results().add(describe(request, asked));
        }
        call.reply(response);
    }

    private DescribeConfigsResult describe(DescribeConfigsRequestData request,
            DescribeConfigsResource asked) {
        DescribeConfigsResult result = new DescribeConfigsResult().setResourceType(asked.resourceType())
                .setResourceName(asked.resourceName()).setConfigs(new ArrayList<>());
        Answer answer = new Answer(request, asked, result.configs());
        if (asked.resourceType() == BrokerResource.TOPIC) {
            Topic topic = topics.byName(asked.resourceName());
            if (topic == null) return result.setErrorCode(Topics.unknown(asked.resourceName()).code());
            for (String key : TopicConfig.defaults().keySet()) {
                answer.add(key, settings.ofTopic(topic, key), TopicConfig.protocolType(key), false,
                        TopicAbout.of(key));
            }
        } else if (broker.is(asked.resourceType(), asked.resourceName())) {
            if (asked.resourceName().isEmpty()) {
                settings.ofAllBrokers().forEach(value -> addBroker(answer, BrokerKeys.of(value.name()),
                        List.of(value)));
            } else {
                BrokerKeys.all().forEach(key -> addBroker(answer, key, settings.ofBroker(key)));
            }
        } else if (asked.resourceType() == BrokerResource.GROUP) {
            if (asked.resourceName().isEmpty()) {
                return result.setErrorCode(ErrorCode.INVALID_REQUEST.code())
                        .setErrorMessage("Group name must not be empty");
            }
            for (GroupConfig.Key key : GroupConfig.all()) {
                answer.add(key.name(), settings.ofGroup(asked.resourceName(), key),
                        BrokerKey.Kind.INT.protocolType(), false, key.about());
            }
        } else if (asked.resourceType() != BrokerResource.CLIENT_METRICS) {
            return result.setErrorCode(ErrorCode.INVALID_REQUEST.code())
                    .setErrorMessage(broker.refusal(asked.resourceType(), asked.resourceName()));
        }
        return result;
    }

    private static void addBroker(Answer answer, BrokerKey key, List<Value> values) {
        boolean readOnly = DynamicConfig.topicKeyOf(key.name()) == null;
        byte type = readOnly ? key.kind().protocolType()
                : TopicConfig.protocolType(DynamicConfig.topicKeyOf(key.name()));
        answer.add(key.name(), values, type, readOnly, key.about());
    }

    /** What was asked about one resource, and the list it goes into. */
    private record Answer(DescribeConfigsRequestData request, DescribeConfigsResource asked,
            List<DescribeConfigsResourceResult> configs) {

        void add(String name, List<Value> values, byte type, boolean readOnly, String about) {
            if (values.isEmpty()) return;
            Value inForce = values.get(0);
            List<String> keys = asked.configurationKeys();
            if (keys != null && !keys.isEmpty() && !keys.contains(name)) return;
            DescribeConfigsResourceResult config = new DescribeConfigsResourceResult().setName(name)
                    .setValue(inForce.value()).setConfigSource(inForce.source()).setReadOnly(readOnly)
                    .setIsSensitive(false).setConfigType(type).setDocumentation(null);
            if (request.includeSynonyms()) {
                for (Value value : values) {
                    config.synonyms().add(new DescribeConfigsSynonym().setName(value.name())
                            .setValue(value.value()).setSource(value.source()));
                }
            }
            if (request.includeDocumentation() && !about.isEmpty()) config.setDocumentation(about);
            configs.add(config);
        }
    }
}
