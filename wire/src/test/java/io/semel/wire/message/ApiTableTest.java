package io.semel.wire.message;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.semel.kernel.law.Invariant.InvariantViolation;
import java.util.List;
import org.apache.kafka.common.message.ApiMessageType;
import org.junit.jupiter.api.Test;

class ApiTableTest {
    @Test
    void holdsOnlyWhatItIsMadeFor() {
        ApiTable table = ApiTable.of(List.of((short) 18, (short) 3));

        assertEquals(List.of(new ApiTable.Range((short) 3, (short) 0, (short) 13),
            new ApiTable.Range((short) 18, (short) 0, (short) 4)), List.copyOf(table.ranges()));
        assertNull(table.range((short) 0));
        assertThrows(InvariantViolation.class, () -> ApiTable.of(List.of((short) 999)));
    }

    @Test
    void speaksNothingThatCannotBeReadButTheOldestProduce() {
        for (ApiTable.Range range : ApiTable.all().ranges()) {
            ApiMessageType type = ApiMessageType.fromApiKey(range.apiKey());
            assertTrue(range.newest() <= type.highestSupportedVersion(true), type.name);
            boolean readable = range.oldest() >= type.lowestSupportedVersion();
            assertEquals(type != ApiMessageType.PRODUCE, readable, type.name);
        }
    }

    @Test
    void takesOtherVersions() {
        ApiTable table = ApiTable.all().with(new ApiTable.Range((short) 8, (short) 2, (short) 9));

        assertEquals(9, table.range((short) 8).newest());
        assertTrue(table.reads((short) 8, (short) 9) && !table.reads((short) 8, (short) 10));
    }
}
