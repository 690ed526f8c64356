package io.semel.broker.desk;

import io.semel.wire.message.Api;
import org.apache.kafka.common.message.ListPartitionReassignmentsResponseData;

/** ListPartitionReassignments (46, KIP-455): none is ever under way on one broker. Any lane. */
public final class ListPartitionReassignmentsDesk implements Desk {
    @Override
    public Api api() {
        return Api.LIST_PARTITION_REASSIGNMENTS;
    }

    @Override
    public void serve(Call call) {
        call.reply(new ListPartitionReassignmentsResponseData());
    }
}
