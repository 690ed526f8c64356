package io.semel.broker.desk;

import io.semel.wire.error.ErrorCode;
import io.semel.wire.message.Api;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.apache.kafka.common.message.DescribeClientQuotasRequestData;
import org.apache.kafka.common.message.DescribeClientQuotasRequestData.ComponentData;
import org.apache.kafka.common.message.DescribeClientQuotasResponseData;

/** DescribeClientQuotas (48, KIP-546): there are none, of whatever entity. Any lane. */
public final class DescribeClientQuotasDesk implements Desk {
    private static final Set<String> TYPES = new TreeSet<>(List.of("user", "client-id", "ip"));
    private static final byte NAMED = 0;
    private static final byte ANY = 2;

    @Override
    public Api api() {
        return Api.DESCRIBE_CLIENT_QUOTAS;
    }

    @Override
    public void serve(Call call) {
        DescribeClientQuotasRequestData request = call.body();
        DescribeClientQuotasResponseData response = new DescribeClientQuotasResponseData();
        Set<String> named = new TreeSet<>();
        for (ComponentData component : request.components()) {
            String type = component.entityType();
            if (!TYPES.contains(type)) {
                call.reply(response.setErrorCode(ErrorCode.UNSUPPORTED_VERSION.code()).setEntries(null)
                        .setErrorMessage("Custom entity type '" + type + "' not supported"));
                return;
            }
            boolean wellFormed = component.matchType() >= NAMED && component.matchType() <= ANY
                    && (component.matchType() == NAMED) == (component.match() != null);
            if (!wellFormed || !named.add(type)) {
                call.reply(response.setErrorCode(ErrorCode.INVALID_REQUEST.code()).setEntries(null)
                        .setErrorMessage("The filter for " + type + " is malformed or given twice."));
                return;
            }
        }
        call.reply(response.setEntries(List.of()));
    }
}
