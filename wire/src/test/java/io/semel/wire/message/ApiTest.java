package io.semel.wire.message;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import org.apache.kafka.common.message.ApiMessageType;
import org.apache.kafka.common.protocol.ApiKeys;
import org.junit.jupiter.api.Test;

class ApiTest {
    @Test
    void agreesWithTheLibraryAboutEveryVersionThatIsSpoken() {
        for (Api api : Api.values()) {
            ApiMessageType type = ApiMessageType.fromApiKey(api.id);
            assertEquals(ApiKeys.forId(api.id).name(), api.name());
            assertEquals(type.name, api.toString());
            assertEquals(type.newRequest().getClass(), api.newRequest().getClass());
            ApiTable.Range range = ApiTable.all().range(api.id);
            for (short version = range.oldest(); version <= range.newest(); version++) {
                String which = api + " version " + version;
                boolean readable = version >= type.lowestSupportedVersion();
                assertEquals(readable, ApiTable.all().reads(api.id, version), which);
                if (!readable) continue;
                assertEquals(type.requestHeaderVersion(version), Api.requestHeader(api.id, version), which);
                assertEquals(type.responseHeaderVersion(version), Api.responseHeader(api.id, version), which);
            }
        }
    }

    @Test
    void coversWhatTheTableOfVersionsSpeaks() {
        assertEquals(ApiTable.all().ranges().size(), Api.values().length);
        for (ApiTable.Range range : ApiTable.all().ranges()) {
            assertEquals(range.apiKey(), Api.of(range.apiKey()).id);
        }
    }

    @Test
    void knowsNoOther() {
        for (short key : new short[] {-1, 4, 17, 90, Short.MAX_VALUE}) {
            assertNull(Api.of(key));
        }
    }
}
