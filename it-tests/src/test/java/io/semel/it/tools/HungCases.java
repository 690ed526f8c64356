package io.semel.it.tools;

import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.AbortTransactionSpec;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ProducerState;
import org.apache.kafka.clients.admin.TransactionDescription;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.common.TopicPartition;

/**
 * C20 by whatever kafka-clients it is started with, 3.0 or later: a transaction is listed and described, one
 * that hangs is found and aborted. One thread.
 */
final class HungCases extends Play {
    private HungCases(String bootstrap, String name, Admin admin) {
        super(bootstrap, name, admin);
    }

    /** Arguments: address, a name of its own, a topic on which one hangs. */
    public static void main(String[] arguments) {
        try (Admin admin = Admin.create(Map.<String, Object>of("bootstrap.servers", arguments[0]))) {
            HungCases cases = new HungCases(arguments[0], arguments[1], admin);
            cases.play("C20", own -> cases.openOnesAreToldAndAHangingOneEnds(own, arguments[2]));
        }
        System.out.println("THROUGH");
    }

    private void openOnesAreToldAndAHangingOneEnds(String own, String hung) throws Exception {
        create(own, 1, Map.of());
        TopicPartition partition = new TopicPartition(own, 0);
        try (KafkaProducer<String, String> producer = transactional(own)) {
            producer.beginTransaction();
            producer.send(record(own, "open")).get();
            same(true, admin.listTransactions().all().get().stream().anyMatch(one ->
                    one.transactionalId().equals(own) && one.state().toString().equals("Ongoing")));
            TransactionDescription told = admin.describeTransactions(List.of(own)).description(own).get();
            same(List.of(partition), List.copyOf(told.topicPartitions()));
            same(told.producerId(), only(partition).producerId());
            same(0L, only(partition).currentTransactionStartOffset().getAsLong());
            producer.commitTransaction();
        }
        same(List.of("open"), values(own, COMMITTED));

        TopicPartition where = new TopicPartition(hung, 0);
        same(List.of(), values(hung, COMMITTED));
        ProducerState hanging = only(where);
        same(true, admin.listTransactions().all().get().stream()
                .noneMatch(one -> one.producerId() == hanging.producerId()));
        admin.abortTransaction(new AbortTransactionSpec(where, hanging.producerId(),
                (short) hanging.producerEpoch(), hanging.coordinatorEpoch().orElse(0))).all().get();
        same(true, only(where).currentTransactionStartOffset().isEmpty());
        try (KafkaProducer<String, String> producer = transactional(own)) {
            commit(producer, record(hung, "goes on"));
        }
        same(List.of("goes on"), values(hung, COMMITTED));
    }

    /** The first that the partition knows, which is the one that came first. */
    private ProducerState only(TopicPartition partition) throws Exception {
        return admin.describeProducers(List.of(partition)).partitionResult(partition).get().activeProducers()
                .get(0);
    }
}
