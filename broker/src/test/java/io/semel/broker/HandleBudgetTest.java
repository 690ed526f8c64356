package io.semel.broker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.semel.broker.config.BrokerConfig;
import io.semel.log.disk.HandleLimits;
import io.semel.log.disk.IndexKind;
import java.util.Map;
import org.junit.jupiter.api.Test;

class HandleBudgetTest {
    private static final BrokerConfig DEFAULTS = BrokerConfig.defaults("127.0.0.1", 0);

    @Test
    void leavesHalfOfTheFilesToConnections() {
        assertEquals(512, HandleBudget.of(new HandleLimits(1_024, 65_530), IndexKind.JDK).segments());
        assertEquals(170, HandleBudget.of(new HandleLimits(1_024, 65_530), IndexKind.CHRONICLE).segments());
    }

    @Test
    void staysBelowTheMappingsOfAProcess() {
        HandleBudget budget = HandleBudget.of(new HandleLimits(Integer.MAX_VALUE, 65_530), IndexKind.JDK);

        assertTrue(budget.segments() * 2 <= 65_530 / 4, budget.toString());
    }

    @Test
    void givesWayToWhatWasSet() {
        HandleBudget budget = HandleBudget.of(new HandleLimits(1_024, 65_530), IndexKind.JDK);
        BrokerConfig set = DEFAULTS.with(Map.of(RoomPlan.SEGMENTS_OPEN, "7"));

        assertEquals(512, budget.applyTo(DEFAULTS).number(RoomPlan.SEGMENTS_OPEN, 0));
        assertEquals(7, budget.applyTo(set).number(RoomPlan.SEGMENTS_OPEN, 0));
    }
}
