package io.semel.broker.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Map;
import org.junit.jupiter.api.Test;

class GroupConfigTest {
    private static final String SESSION = "consumer.session.timeout.ms";
    private static final String HEARTBEAT = "consumer.heartbeat.interval.ms";
    private static final BrokerConfig BROKER = BrokerConfig.defaults("127.0.0.1", 9092);
    private final GroupConfig settings = new GroupConfig(BROKER);

    @Test
    void liesBetweenTheBoundsTheBrokerHas() {
        assertNull(settings.problem(Map.of(SESSION, "45000", HEARTBEAT, "15000")));
        assertTrue(settings.problem(Map.of(SESSION, "44999")).contains("group.consumer.min.session"));
        assertTrue(settings.problem(Map.of(SESSION, "60001")).contains("60000"));
        assertTrue(settings.problem(Map.of(HEARTBEAT, "15001")).contains(HEARTBEAT));
        assertTrue(settings.problem(Map.of(HEARTBEAT, "often")).contains("whole number"));
    }

    @Test
    void aSessionIsLongerThanAHeartbeatWhicheverOfTheTwoIsSet() {
        GroupConfig loose = new GroupConfig(BROKER.with(Map.of("group.consumer.min.session.timeout.ms", "100",
                "group.consumer.session.timeout.ms", "3000")));

        assertTrue(loose.problem(Map.of(HEARTBEAT, "3000")).contains("must be greater"));
        assertTrue(loose.problem(Map.of(SESSION, "1000")).contains("must be greater"));
        assertNull(loose.problem(Map.of(SESSION, "1001")));
    }

    @Test
    void whatIsNotBuiltIsRefusedAndSaysSo() {
        assertTrue(settings.problem(Map.of("share.session.timeout.ms", "45000")).contains("KIP-932"));
        assertTrue(settings.problem(Map.of("consumer.assignment.interval.ms", "0")).contains("at once"));
        assertEquals("Unknown group config name: retention.ms",
                settings.problem(Map.of("retention.ms", "1")));
    }

    @Test
    void whatWasSetUnderOtherBoundsIsTakenToTheNearerOne() {
        assertEquals(45_000, settings.number(Map.of(SESSION, "10"), SESSION));
        assertEquals(60_000, settings.number(Map.of(SESSION, "70000"), SESSION));
        assertEquals(1_000, settings.number(Map.of(SESSION, "50000"), HEARTBEAT));
    }
}
