package io.semel.broker;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.semel.broker.SimVerbs.Pid;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.message.ProduceRequestData;
import org.apache.kafka.common.message.ProduceResponseData.PartitionProduceResponse;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/**
 * A client lost its connection with the first batch of a transaction under way, and sends all it has in
 * flight over a new one, while the broker still enlists the partition for the old one.
 */
class ResentWindowTest {
    private static final int SEEDS = 12;
    private static final int STEPS_APART = 16;
    private static final int WINDOW = 4;

    @Test @DisplayName("FEATURES 4: what is sent again over a new connection is taken in order")
    void theWholeWindowIsTaken() {
        for (int seed = 1; seed <= SEEDS; seed++) {
            for (int apart = 0; apart < STEPS_APART; apart++) play(seed, apart);
        }
    }

    /** @param apart so many steps of the simulation lie between any two requests */
    private static void play(int seed, int apart) {
        SimBroker sim = SimBroker.start(seed);
        SimVerbs older = new SimVerbs(sim);
        SimVerbs newer = new SimVerbs(sim);
        older.createTopic("t", 1, Map.of());
        Pid pid = older.initProducer("x", 60_000);

        older.client.post(ApiKeys.PRODUCE, 12, batch(pid, 0));
        step(sim, apart);
        List<Integer> asked = new ArrayList<>();
        for (int sequence = 0; sequence < WINDOW; sequence++) {
            asked.add(newer.client.post(ApiKeys.PRODUCE, 12, batch(pid, sequence)));
            step(sim, apart % 4);
        }

        for (int sequence = 0; sequence < WINDOW; sequence++) {
            PartitionProduceResponse told = SimVerbs.only(newer.client.await(asked.get(sequence)));
            assertEquals(Errors.NONE, Errors.forCode(told.errorCode()),
                    "sequence " + sequence + ", seed " + seed + ", " + apart + " steps apart");
            assertEquals(sequence, told.baseOffset());
        }
        assertEquals(WINDOW, newer.end("t", false));
    }

    private static ProduceRequestData batch(Pid pid, int sequence) {
        return SimVerbs.producing("x", "t", 0, SimVerbs.batch(pid, sequence));
    }

    private static void step(SimBroker sim, int steps) {
        int[] taken = new int[1];
        sim.run.until(() -> taken[0]++ >= steps, steps + 1);
    }
}
