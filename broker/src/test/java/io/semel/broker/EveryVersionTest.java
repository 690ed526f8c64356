package io.semel.broker;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.ApiVersionsRequestData;
import org.apache.kafka.common.message.ApiVersionsResponseData;
import org.apache.kafka.common.message.ApiVersionsResponseData.ApiVersion;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.junit.jupiter.api.Test;

class EveryVersionTest {
    @Test
    void ofEveryRequestIsAnsweredOnceWhateverItAsksFor() {
        SimBroker sim = SimBroker.start(1);
        Uuid id = new SimVerbs(sim).createTopic("t", 2, Map.of());
        ApiVersionsResponseData table = sim.connect().ask(ApiKeys.API_VERSIONS, 4,
                new ApiVersionsRequestData()
                .setClientSoftwareName("sim").setClientSoftwareVersion("1"));

        List<String> unanswered = new ArrayList<>();
        for (ApiVersion row : table.apiKeys()) {
            ApiKeys api = ApiKeys.forId(row.apiKey());
            int oldest = Math.max(row.minVersion(), api.messageType.lowestSupportedVersion());
            for (int version = oldest; version <= row.maxVersion(); version++) {
                for (ApiMessage body : new OddRequests(id, version).of(api)) {
                    SimClient client = sim.connect();
                    int asked = client.post(api, version, body);
                    sim.until(() -> client.isAnswered(asked) || client.isHungUpOn(),
                            "an answer to " + api + " " + body);
                    if (!client.isAnswered(asked)) unanswered.add(api + " version " + version + ": " + body);
                    client.leave();
                }
            }
        }

        assertEquals(List.of(), unanswered);
    }
}
