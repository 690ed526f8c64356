package io.semel.broker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.semel.broker.config.TopicConfig;
import java.util.Map;
import org.apache.kafka.common.message.CreateTopicsResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.Test;

class TopicSettingsTest {
    @Test
    void aNumberWithSpacesAroundItDoesNotStopTheLaneThatOpensThePartition() {
        SimVerbs verbs = new SimVerbs(SimBroker.start(1));
        verbs.createTopic("t", 1, Map.of("segment.bytes", " 2048 ", "segment.ms", " 1000 ",
                "max.message.bytes", " 900 "));

        assertEquals(Errors.NONE, verbs.errorOfProduce("t", 0, SimVerbs.batch("a")));
    }

    @Test
    void aValueOutOfBoundsIsRefusedWhenItIsSet() {
        SimVerbs verbs = new SimVerbs(SimBroker.start(1));

        CreateTopicsResponseData answer = verbs.client.ask(ApiKeys.CREATE_TOPICS, 7,
                SimVerbs.creation("t", 1, Map.of("segment.bytes", "0")));

        assertEquals(Errors.INVALID_CONFIG, Errors.forCode(answer.topics().find("t").errorCode()));
    }

    @Test
    void theBoundsAreKafkas() {
        refused("segment.bytes", "0", "13", "-1", "2147483648", "1.5", "", "1 0");
        refused("segment.ms", "0");
        refused("max.message.bytes", "-1");
        refused("retention.ms", "-2");
        refused("min.cleanable.dirty.ratio", "-0.1", "1.1", "NaN");
        refused("min.insync.replicas", "0");
        refused("max.compaction.lag.ms", "0");
        refused("flush.messages", "0");
        refused("segment.index.bytes", "3");
        refused("local.retention.ms", "-3");
        refused("preallocate", "yes");
        refused("no.such.key", "1");
        taken("segment.bytes", "14", "2147483647");
        taken("retention.bytes", "-1");
        taken("retention.ms", "-1", "0");
        taken("max.message.bytes", "0");
        taken("min.cleanable.dirty.ratio", "0", "1", "0.5");
        taken("preallocate", "TRUE");
        TopicConfig.defaults().forEach((name, value) -> assertNull(TopicConfig.problem(name, value), name));
    }

    private static void refused(String name, String... values) {
        for (String value : values) assertNotNull(TopicConfig.problem(name, value), name + "=" + value);
    }

    private static void taken(String name, String... values) {
        for (String value : values) assertNull(TopicConfig.problem(name, value), name + "=" + value);
    }
}
