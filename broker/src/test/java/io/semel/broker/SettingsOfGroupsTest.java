package io.semel.broker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.semel.sim.Survival;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.message.AlterConfigsRequestData;
import org.apache.kafka.common.message.AlterConfigsResponseData;
import org.apache.kafka.common.message.ConsumerGroupHeartbeatRequestData;
import org.apache.kafka.common.message.ConsumerGroupHeartbeatResponseData;
import org.apache.kafka.common.message.DescribeConfigsRequestData;
import org.apache.kafka.common.message.DescribeConfigsRequestData.DescribeConfigsResource;
import org.apache.kafka.common.message.DescribeConfigsResponseData;
import org.apache.kafka.common.message.DescribeConfigsResponseData.DescribeConfigsResourceResult;
import org.apache.kafka.common.message.IncrementalAlterConfigsRequestData;
import org.apache.kafka.common.message.IncrementalAlterConfigsRequestData.AlterConfigsResource;
import org.apache.kafka.common.message.IncrementalAlterConfigsRequestData.AlterableConfig;
import org.apache.kafka.common.message.IncrementalAlterConfigsResponseData;
import org.apache.kafka.common.message.IncrementalAlterConfigsResponseData.AlterConfigsResourceResponse;
import org.apache.kafka.common.message.ListConfigResourcesRequestData;
import org.apache.kafka.common.message.ListConfigResourcesResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.Test;

/** Settings of groups (KIP-848), set, told, honoured and kept (checklist rows A1 and G3). */
class SettingsOfGroupsTest {
    private static final byte GROUP = 32;
    private static final byte SET = 0;
    private static final byte DELETE = 1;
    private static final byte OF_GROUP = 8;
    private static final byte DEFAULT = 5;
    private static final String HEARTBEAT = "consumer.heartbeat.interval.ms";

    private final SimBroker sim = SimBroker.start(1);
    private SimVerbs verbs = new SimVerbs(sim);

    @Test
    void areHonouredToldAndSurviveAPowerCut() {
        assertEquals(1_000, intervalToldTo("own"));
        assertEquals(Errors.NONE, Errors.forCode(alter("own", SET, HEARTBEAT, "7000").errorCode()));

        assertEquals(7_000, intervalToldTo("own"));
        assertEquals(1_000, intervalToldTo("other"));

        sim.reboot(Survival.POWER_CUT);
        verbs = new SimVerbs(sim);
        assertEquals(7_000, intervalToldTo("own"));
        DescribeConfigsResourceResult told = described("own");
        assertEquals("7000", told.value());
        assertEquals(OF_GROUP, told.configSource());
        assertEquals(List.of(HEARTBEAT, "group.consumer.heartbeat.interval.ms"),
                told.synonyms().stream().map(synonym -> synonym.name()).toList());
        assertEquals(List.of("own"), groupsWithSettings());

        alter("own", DELETE, HEARTBEAT, null);
        assertEquals(1_000, intervalToldTo("own"));
        assertEquals(DEFAULT, described("own").configSource());
        assertEquals(List.of(), groupsWithSettings());
    }

    @Test
    void aWholeSetTakesThePlaceOfAnother() {
        alter("own", SET, "consumer.session.timeout.ms", "50000");
        AlterConfigsRequestData.AlterConfigsResource resource =
                new AlterConfigsRequestData.AlterConfigsResource().setResourceType(GROUP)
                        .setResourceName("own");
        resource.configs().add(new AlterConfigsRequestData.AlterableConfig().setName(HEARTBEAT)
                .setValue("2000"));
        AlterConfigsRequestData request = new AlterConfigsRequestData();
        request.resources().add(resource);
        AlterConfigsResponseData answer = verbs.client.ask(ApiKeys.ALTER_CONFIGS, 2, request);

        assertEquals(0, answer.responses().get(0).errorCode());
        assertEquals("2000", described("own").value());
        assertEquals("45000", told("own").stream()
                .filter(each -> each.name().equals("consumer.session.timeout.ms")).findFirst().orElseThrow()
                .value());
    }

    @Test
    void areRefusedWhenTheyMakeNoSenseOrAreNotBuilt() {
        assertRefused(Errors.INVALID_CONFIG, alter("own", SET, HEARTBEAT, "1"), "1000 to 15000");
        assertRefused(Errors.INVALID_CONFIG, alter("own", SET, "share.isolation.level", "read_committed"),
                "share groups (KIP-932) are not built");
        assertRefused(Errors.INVALID_CONFIG, alter("own", SET, "no.such.key", "1"), "Unknown group config");
        assertRefused(Errors.INVALID_REQUEST, alter("", SET, HEARTBEAT, "2000"), "not allowed");
        assertEquals(List.of(), groupsWithSettings());
    }

    private static void assertRefused(Errors error, AlterConfigsResourceResponse answer, String because) {
        assertEquals(error, Errors.forCode(answer.errorCode()));
        assertTrue(answer.errorMessage().contains(because), answer.errorMessage());
    }

    private int intervalToldTo(String groupId) {
        ConsumerGroupHeartbeatResponseData told = verbs.client.ask(ApiKeys.CONSUMER_GROUP_HEARTBEAT, 1,
                new ConsumerGroupHeartbeatRequestData().setGroupId(groupId).setMemberId("m")
                        .setMemberEpoch(0).setRebalanceTimeoutMs(1_000)
                        .setSubscribedTopicNames(List.of("t")).setTopicPartitions(List.of()));
        assertEquals(0, told.errorCode(), told.errorMessage());
        return told.heartbeatIntervalMs();
    }

    private AlterConfigsResourceResponse alter(String groupId, byte operation, String key, String value) {
        AlterConfigsResource resource = new AlterConfigsResource().setResourceType(GROUP)
                .setResourceName(groupId);
        resource.configs().add(new AlterableConfig().setName(key).setConfigOperation(operation)
                .setValue(value));
        IncrementalAlterConfigsRequestData request = new IncrementalAlterConfigsRequestData();
        request.resources().add(resource);
        IncrementalAlterConfigsResponseData answer = verbs.client.ask(ApiKeys.INCREMENTAL_ALTER_CONFIGS, 1,
                request);
        return answer.responses().get(0);
    }

    private DescribeConfigsResourceResult described(String groupId) {
        return told(groupId).stream().filter(each -> each.name().equals(HEARTBEAT)).findFirst().orElseThrow();
    }

    private List<DescribeConfigsResourceResult> told(String groupId) {
        DescribeConfigsResponseData answer = verbs.client.ask(ApiKeys.DESCRIBE_CONFIGS, 4,
                new DescribeConfigsRequestData().setIncludeSynonyms(true).setResources(
                        List.of(new DescribeConfigsResource().setResourceType(GROUP).setResourceName(groupId)
                                .setConfigurationKeys(null))));
        assertEquals(0, answer.results().get(0).errorCode());
        return answer.results().get(0).configs();
    }

    private List<String> groupsWithSettings() {
        ListConfigResourcesResponseData answer = verbs.client.ask(ApiKeys.LIST_CONFIG_RESOURCES, 1,
                new ListConfigResourcesRequestData().setResourceTypes(List.of(GROUP)));
        List<String> names = new ArrayList<>();
        answer.configResources().forEach(resource -> names.add(resource.resourceName()));
        return names;
    }
}
