package io.semel.it.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.apache.kafka.common.message.InitProducerIdRequestData;
import org.apache.kafka.common.message.InitProducerIdResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;

/** Brings a transactional id close to the end of its epochs, by asking for the next one so often. */
public final class LastEpochs {
    /** 32,766: behind it comes another producer id. */
    public static final int LAST = Short.MAX_VALUE - 1;
    /** Requests under way at once; their answers come in order. */
    private static final int AHEAD = 200;

    private LastEpochs() {
    }

    /** @return the producer id, which has this epoch now */
    public static long raise(String bootstrap, String transactionalId, int epoch) {
        try (Verbs verbs = new Verbs(bootstrap)) {
            return raise(verbs, transactionalId, epoch).id();
        }
    }

    static Pid raise(Verbs verbs, String transactionalId, int epoch) {
        Pid now = verbs.newProducer(4, transactionalId);
        while (now.epoch() < epoch) {
            now = rising(verbs, transactionalId, now, Math.min(AHEAD, epoch - now.epoch()));
        }
        return now;
    }

    /** Asks so often with the epoch that the answer before will have given. */
    private static Pid rising(Verbs verbs, String id, Pid from, int times) {
        for (int step = 0; step < times; step++) {
            verbs.raw.post(ApiKeys.INIT_PRODUCER_ID, 4, again(id, from.epoch(from.epoch() + step)));
        }
        Pid now = from;
        for (int step = 0; step < times; step++) {
            InitProducerIdResponseData answer = verbs.raw.receive(ApiKeys.INIT_PRODUCER_ID, 4);
            assertEquals(Errors.NONE, Errors.forCode(answer.errorCode()));
            Pid next = new Pid(answer.producerId(), answer.producerEpoch());
            assertEquals(now.epoch(now.epoch() + 1), next);
            now = next;
        }
        return now;
    }

    static InitProducerIdRequestData again(String id, Pid known) {
        return new InitProducerIdRequestData().setTransactionalId(id).setTransactionTimeoutMs(60_000)
                .setProducerId(known.id()).setProducerEpoch(known.epoch());
    }
}
