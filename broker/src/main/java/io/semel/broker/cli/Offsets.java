package io.semel.broker.cli;

import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicPartition;

/** Where partitions begin and end. One thread. */
record Offsets(Connecting broker, Admin admin) {
    /** -1 when there is none, as for a time that nothing was written after. */
    long of(TopicPartition partition, OffsetSpec spec) {
        return broker.get(admin.listOffsets(Map.of(partition, spec)).all()).get(partition).offset();
    }

    /** Where readers of committed records end: the start of the first open transaction. */
    long stableEnd(TopicPartition partition) {
        return broker.get(admin.listOffsets(Map.of(partition, OffsetSpec.latest()),
                new ListOffsetsOptions(IsolationLevel.READ_COMMITTED)).all()).get(partition).offset();
    }
}
