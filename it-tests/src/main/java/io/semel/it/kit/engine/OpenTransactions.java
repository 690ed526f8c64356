package io.semel.it.kit.engine;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ProducerState;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.admin.TransactionListing;
import org.apache.kafka.clients.admin.TransactionState;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.TopicPartitionInfo;

/**
 * Looks for transactions that are open, as the coordinator and as the partitions see them. Stateless; any
 * thread.
 */
final class OpenTransactions {
    private static final long ANSWER_SECONDS = 30;
    /** What is decided already is given so long to be finished by the broker alone. */
    private static final long SETTLE_NANOS = TimeUnit.SECONDS.toNanos(5);
    private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

    private OpenTransactions() { }

    static List<String> lookFor(String bootstrap) {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", bootstrap))) {
            long deadline = System.nanoTime() + SETTLE_NANOS;
            while (true) {
                Collection<TransactionListing> listed = get(admin.listTransactions().all());
                List<String> open = open(admin, listed);
                boolean undecided = listed.stream().anyMatch(one -> one.state() == TransactionState.ONGOING);
                if (open.isEmpty() || undecided || System.nanoTime() > deadline) return open;
                LockSupport.parkNanos(LOOK_NANOS);
            }
        }
    }

    private static List<String> open(Admin admin, Collection<TransactionListing> listed) {
        List<String> open = new ArrayList<>();
        for (TransactionListing one : listed) {
            switch (one.state()) {
                case ONGOING, PREPARE_COMMIT, PREPARE_ABORT -> open.add("  " + one.transactionalId() + " is "
                        + one.state() + ", producer id " + one.producerId());
                default -> { }
            }
        }
        List<TopicPartition> partitions = partitions(admin);
        if (partitions.isEmpty()) return open;
        get(admin.describeProducers(partitions).all()).forEach((partition, state) -> {
            for (ProducerState producer : state.activeProducers()) {
                producer.currentTransactionStartOffset().ifPresent(offset -> open.add("  " + partition
                        + " from offset " + offset + ", producer id " + producer.producerId() + " epoch "
                        + producer.producerEpoch()));
            }
        });
        return open;
    }

    private static List<TopicPartition> partitions(Admin admin) {
        List<TopicPartition> partitions = new ArrayList<>();
        Collection<String> names = get(admin.listTopics().names());
        for (TopicDescription topic : get(admin.describeTopics(names).allTopicNames()).values()) {
            for (TopicPartitionInfo one : topic.partitions()) {
                partitions.add(new TopicPartition(topic.name(), one.partition()));
            }
        }
        return partitions;
    }

    private static <T> T get(KafkaFuture<T> answer) {
        try {
            return answer.get(ANSWER_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while looking for open transactions", interrupted);
        } catch (ExecutionException | TimeoutException failure) {
            throw new IllegalStateException("the engine does not tell its transactions: " + failure, failure);
        }
    }
}
