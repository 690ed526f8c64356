package io.semel.streams.run;

import io.semel.streams.task.TaskBatch;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;

/**
 * A few transactional ids used in turn. A coordinator answers a commit when it is decided and refuses the
 * same id's next transaction until every marker is written; another id need not wait for that. Commit n is
 * answered before transaction n + 1 begins, so that records, offsets and state keep their order; how many
 * markers are still under way matters to nobody, since readers and offset fetches wait for them. Owned by the
 * host's thread; fails as {@link TxnSlot} does.
 */
final class TxnRing {
    private final List<TxnSlot> slots = new ArrayList<>();
    private int next;

    TxnRing(Clients clients, String transactionalIdPrefix, int size) {
        for (int i = 0; i < size; i++) {
            slots.add(new TxnSlot(clients, transactionalIdPrefix + "-" + i));
        }
    }

    /** Makes sure that every id has a producer, so that nothing of a dead predecessor stays open. */
    void ready() {
        slots.forEach(TxnSlot::ready);
    }

    /** See {@link TxnSlot#commit}. */
    List<Map<String, Long>> commit(List<TaskBatch> batches, Map<TopicPartition, OffsetAndMetadata> offsets,
                                   ConsumerGroupMetadata group) {
        TxnSlot slot = slots.get(next);
        next = (next + 1) % slots.size();
        return slot.commit(batches, offsets, group);
    }

    /** Gives up the transaction that is open, if any. */
    void abandon(Throwable failure) {
        slots.forEach(slot -> slot.abandon(failure));
    }

    void close() {
        slots.forEach(TxnSlot::close);
    }
}
