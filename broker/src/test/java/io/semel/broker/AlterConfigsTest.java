package io.semel.broker;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.message.DescribeConfigsRequestData;
import org.apache.kafka.common.message.DescribeConfigsRequestData.DescribeConfigsResource;
import org.apache.kafka.common.message.DescribeConfigsResponseData;
import org.apache.kafka.common.message.IncrementalAlterConfigsRequestData;
import org.apache.kafka.common.message.IncrementalAlterConfigsRequestData.AlterConfigsResource;
import org.apache.kafka.common.message.IncrementalAlterConfigsRequestData.AlterableConfig;
import org.apache.kafka.common.message.IncrementalAlterConfigsResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.Test;

class AlterConfigsTest {
    private static final int SET = 0;
    private static final int DELETE = 1;
    private static final int APPEND = 2;
    private static final int SUBTRACT = 3;

    private final SimBroker sim = SimBroker.start(1);
    private final SimVerbs verbs = new SimVerbs(sim);

    @Test
    void loseNothingToOneAnother() {
        verbs.createTopic("t");
        SimClient another = sim.connect();

        int first = verbs.client.post(ApiKeys.INCREMENTAL_ALTER_CONFIGS, 1, change(SET, "retention.ms", "5"));
        int second = another.post(ApiKeys.INCREMENTAL_ALTER_CONFIGS, 1, change(SET, "segment.ms", "6"));
        assertEquals(Errors.NONE, told(verbs.client.await(first)));
        assertEquals(Errors.NONE, told(another.await(second)));

        assertEquals("5", configs().get("retention.ms"));
        assertEquals("6", configs().get("segment.ms"));
    }

    @Test
    void addToListsTakeFromThemAndGiveTheDefaultBack() {
        verbs.createTopic("t", 1, Map.of("retention.ms", "5"));

        assertEquals(Errors.NONE, alter(APPEND, "cleanup.policy", "compact"));
        assertEquals("delete,compact", configs().get("cleanup.policy"));
        assertEquals(Errors.NONE, alter(SUBTRACT, "cleanup.policy", "delete"));
        assertEquals("compact", configs().get("cleanup.policy"));
        assertEquals(Errors.NONE, alter(DELETE, "retention.ms", null));
        assertEquals("604800000", configs().get("retention.ms"));
    }

    @Test
    void areRefusedWhenTheyMakeNoSense() {
        verbs.createTopic("t");

        assertEquals(Errors.INVALID_CONFIG, alter(APPEND, "retention.ms", "5"));
        assertEquals(Errors.INVALID_REQUEST, alter(SET, "retention.ms", null));
        assertEquals(Errors.INVALID_CONFIG, alter(SET, "segment.bytes", "0"));
        assertEquals(Errors.INVALID_CONFIG, alter(SET, "no.such.key", "0"));
        assertEquals(Errors.INVALID_CONFIG, alter(9, "retention.ms", "0"));
        assertEquals("604800000", configs().get("retention.ms"));
    }

    private Errors alter(int operation, String key, String value) {
        return told(verbs.client.ask(ApiKeys.INCREMENTAL_ALTER_CONFIGS, 1, change(operation, key, value)));
    }

    private static Errors told(IncrementalAlterConfigsResponseData answer) {
        return Errors.forCode(answer.responses().get(0).errorCode());
    }

    private static IncrementalAlterConfigsRequestData change(int operation, String key, String value) {
        AlterConfigsResource resource = new AlterConfigsResource().setResourceType((byte) 2)
                .setResourceName("t");
        resource.configs().add(new AlterableConfig().setName(key).setConfigOperation((byte) operation)
                .setValue(value));
        IncrementalAlterConfigsRequestData request = new IncrementalAlterConfigsRequestData();
        request.resources().add(resource);
        return request;
    }

    private Map<String, String> configs() {
        DescribeConfigsResponseData answer = verbs.client.ask(ApiKeys.DESCRIBE_CONFIGS, 4,
                new DescribeConfigsRequestData()
                .setResources(List.of(new DescribeConfigsResource().setResourceType((byte) 2)
                        .setResourceName("t")
                        .setConfigurationKeys(null))));
        Map<String, String> configs = new HashMap<>();
        answer.results().get(0).configs().forEach(config -> configs.put(config.name(), config.value()));
        return configs;
    }
}
