package io.semel.broker;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.MetadataRequestData;
import org.apache.kafka.common.message.MetadataRequestData.MetadataRequestTopic;
import org.apache.kafka.common.message.MetadataResponseData;
import org.apache.kafka.common.message.MetadataResponseData.MetadataResponseTopic;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.Test;

/** What old versions cannot carry must not cost the client its connection. */
class OldVersionsTest {
    private final SimBroker sim = SimBroker.start(1);
    private final SimVerbs verbs = new SimVerbs(sim);

    @Test
    void listOffsetsAnswersVersionsThatKnowNoLeaderEpoch() {
        verbs.createTopic("t");
        verbs.errorOfProduce("t", 0, SimVerbs.batch("a"));

        for (int version = 1; version <= 11; version++) {
            assertEquals(1, verbs.offset(version, "t", 0, SimVerbs.LATEST, false).offset(),
                    "version " + version);
        }
    }

    @Test
    void metadataRefusesANamelessTopicWhereTheAnswerMustHaveAName() {
        Uuid id = verbs.createTopic("t");

        for (int version = 10; version <= 13; version++) {
            MetadataResponseData answer = verbs.client.ask(ApiKeys.METADATA, version,
                    new MetadataRequestData().setTopics(
                    List.of(new MetadataRequestTopic().setName(null).setTopicId(id))));

            MetadataResponseTopic topic = answer.topics().iterator().next();
            assertEquals(version < 12 ? Errors.INVALID_REQUEST : Errors.NONE,
                    Errors.forCode(topic.errorCode()));
            assertEquals(version < 12 ? "" : "t", topic.name());
        }
    }
}
