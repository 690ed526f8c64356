package io.semel.broker.desk;

import io.semel.wire.error.ErrorCode;
import io.semel.wire.message.Api;
import org.apache.kafka.common.message.AlterClientQuotasRequestData;
import org.apache.kafka.common.message.AlterClientQuotasRequestData.EntryData;
import org.apache.kafka.common.message.AlterClientQuotasRequestData.OpData;
import org.apache.kafka.common.message.AlterClientQuotasResponseData;

/**
 * AlterClientQuotas (49, KIP-546): taking away a quota that is not there is done; setting one is refused,
 * since
 * a limit that is kept but not enforced is worse than none. Any lane.
 */
public final class AlterClientQuotasDesk implements Desk {
    @Override
    public Api api() {
        return Api.ALTER_CLIENT_QUOTAS;
    }

    @Override
    public void serve(Call call) {
        AlterClientQuotasRequestData request = call.body();
        AlterClientQuotasResponseData response = new AlterClientQuotasResponseData();
        for (EntryData asked : request.entries()) response.entries().add(answer(asked));
        call.reply(response);
    }

    private static AlterClientQuotasResponseData.EntryData answer(EntryData asked) {
        AlterClientQuotasResponseData.EntryData answer = new AlterClientQuotasResponseData.EntryData();
        asked.entity().forEach(entity -> answer.entity().add(new AlterClientQuotasResponseData.EntityData()
                .setEntityType(entity.entityType()).setEntityName(entity.entityName())));
        for (OpData change : asked.ops()) {
            if (change.remove()) continue;
            return answer.setErrorCode(ErrorCode.INVALID_REQUEST.code()).setErrorMessage(
                    "Quotas are not built: " + change.key() + " would not be enforced, so it is not set.");
        }
        return answer;
    }
}
