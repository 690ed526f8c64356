package io.semel.it.client;

import io.semel.broker.Broker;
import io.semel.broker.Engine;
import io.semel.broker.partition.ProduceAsker;
import io.semel.broker.partition.Rooms;
import io.semel.it.wire.UnverifiedBatch;
import io.semel.wire.batch.BatchBuilder;
import io.semel.wire.error.ErrorCode;
import io.semel.wire.topic.TopicPartition;
import java.lang.reflect.Field;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * A transaction that is open on a partition and that no coordinator knows. Clients cannot make one here: this
 * goes in by the partition's own door, past the coordinator. Apache Kafka takes one from a client once it is
 * told not to ask its coordinator.
 */
public final class HangingTransaction {
    private static final long PRODUCER_ID = 987_654_321L;

    private HangingTransaction() {
    }

    /** A broker on which one can be left. */
    public static EngineUnderTest broker() {
        return EngineUnderTest.with(Map.of(), Map.of("transaction.partition.verification.enable", "false"));
    }

    /** @return where it begins */
    public static long leaveOn(EngineUnderTest engine, String topic, int partition) throws Exception {
        if (EngineUnderTest.isKafka()) {
            return UnverifiedBatch.append(engine.bootstrap(), topic, partition, batch());
        }
        Rooms rooms = roomsOf(engine.engine());
        CompletableFuture<Long> begun = new CompletableFuture<>();
        append(rooms, new TopicPartition(topic, partition), 0, begun);
        return begun.get(20, TimeUnit.SECONDS);
    }

    private static void append(Rooms rooms, TopicPartition partition, long guard,
            CompletableFuture<Long> begun) {
        rooms.ask(partition, open -> open.produce(batch(), true, guard, new ProduceAsker() {
            @Override
            public void accepted(long baseOffset, long logStartOffset, long appendTimeMs) {
                begun.complete(baseOffset);
            }

            @Override
            public void refused(ErrorCode error) {
                begun.completeExceptionally(new AssertionError(error));
            }

            @Override
            public void needsEnlistment(long given) {
                append(rooms, partition, given, begun);
            }
        }), error -> begun.completeExceptionally(new AssertionError(error)));
    }

    private static ByteBuffer batch() {
        return new BatchBuilder().producer(PRODUCER_ID, (short) 0, 0).transactional(true)
                .add(System.currentTimeMillis(), null, ByteBuffer.wrap(new byte[] {1})).build();
    }

    private static Rooms roomsOf(Engine engine) throws ReflectiveOperationException {
        Field field = Engine.class.getDeclaredField("broker");
        field.setAccessible(true);
        return ((Broker) field.get(engine)).rooms();
    }
}
