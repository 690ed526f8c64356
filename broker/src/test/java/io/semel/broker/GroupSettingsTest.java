package io.semel.broker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.semel.broker.config.BrokerConfig;
import io.semel.broker.config.BrokerKey;
import io.semel.broker.config.BrokerKeys;
import io.semel.group.ConsumerLimits.MigrationPolicy;
import io.semel.group.GroupLimits;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class GroupSettingsTest {
    private static final BrokerConfig NONE = BrokerConfig.defaults("127.0.0.1", 9092);

    @Test
    void areWhatTheTableOfKeysSaysWhenNobodySetsThem() {
        Map<String, String> told = new TreeMap<>();
        for (BrokerKey key : BrokerKeys.all()) {
            boolean groups = key.name().startsWith("group.") || key.name().startsWith("offset");
            boolean honoured = key.treatment() == BrokerKey.Treatment.HONOURED
                    && !key.name().startsWith("offsets.topic");
            if (groups && honoured) told.put(key.name(), key.byDefault());
        }

        assertTrue(told.size() > 9, told.toString());
        assertEquals(GroupLimits.defaults(), GroupSettings.of(NONE));
        assertEquals(GroupLimits.defaults(), GroupSettings.of(NONE.with(told)));
    }

    @Test
    void areTakenFromWhatWasSet() {
        GroupLimits limits = GroupSettings.of(NONE.with(Map.of("group.consumer.migration.policy", "upgrade",
                "group.consumer.heartbeat.interval.ms", "77", "offsets.retention.minutes", "2")));

        assertEquals(MigrationPolicy.UPGRADE, limits.consumers().migration());
        assertEquals(77, limits.consumers().heartbeatIntervalMs());
        assertEquals(120_000, limits.offsetsRetentionMs());
    }

    @Test
    void aPolicyNobodyKnowsIsRefusedByName() {
        String problem = BrokerKeys.of("group.consumer.migration.policy").problem("sideways");

        assertTrue(problem.contains("group.consumer.migration.policy") && problem.contains("downgrade"),
                problem);
    }
}
