package io.semel.it.kit.story;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.semel.it.kit.check.Anomaly;
import io.semel.it.kit.check.Report;
import io.semel.it.kit.engine.RunningEngine;
import io.semel.kernel.world.Saboteur;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Would a user of the kit notice a broker that is wrong? Bugs of the simulator's list, planted in the real
 * engine, are named by the checker from what real clients saw; without them the same hazards harm nobody.
 */
class SabotageTest {
    @ParameterizedTest
    @EnumSource(Hazard.class)
    void harmsNobodyOnARightBroker(Hazard hazard) throws Exception {
        Report report = under(hazard);

        assertTrue(report.isClean(), report::text);
    }

    @ParameterizedTest
    @CsvSource({
        "NO_FENCING, ZOMBIE, ZOMBIE_WRITE",
        "SKIP_SEQUENCE_CHECK, REFUSED_REQUESTS, NONMONOTONIC_SEND",
        "ABORTED_RANGE_FORGOTTEN, ABORTS, ABORTED_READ",
        "REPLY_EARLY, POWER_CUT, LOST_WRITE",
        "READ_ABOVE_DURABLE, POWER_CUT, INCONSISTENT_OFFSETS",
        "DUPLICATE_EARLY, REPEATED_REQUEST, LOST_WRITE",
        "FORCE_ERROR_SWALLOWED, FAILED_FORCE, LOST_WRITE",
        "DUTY_EARLY, UNDURABLE_DECISION, TORN_TRANSACTION",
        "RECOVERY_TRUSTS_CACHE, DECEIVING_CACHE, LOST_WRITE",
        "STABLE_OFFSET_IGNORES_UNDECIDED, UNDURABLE_MARKER, STABLE_OFFSET_BACK"})
    void isCalledByName(Saboteur saboteur, Hazard hazard, Anomaly name) throws Exception {
        Report report = under(hazard, saboteur);

        assertTrue(report.anomalies().contains(name), () -> saboteur + " was called " + report.text());
    }

    private static Report under(Hazard hazard, Saboteur... saboteurs) throws Exception {
        try (Scene scene = new Scene(RunningEngine.sabotaged(saboteurs))) {
            hazard.happen(scene);
            return scene.judged();
        }
    }
}
