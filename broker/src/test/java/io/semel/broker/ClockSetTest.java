package io.semel.broker;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.semel.sim.Survival;
import java.util.Map;
import org.apache.kafka.common.message.ListTransactionsRequestData;
import org.apache.kafka.common.message.ListTransactionsResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The wall clock is set while the broker is down: what times out and what is forgotten afterwards. */
class ClockSetTest {
    private static final long MINUTE_MS = 60_000;
    private static final long DAY_MS = 24 * 60 * MINUTE_MS;

    private final SimBroker sim = SimBroker.start(1);

    @ParameterizedTest
    @ValueSource(longs = {-60 * MINUTE_MS, 60 * MINUTE_MS})
    @DisplayName("FAULTS C.4 row 9: an open transaction is aborted once its time has passed by the new clock")
    void endsWhatTakesTooLong(long setMs) {
        SimVerbs before = new SimVerbs(sim);
        before.createTopic("t", 1, Map.of());
        SimVerbs.Pid pid = before.initProducer("x", (int) MINUTE_MS);
        before.enlist("x", pid, "t", 0);
        before.produce("x", "t", 0, SimVerbs.batch(pid, 0));

        sim.reboot(Survival.POWER_CUT, setMs);
        SimVerbs after = new SimVerbs(sim);
        sim.run.passMs(Math.max(0, -setMs) + 2 * MINUTE_MS);

        assertEquals(after.end("t", false), after.end("t", true), "nothing holds the stable offset");
        assertEquals("CompleteAbort", stateOf(after));
    }

    @ParameterizedTest
    @ValueSource(longs = {-60 * MINUTE_MS, 60 * MINUTE_MS})
    @DisplayName("FEATURES 33: a silent transactional id is forgotten a week later by the new clock")
    void forgetsASilentId(long setMs) {
        SimVerbs before = new SimVerbs(sim);
        before.initProducer("x", (int) MINUTE_MS);

        sim.reboot(Survival.POWER_CUT, setMs);
        SimVerbs after = new SimVerbs(sim);
        sim.run.passMs(7 * DAY_MS - 2 * 60 * MINUTE_MS);
        assertEquals("Empty", stateOf(after));
        sim.run.passMs(4 * 60 * MINUTE_MS);

        assertEquals("unknown", stateOf(after));
    }

    private static String stateOf(SimVerbs verbs) {
        ListTransactionsResponseData listed = verbs.client.ask(ApiKeys.LIST_TRANSACTIONS, 0,
                new ListTransactionsRequestData());
        return listed.transactionStates().isEmpty() ? "unknown"
                : listed.transactionStates().get(0).transactionState();
    }
}
