package io.semel.streams.run;

import io.semel.streams.run.LogWorld.Id;
import io.semel.streams.run.LogWorld.Sabotage;
import io.semel.streams.run.LogWorld.Txn;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import org.apache.kafka.clients.consumer.CommitFailedException;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.FencedInstanceIdException;
import org.apache.kafka.common.errors.ProducerFencedException;

/** The part of Kafka's transactional Producer that hosts use, over a {@link LogWorld}. */
final class LogProducer {
    private final LogWorld world;
    private final Nemesis nemesis;
    private final String transactionalId;
    private int epoch = -1;
    private Txn txn;
    private boolean broken;
    private boolean closed;

    LogProducer(LogWorld world, Nemesis nemesis, String transactionalId) {
        this.world = world;
        this.nemesis = nemesis;
        this.transactionalId = transactionalId;
    }

    public void initTransactions() {
        nemesis.strike("before init");
        Id id = world.ids.computeIfAbsent(transactionalId, name -> new Id());
        if (id.txn != null) {
            if (!id.txn.decided) {
                world.decide(id.txn, false);
            }
            world.settle(id.txn);
        }
        id.txn = null;
        epoch = ++id.epoch;
        nemesis.strike("after init");
    }

    public void beginTransaction() {
        sound("begin");
        Id id = own();
        if (id.txn != null) {
            world.settle(id.txn);
        }
        txn = world.begin();
        id.txn = txn;
    }

    public Future<RecordMetadata> send(ProducerRecord<byte[], byte[]> record) {
        try {
            sound("send");
            own();
        } catch (RuntimeException failed) {
            broken = true;
            return CompletableFuture.failedFuture(failed);
        }
        int number = record.partition() != null ? record.partition()
                : world.partitionOf(record.topic(), record.key());
        TopicPartition partition = new TopicPartition(record.topic(), number);
        long offset = world.append(partition, record.timestamp(), record.key(), record.value(), txn);
        return CompletableFuture.completedFuture(new RecordMetadata(partition, offset, 0, 0, 0, 0));
    }

    public void flush() {
        nemesis.strike("flush");
    }

    public void sendOffsetsToTransaction(Map<TopicPartition, OffsetAndMetadata> offsets,
            ConsumerGroupMetadata as) {
        sound("before offsets");
        own();
        if (world.sabotage != Sabotage.NO_GENERATION_CHECK) {
            if (as.groupInstanceId().isPresent()
                    && world.group.isReplaced(as.groupInstanceId().get(), as.memberId())) {
                broken = true;
                throw new FencedInstanceIdException("instance " + as.groupInstanceId().get());
            }
            if (!world.group.knows(as.memberId()) || as.generationId() != world.group.generation()) {
                throw new CommitFailedException("generation " + as.generationId());
            }
        }
        offsets.forEach((partition, offset) -> world.pend(txn, partition, offset.offset()));
        sound("after offsets");
    }

    public void commitTransaction() {
        end(true);
    }

    public void abortTransaction() {
        end(false);
    }

    public void close(Duration wait) {
        txn = null;
        closed = true;
    }

    private void end(boolean commit) {
        String what = commit ? "commit" : "abort";
        if (commit) {
            sound("before commit");
        } else {
            nemesis.strike("before abort");
        }
        own();
        world.decide(txn, commit);
        txn = null;
        nemesis.strike("after " + what);
    }

    private void sound(String step) {
        if (closed) {
            throw new IllegalStateException("the producer is closed");
        }
        if (broken) {
            throw new org.apache.kafka.common.KafkaException("an earlier send failed");
        }
        nemesis.strike(step);
    }

    private Id own() {
        Id id = world.ids.get(transactionalId);
        if (id.epoch != epoch && world.sabotage != Sabotage.NO_EPOCH_CHECK) {
            throw new ProducerFencedException(transactionalId + " epoch " + epoch + " < " + id.epoch);
        }
        return id;
    }
}
