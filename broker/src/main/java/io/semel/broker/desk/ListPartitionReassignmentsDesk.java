package io.semel.broker.desk;

import org.apache.kafka.common.message.ListPartitionReassignmentsResponseData;
import org.apache.kafka.common.protocol.ApiKeys;

/** ListPartitionReassignments (46, KIP-455): none is ever under way on one broker. Any lane. */
public final class ListPartitionReassignmentsDesk implements Desk {
    @Override
    public ApiKeys api() {
        return ApiKeys.LIST_PARTITION_REASSIGNMENTS;
    }

    @Override
    public void serve(Call call) {
        call.reply(new ListPartitionReassignmentsResponseData());
    }
}
