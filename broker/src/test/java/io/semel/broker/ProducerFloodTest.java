package io.semel.broker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.semel.sim.Survival;
import io.semel.wire.batch.BatchBuilder;
import java.lang.ref.Reference;
import java.nio.ByteBuffer;
import org.apache.kafka.common.message.InitProducerIdRequestData;
import org.apache.kafka.common.message.InitProducerIdResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.Test;

/** Producer ids that are asked for and never used cost nothing, and nobody else their sequence. */
class ProducerFloodTest {
    private static final int IDS = Integer.getInteger("semel.scale", 1) > 1 ? 1_000_000 : 25_000;
    private static final long HEAP_MAX = 16L << 20;

    @Test
    void idsThatWriteNothingAreNotKeptAndNeverGivenTwice() {
        SimBroker sim = SimBroker.start(1);
        SimVerbs verbs = new SimVerbs(sim);
        verbs.createTopic("t");
        SimVerbs.Pid live = fresh(new SimVerbs(sim), -1);
        assertEquals(Errors.NONE, verbs.errorOfProduce("t", 0, batch(live, 0)));
        long last = live.id();
        long heapBefore = usedHeap();
        for (int count = 0; count < IDS; ) {
            // a connection of its own each hundred: what a client object keeps of its answers is not measured
            SimVerbs flood = new SimVerbs(sim);
            for (int more = 100; more > 0; more--, count++) last = fresh(flood, last).id();
            flood.client.leave();
        }
        long grown = usedHeap() - heapBefore;
        Reference.reachabilityFence(sim);

        assertTrue(grown < HEAP_MAX, IDS + " ids, " + grown + " bytes more in use");
        assertEquals(Errors.NONE, verbs.errorOfProduce("t", 0, batch(live, 1)), "goes on");
        assertEquals(Errors.NONE, verbs.errorOfProduce("t", 0, batch(live, 1)), "a duplicate");
        assertEquals(Errors.OUT_OF_ORDER_SEQUENCE_NUMBER, verbs.errorOfProduce("t", 0, batch(live, 3)));
        assertEquals(2, verbs.end("t", false));
        sim.reboot(Survival.POWER_CUT);
        SimVerbs next = new SimVerbs(sim);
        fresh(next, last);
        assertEquals(Errors.NONE, next.errorOfProduce("t", 0, batch(live, 2)));
    }

    private static SimVerbs.Pid fresh(SimVerbs verbs, long above) {
        InitProducerIdResponseData given = verbs.client.ask(ApiKeys.INIT_PRODUCER_ID, 4,
                new InitProducerIdRequestData().setTransactionalId(null).setTransactionTimeoutMs(60_000));
        assertEquals(Errors.NONE, Errors.forCode(given.errorCode()));
        assertTrue(given.producerId() > above, given.producerId() + " after " + above);
        return new SimVerbs.Pid(given.producerId(), given.producerEpoch());
    }

    private static ByteBuffer batch(SimVerbs.Pid pid, int sequence) {
        return new BatchBuilder().producer(pid.id(), pid.epoch(), sequence)
                .add(1, null, ByteBuffer.wrap(new byte[] {1})).build();
    }

    private static long usedHeap() {
        long used = Long.MAX_VALUE;
        for (int tries = 0; tries < 3; tries++) {
            System.gc();
            used = Math.min(used, Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory());
        }
        return used;
    }
}
