package io.semel.broker.metrics;

import io.semel.broker.desk.NewestConnections;
import io.semel.broker.partition.Partition;
import io.semel.broker.partition.Rooms;
import io.semel.broker.partition.ShardRoom;
import io.semel.idempotence.ProducerEntry;
import io.semel.kernel.lane.Lane;
import io.semel.kernel.world.World;
import io.semel.txn.Txn;
import io.semel.txn.TxnPhase;
import io.semel.txn.TxnShard;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.ToLongFunction;

/**
 * Looks at transactions from outside: asks every lane, adds up what they say. Each look is of one moment of
 * each lane. Any thread but a lane's, which would wait for itself.
 */
public final class TransactionGauges implements TransactionsMXBean {
    private static final long LATE_MS = 300_000;
    private static final long PATIENCE_S = 5;

    /** What one look has seen. Owned by whoever adds up. */
    private static final class Sight {
        private int open;
        private long oldestMs;
        private int ids;
        private int heldBack;
        private long lagMax;
        private long lagTotal;
        private int late;
        private long turnedAway;

        void add(Sight other) {
            open += other.open;
            oldestMs = Math.max(oldestMs, other.oldestMs);
            ids += other.ids;
            heldBack += other.heldBack;
            lagMax = Math.max(lagMax, other.lagMax);
            lagTotal += other.lagTotal;
            late += other.late;
            turnedAway += other.turnedAway;
        }
    }

    private final World world;
    private final Rooms rooms;
    private final NewestConnections connections;
    private final long timeoutMaxMs;

    /** @param timeoutMaxMs {@code transaction.max.timeout.ms} */
    public TransactionGauges(World world, Rooms rooms, NewestConnections connections, long timeoutMaxMs) {
        this.world = world;
        this.rooms = rooms;
        this.connections = connections;
        this.timeoutMaxMs = timeoutMaxMs;
    }

    @Override
    public int getOpenTransactions() {
        return (int) look(sight -> sight.open);
    }

    @Override
    public long getOldestOpenMs() {
        return look(sight -> sight.oldestMs);
    }

    @Override
    public int getTransactionalIds() {
        return (int) look(sight -> sight.ids);
    }

    @Override
    public int getPartitionsHeldBack() {
        return (int) look(sight -> sight.heldBack);
    }

    @Override
    public long getStableOffsetLagMax() {
        return look(sight -> sight.lagMax);
    }

    @Override
    public long getStableOffsetLagTotal() {
        return look(sight -> sight.lagTotal);
    }

    @Override
    public int getPartitionsWithLateTransactionsCount() {
        return (int) look(sight -> sight.late);
    }

    @Override
    public long getStaleRequestsTurnedAway() {
        return look(sight -> sight.turnedAway);
    }

    /** @return -1 when the lanes do not answer in time, as of a broker that has stopped */
    private long look(ToLongFunction<Sight> part) {
        CompletableFuture<Sight> seen = new CompletableFuture<>();
        Lane home = world.lanes().lane(0);
        Sight sum = new Sight();
        int[] left = {world.lanes().count()};
        rooms.visitOpen(open -> {
            Sight here = see(open);
            home.post(() -> {
                sum.add(here);
                if (--left[0] == 0) seen.complete(sum);
            });
        });
        return seen.thenApply(part::applyAsLong).completeOnTimeout(-1L, PATIENCE_S, TimeUnit.SECONDS).join();
    }

    private Sight see(List<Partition> open) {
        Sight sight = new Sight();
        long nowMs = world.clock().nowMs();
        for (Partition partition : open) {
            if (partition.offline()) continue;
            long lag = partition.highWatermark() - partition.stableOffset();
            if (lag > 0) sight.heldBack++;
            sight.lagMax = Math.max(sight.lagMax, lag);
            sight.lagTotal += lag;
            if (isLate(partition, nowMs)) sight.late++;
            boolean shared = partition.room() instanceof ShardRoom<?, ?, ?>;
            if (shared && ((ShardRoom<?, ?, ?>) partition.room()).shard() instanceof TxnShard shard) {
                seeShard(shard, nowMs, sight);
                sight.turnedAway += connections.turnedAway(partition.name().partition());
            }
        }
        return sight;
    }

    private boolean isLate(Partition partition, long nowMs) {
        if (partition.openTransactions().isEmpty()) return false;
        for (ProducerEntry producer : partition.producers()) {
            boolean open = producer.firstOffset() >= 0;
            if (open && nowMs - producer.lastTimestamp() > timeoutMaxMs + LATE_MS) return true;
        }
        return false;
    }

    private static void seeShard(TxnShard shard, long nowMs, Sight sight) {
        sight.ids += shard.size();
        for (Txn txn : shard.txns()) {
            if (txn.phase() != TxnPhase.ONGOING && !txn.phase().prepared()) continue;
            sight.open++;
            sight.oldestMs = Math.max(sight.oldestMs, nowMs - txn.startMs());
        }
    }
}
