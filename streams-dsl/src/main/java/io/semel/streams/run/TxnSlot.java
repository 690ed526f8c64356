package io.semel.streams.run;

import io.semel.streams.task.StoreBatch;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;

/**
 * One transactional id and the producer that holds it. Every transaction carries offsets with the group's
 * metadata, so that a member that lost its tasks cannot commit (KIP-447). Owned by the host's thread, except
 * that the steps of {@link #finish} run on its lane; lets kafka-clients' exceptions pass, after which only
 * {@link #abandon} is allowed.
 */
final class TxnSlot {
    private final Clients clients;
    private final String transactionalId;
    private Producer<byte[], byte[]> producer;
    private boolean open;

    TxnSlot(Clients clients, String transactionalId) {
        this.clients = clients;
        this.transactionalId = transactionalId;
    }

    /**
     * Makes sure of a usable producer. A new one first ends whatever its predecessor of the same id left
     * behind: an undecided transaction is aborted, a decided one completed. An unknown outcome is thereby
     * known to be settled.
     */
    void ready() {
        if (producer == null) {
            Producer<byte[], byte[]> made = clients.producer(transactionalId);
            try {
                made.initTransactions();
            } catch (RuntimeException failed) {
                made.close(Duration.ZERO);
                throw failed;
            }
            producer = made;
        }
    }

    void begin() {
        open = true;
        producer.beginTransaction();
    }

    /** Sends records, in order. */
    void send(List<ProducerRecord<byte[], byte[]>> records) {
        for (ProducerRecord<byte[], byte[]> record : records) {
            producer.send(record);
        }
    }

    /** Sends changes to their logs; returns the acknowledgement of each store's last one. */
    Map<String, Future<RecordMetadata>> sendChanges(List<StoreBatch> stores) {
        Map<String, Future<RecordMetadata>> last = new LinkedHashMap<>();
        for (StoreBatch changed : stores) {
            for (ProducerRecord<byte[], byte[]> change : changed.changelogRecords()) {
                last.put(changed.store(), producer.send(change));
            }
        }
        return last;
    }

    /** Waits until everything sent is acknowledged or has failed. */
    void flush() {
        producer.flush();
    }

    /**
     * What ends the transaction. Offsets need not wait for the acknowledgement of the records, which travel
     * beside them: whoever finds the offsets pending waits for the end of the transaction before it asks how
     * long changelogs are, and the commit waits for the acknowledgements.
     */
    List<Runnable> finish(Map<TopicPartition, OffsetAndMetadata> offsets, ConsumerGroupMetadata group) {
        Producer<byte[], byte[]> holder = producer;
        return List.of(() -> holder.sendOffsetsToTransaction(offsets, group), holder::flush,
                holder::commitTransaction);
    }

    /** The transaction's commit was acknowledged. */
    void finished() {
        open = false;
    }

    /**
     * Gives up what is in flight: aborts if the producer is {@code sound}, else replaces it before the next
     * use.
     */
    void abandon(boolean sound, Throwable failure) {
        if (!open) {
            return;
        }
        if (sound) {
            try {
                producer.abortTransaction();
                open = false;
                return;
            } catch (RuntimeException alsoFailed) {
                failure.addSuppressed(alsoFailed);
            }
        }
        Producer<byte[], byte[]> old = producer;
        producer = null;
        open = false;
        old.close(Duration.ZERO);
    }

    void close() {
        if (producer != null) {
            producer.close(open ? Duration.ZERO : KafkaClients.closeTimeout());
            producer = null;
        }
    }

    /**
     * A partition acknowledges in order, so that the last record's offset tells how far its changelog has
     * come.
     */
    static Map<String, Long> positions(Map<String, Future<RecordMetadata>> acks) {
        Map<String, Long> reached = new LinkedHashMap<>();
        acks.forEach((store, ack) -> reached.put(store, offset(ack) + 1));
        return reached;
    }

    private static long offset(Future<RecordMetadata> ack) {
        try {
            return ack.get().offset();
        } catch (InterruptedException interrupted) {
            throw new InterruptException(interrupted);
        } catch (ExecutionException failed) {
            throw failed.getCause() instanceof RuntimeException known ? known
                    : new KafkaException(failed.getCause());
        }
    }
}
