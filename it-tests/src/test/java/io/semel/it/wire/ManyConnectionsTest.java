package io.semel.it.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.semel.it.client.BrokerProcess;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.message.ApiVersionsRequestData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Connections that only sit there, and those that come and go, hold nobody up. */
class ManyConnectionsTest {
    /** Under soak close to all that a broker takes (max.connections). */
    private static final int IDLE = Integer.getInteger("semel.scale", 1) > 1 ? 9_000 : 1_500;
    private static final int PASSING = 1_000;
    private static final int SERVED_EVERY = 20;
    private static final long PATIENCE_NANOS = 5_000_000_000L;

    @Test
    void theIdleAndThePassingHoldUpNobody(@TempDir Path directory) throws Exception {
        List<RawClient> idle = new ArrayList<>();
        try (BrokerProcess broker = BrokerProcess.start(directory);
                Verbs witness = new Verbs(broker.bootstrap())) {
            witness.createTopic("served");
            try {
                for (int count = 0; count < IDLE; count++) idle.add(RawClient.to(broker.bootstrap()));
                long slowestNanos = 0;
                int written = 0;
                long beganNanos = System.nanoTime();
                for (int count = 0; count < PASSING; count++) {
                    passBy(broker.bootstrap(), count);
                    if (count % SERVED_EVERY != 0) continue;
                    long askedNanos = System.nanoTime();
                    assertEquals(written++,
                            witness.accepted(witness.produce("served", Pid.NONE.batch(0, 1))));
                    slowestNanos = Math.max(slowestNanos, System.nanoTime() - askedNanos);
                }
                System.out.println(IDLE + " idle connections, " + PASSING + " passing ones in "
                        + (System.nanoTime() - beganNanos) / 1_000_000 + " ms, slowest record "
                        + slowestNanos / 1_000_000 + " ms");
                assertTrue(slowestNanos < PATIENCE_NANOS, slowestNanos + " ns for a record");
                RawClient first = idle.get(0);
                first.ask(ApiKeys.API_VERSIONS, 0, new ApiVersionsRequestData());
                assertEquals(PASSING / SERVED_EVERY, witness.end("served"));
            } finally {
                idle.forEach(RawClient::close);
            }
        }
    }

    /** Asks something, leaves without a word, or in the middle of a frame. */
    private static void passBy(String bootstrap, int count) {
        try (RawClient client = RawClient.to(bootstrap)) {
            switch (count % 3) {
                case 0 -> client.ask(ApiKeys.API_VERSIONS, 0, new ApiVersionsRequestData());
                case 1 -> client.reset();
                default -> client.send((byte) 0, (byte) 0);
            }
        }
    }
}
