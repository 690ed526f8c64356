package io.semel.broker.cli;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.ListTopicsOptions;
import org.apache.kafka.clients.admin.ListTransactionsOptions;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.ProducerState;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.admin.TransactionDescription;
import org.apache.kafka.clients.admin.TransactionListing;
import org.apache.kafka.clients.admin.TransactionState;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicPartition;

/** Finds out who holds back the stable offset of which partition. One thread. */
final class Blockers {
    private final Connecting connecting;
    private final Admin admin;

    Blockers(Connecting connecting, Admin admin) {
        this.connecting = connecting;
        this.admin = admin;
    }

    /**
     * Every partition whose stable offset is below its high watermark, by name.
     *
     * @param topic only this one's, null for all, internal ones included
     */
    List<Blocker> find(String topic) {
        List<TopicPartition> partitions = partitionsOf(topic);
        Map<TopicPartition, Long> stable = ends(partitions, IsolationLevel.READ_COMMITTED);
        Map<TopicPartition, Long> high = ends(partitions, IsolationLevel.READ_UNCOMMITTED);
        partitions.removeIf(partition -> stable.get(partition) >= high.get(partition));
        Map<TopicPartition, List<ProducerState>> open = open(partitions);
        Map<Long, TransactionDescription> known = new TreeMap<>();
        Map<Long, String> names = coordinated(known);
        List<Blocker> blockers = new ArrayList<>();
        for (TopicPartition partition : partitions) {
            List<ProducerState> here = open.get(partition);
            ProducerState first = here.isEmpty() ? null : here.get(0);
            TransactionDescription txn = first == null ? null : known.get(first.producerId());
            if (txn != null && !txn.topicPartitions().contains(partition)) txn = null;
            blockers.add(new Blocker(partition, stable.get(partition), high.get(partition), first,
                    here.size(), txn == null ? null : names.get(first.producerId()), txn));
        }
        return blockers;
    }

    /** The open transactions of a partition, first begun first. */
    List<ProducerState> open(TopicPartition partition) {
        return open(List.of(partition)).get(partition);
    }

    private List<TopicPartition> partitionsOf(String topic) {
        ListTopicsOptions every = new ListTopicsOptions().listInternal(true);
        List<String> topics = topic != null ? List.of(topic)
                : List.copyOf(connecting.get(admin.listTopics(every).names()));
        List<TopicPartition> partitions = new ArrayList<>();
        for (TopicDescription one : connecting.get(admin.describeTopics(topics).allTopicNames()).values()) {
            one.partitions().forEach(info ->
                    partitions.add(new TopicPartition(one.name(), info.partition())));
        }
        partitions.sort(Comparator.comparing(TopicPartition::topic).thenComparing(TopicPartition::partition));
        return partitions;
    }

    private Map<TopicPartition, Long> ends(List<TopicPartition> partitions, IsolationLevel isolation) {
        Map<TopicPartition, OffsetSpec> asked = partitions.stream()
                .collect(Collectors.toMap(Function.identity(), one -> OffsetSpec.latest()));
        Map<TopicPartition, Long> ends = new java.util.HashMap<>();
        connecting.get(admin.listOffsets(asked, new ListOffsetsOptions(isolation)).all())
                .forEach((partition, info) -> ends.put(partition, info.offset()));
        return ends;
    }

    private Map<TopicPartition, List<ProducerState>> open(List<TopicPartition> partitions) {
        Map<TopicPartition, List<ProducerState>> open = new java.util.HashMap<>();
        if (partitions.isEmpty()) return open;
        connecting.get(admin.describeProducers(partitions).all()).forEach((partition, states) -> {
            List<ProducerState> here = new ArrayList<>(states.activeProducers());
            here.removeIf(state -> state.currentTransactionStartOffset().isEmpty());
            here.sort(Comparator.comparingLong(state -> state.currentTransactionStartOffset().getAsLong()));
            open.put(partition, here);
        });
        return open;
    }

    /** What coordinators have under way, by producer id. @param known is filled @return transactional ids */
    private Map<Long, String> coordinated(Map<Long, TransactionDescription> known) {
        ListTransactionsOptions underWay = new ListTransactionsOptions().filterStates(List.of(
                TransactionState.ONGOING, TransactionState.PREPARE_COMMIT, TransactionState.PREPARE_ABORT));
        Map<Long, String> names = new TreeMap<>();
        for (TransactionListing one : connecting.get(admin.listTransactions(underWay).all())) {
            names.put(one.producerId(), one.transactionalId());
        }
        if (names.isEmpty()) return names;
        connecting.get(admin.describeTransactions(names.values()).all()).values()
                .forEach(txn -> known.put(txn.producerId(), txn));
        return names;
    }
}
