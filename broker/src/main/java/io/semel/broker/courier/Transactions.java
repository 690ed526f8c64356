package io.semel.broker.courier;

import io.semel.broker.catalogue.Catalogue;
import io.semel.broker.partition.Rooms;
import io.semel.broker.partition.ShardRoom;
import io.semel.kernel.lane.Lane;
import io.semel.txn.TxnCommand;
import io.semel.txn.TxnEvent;
import io.semel.txn.TxnReply;
import io.semel.txn.TxnShard;
import io.semel.wire.error.ErrorCode;
import io.semel.wire.topic.TopicPartition;
import java.util.function.Consumer;
import java.util.function.LongFunction;
import java.util.function.Predicate;

/** The way to the shard that coordinates a transactional id. Any lane; keeps nothing. */
public final class Transactions {
    private static final TxnReply UNAVAILABLE = new TxnReply.Rejected(ErrorCode.COORDINATOR_NOT_AVAILABLE);

    private final Rooms rooms;
    private final ProducerIds producerIds;
    private final int partitions;

    public Transactions(Rooms rooms, ProducerIds producerIds, int partitions) {
        this.rooms = rooms;
        this.producerIds = producerIds;
        this.partitions = partitions;
    }

    /** Kafka's rule: the id's hash over the partitions of {@code __transaction_state}. */
    public TopicPartition journalOf(String transactionalId) {
        return journalOf(Math.abs(transactionalId.hashCode() == Integer.MIN_VALUE ? 0
                : transactionalId.hashCode()) % partitions);
    }

    public TopicPartition journalOf(int partition) {
        return new TopicPartition(Catalogue.TRANSACTION_STATE, partition);
    }

    public int partitions() {
        return partitions;
    }

    /** Asks; the reply comes on {@code home}. */
    public void ask(String transactionalId, TxnCommand command, Lane home, Consumer<TxnReply> asker) {
        rooms.askShard(journalOf(transactionalId), command, UNAVAILABLE, home, asker);
    }

    /**
     * Asks if {@code admission} says so on the coordinator's lane, at the moment of deciding; else the asker
     * gets null.
     */
    @SuppressWarnings("unchecked")
    public void askIf(String transactionalId, TxnCommand command, Predicate<TxnShard> admission, Lane home,
            Consumer<TxnReply> asker) {
        rooms.ask(journalOf(transactionalId), partition -> {
            var room = (ShardRoom<TxnCommand, TxnEvent, TxnReply>) partition.room();
            if (!admission.test((TxnShard) room.shard())) home.post(() -> asker.accept(null));
            else room.submit(command, reply -> home.post(() -> asker.accept(reply)));
        }, refused -> home.post(() -> asker.accept(UNAVAILABLE)));
    }

    /**
     * Puts a question to the coordinator's state, on its lane; the answer comes on {@code home}, null when it
     * is offline.
     */
    public void look(String transactionalId, Predicate<TxnShard> question, Lane home,
            Consumer<Boolean> asker) {
        rooms.ask(journalOf(transactionalId), partition -> {
            boolean answer = question.test((TxnShard) ((ShardRoom<?, ?, ?>) partition.room()).shard());
            home.post(() -> asker.accept(answer));
        }, refused -> home.post(() -> asker.accept(null)));
    }

    /**
     * Runs {@code step} on the coordinator's lane, before whatever is asked afterwards; not when it is
     * offline.
     */
    public void visit(String transactionalId, Consumer<TxnShard> step) {
        rooms.ask(journalOf(transactionalId), partition -> {
            if (partition.room() instanceof ShardRoom<?, ?, ?> room) step.accept((TxnShard) room.shard());
        }, refused -> { });
    }

    /** Asks every coordinator partition in turn; replies come on {@code home}. */
    public void askPartition(int partition, TxnCommand command, Lane home, Consumer<TxnReply> asker) {
        rooms.askShard(journalOf(partition), command, UNAVAILABLE, home, asker);
    }

    /** Asks with no fresh producer id (-1), and again with one if the coordinator needs it. */
    public void askWithProducerId(String transactionalId, LongFunction<TxnCommand> command, Lane home,
            Consumer<TxnReply> asker) {
        ask(transactionalId, command.apply(-1), home, reply -> {
            if (!(reply instanceof TxnReply.NeedsProducerId)) {
                asker.accept(reply);
                return;
            }
            producerIds.fresh(home, producerId -> {
                if (producerId < 0) asker.accept(UNAVAILABLE);
                else ask(transactionalId, command.apply(producerId), home, asker);
            });
        });
    }
}
