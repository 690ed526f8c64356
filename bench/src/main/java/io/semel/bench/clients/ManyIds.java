package io.semel.bench.clients;

import io.semel.bench.contender.Contender;
import io.semel.bench.contender.Outside;
import io.semel.wire.batch.BatchBuilder;
import io.semel.wire.message.SliceRecords;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.message.AddPartitionsToTxnRequestData;
import org.apache.kafka.common.message.AddPartitionsToTxnRequestData.AddPartitionsToTxnTopic;
import org.apache.kafka.common.message.AddPartitionsToTxnResponseData;
import org.apache.kafka.common.message.EndTxnRequestData;
import org.apache.kafka.common.message.EndTxnResponseData;
import org.apache.kafka.common.message.InitProducerIdRequestData;
import org.apache.kafka.common.message.InitProducerIdResponseData;
import org.apache.kafka.common.message.ProduceRequestData;
import org.apache.kafka.common.message.ProduceRequestData.PartitionProduceData;
import org.apache.kafka.common.message.ProduceRequestData.TopicProduceData;
import org.apache.kafka.common.message.ProduceResponseData;
import org.apache.kafka.common.protocol.ApiKeys;

/**
 * How long a start takes after kill -9, and how much memory is held, as transactional ids and the producer
 * ids of one partition grow. Every id has committed one record there. One thread, and its helpers.
 */
public final class ManyIds {
    private static final String TOPIC = "many-ids";
    private static final TopicPartition PARTITION = new TopicPartition(TOPIC, 0);
    private static final int LINES = 32;
    private static final int TIMEOUT_MS = 60_000;
    private static final int[] SIZES = {1_000, 10_000, 100_000};

    private final Contender contender;
    private final AtomicInteger next = new AtomicInteger();

    public ManyIds(Contender contender) {
        this.contender = contender;
    }

    /** A line for each size, up to the given one, medians of so many starts. */
    public void run(int most, int starts) {
        Topics.create(contender, TOPIC, 1);
        for (int size : SIZES) {
            if (size > most) break;
            long begunNs = System.nanoTime();
            grow(size);
            double filled = secondsSince(begunNs);
            double[] after = new double[starts];
            double[] busy = new double[starts];
            for (int start = 0; start < starts; start++) {
                contender.kill9();
                long killedNs = System.nanoTime();
                contender.restart();
                try (RawLine line = new RawLine(contender.bootstrap())) {
                    commit(0, line);
                }
                after[start] = secondsSince(killedNs);
                busy[start] = Outside.cpu(contender.pid()).toMillis() / 1e3;
            }
            Arrays.sort(after);
            Arrays.sort(busy);
            System.out.printf(Locale.ROOT, "%-14s %7d transactional ids, %7d producer ids on the partition: "
                    + "first commit %.2f s after the start (%.2f to %.2f), %.2f s of processor time; %.0f"
                    + " MiB resident; filled in %.0f s%n", contender.name(), listed(), known(),
                    after[starts / 2], after[0], after[starts - 1], busy[starts / 2],
                    Outside.residentMib(contender.pid()), filled);
        }
        Topics.delete(contender, TOPIC);
    }

    private void grow(int size) {
        List<Thread> helpers = IntStream.range(0, LINES).mapToObj(helper -> new Thread(() -> {
            try (RawLine line = new RawLine(contender.bootstrap())) {
                for (int id = next.getAndIncrement(); id < size; id = next.getAndIncrement()) {
                    commit(id, line);
                }
            }
        }, "ids-" + helper)).toList();
        helpers.forEach(Thread::start);
        for (Thread helper : helpers) {
            try {
                helper.join();
            } catch (InterruptedException interrupted) {
                throw new IllegalStateException(interrupted);
            }
        }
        next.set(size);
    }

    /** A transaction of one record by version 1, so that each id has one producer id. */
    private static void commit(int number, RawLine line) {
        String id = "id-" + number;
        InitProducerIdResponseData[] given = new InitProducerIdResponseData[1];
        RawProducer.patiently(() -> {
            given[0] = line.ask(ApiKeys.INIT_PRODUCER_ID, 4, new InitProducerIdRequestData()
                    .setTransactionalId(id).setTransactionTimeoutMs(TIMEOUT_MS));
            return given[0].errorCode();
        });
        long producerId = given[0].producerId();
        short epoch = given[0].producerEpoch();
        AddPartitionsToTxnRequestData add = new AddPartitionsToTxnRequestData()
                .setV3AndBelowTransactionalId(id).setV3AndBelowProducerId(producerId)
                .setV3AndBelowProducerEpoch(epoch);
        add.v3AndBelowTopics().add(new AddPartitionsToTxnTopic().setName(TOPIC).setPartitions(List.of(0)));
        RawProducer.patiently(() -> {
            AddPartitionsToTxnResponseData answer = line.ask(ApiKeys.ADD_PARTITIONS_TO_TXN, 3, add);
            return answer.resultsByTopicV3AndBelow().iterator().next().resultsByPartition().iterator().next()
                    .partitionErrorCode();
        });
        RawProducer.patiently(() -> line.<ProduceResponseData>ask(ApiKeys.PRODUCE, 9, record(id, producerId,
                epoch)).responses().iterator().next().partitionResponses().get(0).errorCode());
        RawProducer.patiently(() -> line.<EndTxnResponseData>ask(ApiKeys.END_TXN, 3, new EndTxnRequestData()
                .setTransactionalId(id).setProducerId(producerId).setProducerEpoch(epoch).setCommitted(true))
                .errorCode());
    }

    private static ProduceRequestData record(String id, long producerId, short epoch) {
        TopicProduceData data = new TopicProduceData().setName(TOPIC);
        data.partitionData().add(new PartitionProduceData().setIndex(0).setRecords(SliceRecords.ofBytes(
                new BatchBuilder().producer(producerId, epoch, 0).transactional(true)
                        .add(System.currentTimeMillis(), null, ByteBuffer.wrap(new byte[10])).build())));
        ProduceRequestData request = new ProduceRequestData().setTransactionalId(id).setAcks((short) -1)
                .setTimeoutMs(TIMEOUT_MS);
        request.topicData().add(data);
        return request;
    }

    private int listed() {
        try (Admin admin = admin()) {
            return admin.listTransactions().all().get().size();
        } catch (InterruptedException | ExecutionException failure) {
            throw new IllegalStateException(failure);
        }
    }

    private int known() {
        try (Admin admin = admin()) {
            return admin.describeProducers(List.of(PARTITION)).partitionResult(PARTITION).get()
                    .activeProducers().size();
        } catch (InterruptedException | ExecutionException failure) {
            throw new IllegalStateException(failure);
        }
    }

    private Admin admin() {
        return Admin.create(Map.of("bootstrap.servers", contender.bootstrap()));
    }

    private static double secondsSince(long begunNs) {
        return (System.nanoTime() - begunNs) / 1e9;
    }
}
