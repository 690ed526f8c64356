package io.semel.it.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.semel.it.client.EngineUnderTest;
import org.apache.kafka.common.message.ApiVersionsRequestData;
import org.apache.kafka.common.message.ApiVersionsResponseData;
import org.apache.kafka.common.message.InitProducerIdRequestData;
import org.apache.kafka.common.message.InitProducerIdResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** How a producer's epoch rises, and what is given when there is none left (KIP-360). */
@Tag("against-kafka")
class EpochsTest {
    private EngineUnderTest engine;
    private Verbs verbs;

    @BeforeEach
    void start() {
        engine = EngineUnderTest.inProcess();
        verbs = new Verbs(engine.bootstrap());
    }

    @AfterEach
    void stop() {
        verbs.close();
        engine.close();
    }

    private InitProducerIdResponseData init(int version, String id, Pid known) {
        return verbs.raw.ask(ApiKeys.INIT_PRODUCER_ID, version, LastEpochs.again(id, known));
    }

    private static Pid given(InitProducerIdResponseData answer) {
        assertEquals(Errors.NONE, Errors.forCode(answer.errorCode()));
        return new Pid(answer.producerId(), answer.producerEpoch());
    }

    @Test @DisplayName("FEATURES 11: the id stays, the epoch rises by one; the same again gets the same")
    void theOwnerGetsTheNextEpochAndTheSameAgainWhenTheAnswerWasLost() {
        Pid first = verbs.newProducer(4, "owner");

        Pid second = given(init(4, "owner", first));

        assertEquals(first.epoch(first.epoch() + 1), second);
        assertEquals(second, given(init(4, "owner", first)), "asked again");
        Pid third = given(init(4, "owner", second));
        assertEquals(second.epoch(second.epoch() + 1), third);
        assertEquals(Errors.PRODUCER_FENCED, Errors.forCode(init(4, "owner", first).errorCode()));
        assertEquals(Errors.INVALID_PRODUCER_EPOCH, Errors.forCode(init(3, "owner", first).errorCode()));
        assertEquals(third, given(init(4, "owner", second)), "a refusal changes nothing");
    }

    @Test @DisplayName("FEATURES 12: behind epoch 32,766 comes another producer id")
    void behindTheLastEpochComesAnotherProducerId() {
        Pid now = LastEpochs.raise(verbs, "busy", LastEpochs.LAST);

        Pid other = given(init(4, "busy", now));

        assertNotEquals(now.id(), other.id());
        assertEquals(0, other.epoch());
        assertEquals(Errors.PRODUCER_FENCED,
                Errors.forCode(init(4, "busy", now.epoch(LastEpochs.LAST - 1)).errorCode()));
    }

    @Test @DisplayName("FEATURES 66: two-phase commit is not offered")
    void twoPhaseCommitIsNotOffered() {
        ApiVersionsResponseData offered = verbs.raw.ask(ApiKeys.API_VERSIONS, 3, new ApiVersionsRequestData()
                .setClientSoftwareName("raw").setClientSoftwareVersion("1"));
        assertEquals(5, offered.apiKeys().find(ApiKeys.INIT_PRODUCER_ID.id).maxVersion());

        verbs.raw.post(ApiKeys.INIT_PRODUCER_ID, 6, LastEpochs.again("prepared", Pid.NONE)
                .setEnable2Pc(true));

        assertTrue(verbs.raw.isHungUpOn(), "as for every version that is not offered");
        try (Verbs others = new Verbs(engine.bootstrap())) {
            assertEquals(0, others.newProducer(5, "prepared").epoch(), "nothing has begun");
        }
    }
}
