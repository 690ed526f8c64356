package io.semel.it.kit.story;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.semel.it.kit.engine.RunningEngine;
import io.semel.kernel.world.Saboteur;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Version 1 clients whose requests come late: nothing is torn, and nobody who lives is refused. */
class LateRequestsTest {
    private static final int TRANSACTIONS = Integer.getInteger("semel.late.transactions",
            Integer.getInteger("semel.scale", 1) > 1 ? 2_500 : 75);
    private static final long SEED = Long.getLong("semel.seed", 20_261_128);
    private static final int CLIENTS = 4;

    @Test @DisplayName("FAULTS C.4 2: EndTxn and enlistments that come late, 0 torn, 0 refused")
    void tearsNothingAndRefusesNobody() throws Exception {
        try (RunningEngine engine = RunningEngine.start()) {
            long beganMs = System.currentTimeMillis();
            LateRequests.Outcome outcome =
                    LateRequests.run(engine.bootstrap(), SEED, CLIENTS, TRANSACTIONS);

            System.out.println(outcome + ", seed " + SEED + ", "
                    + (System.currentTimeMillis() - beganMs) / 1_000 + " s");
            assertEquals(List.of(), outcome.refusals(), outcome::toString);
            assertEquals(List.of(), outcome.wrong(), outcome::toString);
            assertTrue(outcome.late() > CLIENTS * TRANSACTIONS / 10, outcome::toString);
            engine.assertNoOpenTransactions();
        }
    }

    /** Otherwise the delays would be none. */
    @Test
    void noticesABrokerThatServesWhatIsLate() throws Exception {
        try (RunningEngine engine = RunningEngine.sabotaged(Saboteur.STALE_CONNECTION_SERVED)) {
            LateRequests.Outcome outcome = LateRequests.run(engine.bootstrap(), SEED, CLIENTS, 40);

            assertFalse(outcome.refusals().isEmpty() && outcome.wrong().isEmpty(), outcome::toString);
        }
    }
}
