package io.semel.bench.clients;

import io.semel.wire.batch.BatchBuilder;
import io.semel.wire.message.SliceRecords;
import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.message.EndTxnRequestData;
import org.apache.kafka.common.message.EndTxnResponseData;
import org.apache.kafka.common.message.InitProducerIdRequestData;
import org.apache.kafka.common.message.InitProducerIdResponseData;
import org.apache.kafka.common.message.ProduceRequestData;
import org.apache.kafka.common.message.ProduceRequestData.PartitionProduceData;
import org.apache.kafka.common.message.ProduceRequestData.TopicProduceData;
import org.apache.kafka.common.message.ProduceResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;

/**
 * One transactional id by transaction version 2 (KIP-890) on a connection that it may share: asks and waits.
 * Whose thread has the connection.
 */
final class RawProducer {
    private static final int TIMEOUT_MS = 60_000;
    private static final int RECORD_BYTES = 10;
    /** From these versions on a produce enlists its partitions and an end gives the next epoch. */
    private static final int PRODUCE = 12, END_TXN = 5;

    private final RawLine line;
    private final String id;
    private long producerId;
    private short epoch;

    /** @param transactionMs how long its transactions may be open */
    RawProducer(RawLine line, String id, int transactionMs) {
        this.line = line;
        this.id = id;
        patiently(() -> {
            InitProducerIdResponseData given = line.ask(ApiKeys.INIT_PRODUCER_ID, 5,
                    new InitProducerIdRequestData().setTransactionalId(id)
                            .setTransactionTimeoutMs(transactionMs));
            producerId = given.producerId();
            epoch = given.producerEpoch();
            return given.errorCode();
        });
    }

    /** The one record of a transaction, which is open from then on. */
    void write(String topic, int partition) {
        TopicProduceData data = new TopicProduceData().setName(topic);
        data.partitionData().add(new PartitionProduceData().setIndex(partition).setRecords(SliceRecords
                .ofBytes(new BatchBuilder().producer(producerId, epoch, 0).transactional(true)
                        .add(System.currentTimeMillis(), null, ByteBuffer.wrap(new byte[RECORD_BYTES]))
                        .build())));
        ProduceRequestData request = new ProduceRequestData().setTransactionalId(id).setAcks((short) -1)
                .setTimeoutMs(TIMEOUT_MS);
        request.topicData().add(data);
        patiently(() -> line.<ProduceResponseData>ask(ApiKeys.PRODUCE, PRODUCE, request).responses()
                .iterator().next().partitionResponses().get(0).errorCode());
    }

    /** Returns when the broker has answered that the transaction is committed. */
    void commit() {
        EndTxnRequestData end = new EndTxnRequestData().setTransactionalId(id).setProducerId(producerId)
                .setProducerEpoch(epoch).setCommitted(true);
        patiently(() -> {
            EndTxnResponseData answer = line.ask(ApiKeys.END_TXN, END_TXN, end);
            producerId = answer.producerId();
            epoch = answer.producerEpoch();
            return answer.errorCode();
        });
    }

    /** Asks again what may be asked again, since coordinators load; fails with any other error. */
    static void patiently(Supplier<Short> ask) {
        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(TIMEOUT_MS);
        while (true) {
            Errors error = Errors.forCode(ask.get());
            if (error == Errors.NONE) return;
            boolean again = error.exception() instanceof RetriableException;
            if (!again || System.nanoTime() > end) throw new IllegalStateException(error.toString());
        }
    }
}
