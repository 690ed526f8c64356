package io.semel.it.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.semel.it.client.EngineUnderTest;
import io.semel.wire.message.RequestFrame;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.message.ApiMessageType;
import org.apache.kafka.common.message.ApiVersionsRequestData;
import org.apache.kafka.common.message.ApiVersionsResponseData;
import org.apache.kafka.common.message.ProduceRequestData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.junit.jupiter.api.Test;

/** ApiVersions promises no more than is kept: every version it names is answered in that version (row P1). */
class EveryVersionTest {
    @Test
    void anEmptyRequestOfEveryVersionThatIsAdvertisedIsAnswered() {
        try (EngineUnderTest engine = EngineUnderTest.inProcess();
                Verbs verbs = new Verbs(engine.bootstrap())) {
            ApiVersionsResponseData promised =
                    verbs.raw.ask(ApiKeys.API_VERSIONS, 0, new ApiVersionsRequestData());
            List<String> broken = new ArrayList<>();
            int answered = 0;
            for (var range : promised.apiKeys()) {
                ApiMessageType type = ApiMessageType.fromApiKey(range.apiKey());
                int oldest = Math.max(range.minVersion(), type.lowestSupportedVersion());
                for (int version = oldest; version <= range.maxVersion(); version++) {
                    String problem = problemWith(engine, type, (short) version);
                    if (problem == null) answered++;
                    else broken.add(type.name + " version " + version + ": " + problem);
                }
            }

            assertEquals(List.of(), broken);
            assertTrue(answered > 150, answered + " versions of all APIs");
        }
    }

    /** Null when it is answered. */
    private static String problemWith(EngineUnderTest engine, ApiMessageType type, short version) {
        ByteBuffer request;
        try {
            ApiMessage body = type.newRequest();
            if (body instanceof ProduceRequestData produce) produce.setAcks((short) -1);
            request = RequestFrame.encode(type.apiKey(), version, 1, "raw", body);
        } catch (RuntimeException unwritable) {
            return "cannot be written: " + unwritable;
        }
        try (RawClient client = RawClient.to(engine.bootstrap())) {
            client.send(request);
            client.receive(ApiKeys.forId(type.apiKey()), version);
            return null;
        } catch (RuntimeException failed) {
            return failed.toString();
        }
    }
}
