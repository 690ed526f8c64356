package io.semel.broker.desk;

import io.semel.wire.error.ErrorCode;
import io.semel.wire.message.ApiTable;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.common.message.ApiVersionsResponseData;

/** The desks there are: what is advertised is exactly what has a desk. Immutable. */
public final class Desks {
    private final Map<Short, Desk> byKey = new TreeMap<>();
    private final ApiTable table;

    public Desks(List<Desk> desks) {
        for (Desk desk : desks) byKey.put(desk.api().id, desk);
        ApiTable whole = ApiTable.of(byKey.keySet());
        for (Desk desk : desks) {
            if (desk.newestVersion() < Short.MAX_VALUE) whole = whole.with(narrowed(whole, desk));
        }
        this.table = whole;
    }

    private static ApiTable.Range narrowed(ApiTable table, Desk desk) {
        return new ApiTable.Range(desk.api().id, table.range(desk.api().id).oldest(), desk.newestVersion());
    }

    Desk of(short apiKey) {
        return byKey.get(apiKey);
    }

    public ApiTable table() {
        return table;
    }

    /**
     * The answer to an ApiVersions request of a version we do not know: version 0, error 35, and what we do
     * know.
     */
    ApiVersionsResponseData oldestVersionsAnswer() {
        return ApiVersionsDesk.answer(table, ApiVersionsDesk.VERSION_2,
                ErrorCode.UNSUPPORTED_VERSION, (short) 0);
    }
}
