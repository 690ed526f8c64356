package io.semel.streams.task;

import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * Merges the partitions of a task: the partition whose next record is oldest in event time comes first, the
 * earlier list on a tie; within a partition the offset order always holds. Stateless.
 */
final class TimeOrder {
    private TimeOrder() {
    }

    static List<ConsumerRecord<byte[], byte[]>> merge(List<List<ConsumerRecord<byte[], byte[]>>> inputs) {
        if (inputs.size() == 1) {
            return inputs.get(0);
        }
        int[] at = new int[inputs.size()];
        List<ConsumerRecord<byte[], byte[]>> merged = new ArrayList<>();
        for (int next = oldest(inputs, at); next >= 0; next = oldest(inputs, at)) {
            merged.add(inputs.get(next).get(at[next]++));
        }
        return merged;
    }

    private static int oldest(List<List<ConsumerRecord<byte[], byte[]>>> inputs, int[] at) {
        int oldest = -1;
        long oldestMs = Long.MAX_VALUE;
        for (int i = 0; i < at.length; i++) {
            if (at[i] < inputs.get(i).size()) {
                long timestampMs = inputs.get(i).get(at[i]).timestamp();
                if (oldest < 0 || timestampMs < oldestMs) {
                    oldest = i;
                    oldestMs = timestampMs;
                }
            }
        }
        return oldest;
    }
}
