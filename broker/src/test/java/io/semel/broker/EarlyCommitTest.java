package io.semel.broker;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.semel.broker.SimVerbs.Pid;
import java.util.Map;
import org.apache.kafka.common.message.EndTxnResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** A version 2 commit that comes before anything of its transaction, raw. */
class EarlyCommitTest {
    private final SimBroker sim = SimBroker.start(1);
    private final SimVerbs verbs = new SimVerbs(sim);

    @Test @DisplayName("FEATURES 22: a commit of nothing is asked again once, then refused")
    void isAskedAgainOnce() {
        Pid pid = verbs.initProducer("x", 60_000);

        assertEquals(Errors.CONCURRENT_TRANSACTIONS, commit(pid));
        assertEquals(Errors.INVALID_TXN_STATE, commit(pid));
        assertEquals(Errors.INVALID_TXN_STATE, commit(pid));
    }

    @Test @DisplayName("FEATURES 22: once its records are there it commits; the next may be early again")
    void commitsWhenItsRecordsHaveCome() {
        verbs.createTopic("t", 1, Map.of());
        Pid pid = verbs.initProducer("x", 60_000);
        for (int round = 0; round < 3; round++) {
            assertEquals(Errors.CONCURRENT_TRANSACTIONS, commit(pid));
            assertEquals(0, SimVerbs.only(verbs.client.ask(ApiKeys.PRODUCE, 12,
                    SimVerbs.producing("x", "t", 0, SimVerbs.batch(pid, 0)))).errorCode());
            EndTxnResponseData ended = verbs.client.ask(ApiKeys.END_TXN, 5, SimVerbs.ending("x", pid, true));
            assertEquals(0, ended.errorCode());
            pid = new Pid(ended.producerId(), ended.producerEpoch());
        }
        assertEquals(6, verbs.end("t", true));
    }

    @Test @DisplayName("FEATURES 22: version 1 is refused at once, its client enlists first")
    void versionOneIsRefusedAtOnce() {
        Pid pid = verbs.initProducer("x", 60_000);

        EndTxnResponseData refused = verbs.client.ask(ApiKeys.END_TXN, 4, SimVerbs.ending("x", pid, true));

        assertEquals(Errors.INVALID_TXN_STATE, Errors.forCode(refused.errorCode()));
    }

    private Errors commit(Pid pid) {
        EndTxnResponseData answer = verbs.client.ask(ApiKeys.END_TXN, 5, SimVerbs.ending("x", pid, true));
        return Errors.forCode(answer.errorCode());
    }
}
