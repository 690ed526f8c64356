package io.semel.broker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.semel.sim.Survival;
import java.util.List;
import org.apache.kafka.common.message.WriteTxnMarkersRequestData;
import org.apache.kafka.common.message.WriteTxnMarkersRequestData.WritableTxnMarker;
import org.apache.kafka.common.message.WriteTxnMarkersRequestData.WritableTxnMarkerTopic;
import org.apache.kafka.common.message.WriteTxnMarkersResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.Test;

class MarkersFromOutsideTest {
    private static final int SEEDS = 40;

    @Test
    void refusesAMarkerOfNobody() {
        SimBroker sim = SimBroker.start(1);
        SimVerbs verbs = new SimVerbs(sim);
        verbs.createTopic("t");

        assertEquals(Errors.INVALID_REQUEST, told(verbs.client
                .ask(ApiKeys.WRITE_TXN_MARKERS, 1, marker(-1, 0, 0))));
        assertEquals(Errors.INVALID_REQUEST, told(verbs.client
                .ask(ApiKeys.WRITE_TXN_MARKERS, 1, marker(7, -1, 0))));
        assertEquals(0, verbs.end("t", false));
    }

    @Test
    void tellsOfANewerMarkerOnlyWhenThatIsDurable() {
        for (int seed = 1; seed <= SEEDS; seed++) {
            SimBroker sim = SimBroker.start(seed);
            new SimVerbs(sim).createTopic("t");
            SimClient first = sim.connect();
            SimClient second = sim.connect();

            first.post(ApiKeys.WRITE_TXN_MARKERS, 1, marker(7, 5, 0));
            for (int step = 0; step < seed; step++) sim.run.step();
            int older = second.post(ApiKeys.WRITE_TXN_MARKERS, 1, marker(7, 3, 0));
            sim.until(() -> second.isAnswered(older), "an answer");
            boolean refused = told(second.await(older)) == Errors.INVALID_PRODUCER_EPOCH;
            sim.reboot(Survival.POWER_CUT);

            long end = new SimVerbs(sim).end("t", false);
            assertTrue(!refused || end == 1, "I1 seed " + seed + ": the newer marker is gone");
            first.leave();
        }
    }

    private static WriteTxnMarkersRequestData marker(long producerId, int epoch, int coordinatorEpoch) {
        return new WriteTxnMarkersRequestData().setMarkers(List.of(new WritableTxnMarker()
                .setProducerId(producerId)
                .setProducerEpoch((short) epoch).setCoordinatorEpoch(coordinatorEpoch)
                        .setTransactionResult(true)
                .setTopics(List.of(new WritableTxnMarkerTopic().setName("t")
                        .setPartitionIndexes(List.of(0))))));
    }

    private static Errors told(WriteTxnMarkersResponseData answer) {
        return Errors.forCode(answer.markers().get(0).topics().get(0).partitions().get(0).errorCode());
    }
}
