package io.semel.broker.desk;

import io.semel.broker.courier.Transactions;
import io.semel.txn.TxnCommand;
import io.semel.txn.TxnReply;
import io.semel.txn.TxnShard;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Turns away what a client of transaction version 1 sent before it reconnected (KAFKA-17754). Such a client
 * keeps its epoch from one transaction to the next, so that an EndTxn that was held up on the way would end
 * a later transaction than the one it was meant for. It is told by the connection: a client that gave up
 * waiting asks again on a new one, and what comes on an older connection than the newest used for that
 * transactional id is late. Its connection is closed without an answer, since any error code would be fatal
 * to a live client, which now reconnects and asks again.
 *
 * <p>Compared are AddPartitionsToTxn, AddOffsetsToTxn and EndTxn of version 1, never Produce, which some
 * clients send on another connection. So they do with TxnOffsetCommit: it is late when it comes on an older
 * connection than another one of that id, or on one that was the newest here before. Newest is the
 * connection of an InitProducerId, or of one of those three when it comes from the producer in use: a
 * fenced one does not cost its successor a connection, and is told that it is fenced, on whatever
 * connection it asks.
 *
 * <p>No part of the fold: a broker that starts again has no old connections. One table for each coordinator
 * partition, owned by that partition's lane.
 */
public final class NewestConnections {
    /** Transactional ids remembered in each table; those not used for longest are forgotten first (I14). */
    static final int IDS_MAX = 16_384;

    private final Transactions transactions;
    private final boolean servesStale;
    private final List<Map<String, Seen>> tables = new ArrayList<>();
    private final long[] turnedAway;

    /** @param servesStale the saboteur "a stale connection is served" */
    public NewestConnections(Transactions transactions, boolean servesStale) {
        this.transactions = transactions;
        this.servesStale = servesStale;
        this.turnedAway = new long[transactions.partitions()];
        for (int index = 0; index < transactions.partitions(); index++) tables.add(new Recent());
    }

    /** What the connection asks next comes from whoever has the transactional id now. */
    void noteInit(Call call, String transactionalId) {
        long number = call.connection().number();
        transactions.visit(transactionalId, shard -> note(transactionalId, number));
    }

    /**
     * Asks, and {@code asker} gets the reply on the call's home lane; or closes the call's connection.
     *
     * @param owner who the request says it is from
     */
    void ask(Call call, Owner owner, TxnCommand command, Consumer<TxnReply> asker) {
        long number = call.connection().number();
        transactions.askIf(owner.transactionalId, command, shard -> admits(shard, owner, number),
                call.home(), reply -> {
            if (reply != null) asker.accept(reply);
            else turnAway(call);
        });
    }

    /**
     * Serves a TxnOffsetCommit of version 1 on the call's home lane, or closes its connection.
     *
     * @param offline told when the coordinator is
     */
    void admitOffsets(Call call, Owner owner, Runnable served, Runnable offline) {
        long number = call.connection().number();
        transactions.look(owner.transactionalId, shard -> admitsOffsets(shard, owner, number), call.home(),
                admitted -> {
            if (admitted == null) offline.run();
            else if (admitted) served.run();
            else turnAway(call);
        });
    }

    /** How many requests a coordinator partition has turned away; on that partition's lane. */
    public long turnedAway(int partition) {
        return turnedAway[partition];
    }

    /** A producer as a request names it. */
    record Owner(String transactionalId, long producerId, short epoch) {
    }

    private boolean admits(TxnShard shard, Owner owner, long number) {
        Seen seen = table(owner.transactionalId).get(owner.transactionalId);
        // a replaced producer is refused by its epoch and must be told so: it ends nothing of its successor
        if (!shard.isInUse(owner.transactionalId, owner.producerId, owner.epoch)) return true;
        if (seen != null && number < seen.newest && !servesStale) {
            turnedAway[transactions.journalOf(owner.transactionalId).partition()]++;
            return false;
        }
        note(owner.transactionalId, number);
        return true;
    }

    private boolean admitsOffsets(TxnShard shard, Owner owner, long number) {
        if (!shard.isInUse(owner.transactionalId, owner.producerId, owner.epoch)) return true;
        Seen seen = seen(owner.transactionalId);
        if ((number < seen.newestOffsets || seen.before.contains(number)) && !servesStale) {
            turnedAway[transactions.journalOf(owner.transactionalId).partition()]++;
            return false;
        }
        seen.newestOffsets = Math.max(seen.newestOffsets, number);
        return true;
    }

    private void note(String transactionalId, long number) {
        seen(transactionalId).note(number);
    }

    private Seen seen(String transactionalId) {
        return table(transactionalId).computeIfAbsent(transactionalId, id -> new Seen());
    }

    private Map<String, Seen> table(String transactionalId) {
        return tables.get(transactions.journalOf(transactionalId).partition());
    }

    private static void turnAway(Call call) {
        call.connection().hangUp();
        call.silent();
    }

    /** The connections of one transactional id. */
    private static final class Seen {
        private static final int BEFORE_MAX = 4;

        long newest = -1;
        /** The newest a TxnOffsetCommit came on. */
        long newestOffsets = -1;
        /** What was the newest before, the last few. */
        final ArrayDeque<Long> before = new ArrayDeque<>(0);

        void note(long number) {
            if (number <= newest) return;
            if (newest >= 0) before.add(newest);
            if (before.size() > BEFORE_MAX) before.poll();
            newest = number;
        }
    }

    /** Forgets the entry used longest ago when there are too many. */
    private static final class Recent extends LinkedHashMap<String, Seen> {
        private static final long serialVersionUID = 1L;

        Recent() {
            super(16, 0.75f, true);
        }

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Seen> eldest) {
            return size() > IDS_MAX;
        }
    }
}
