package io.semel.broker;

import io.semel.broker.courier.Transactions;
import io.semel.broker.partition.LeaderEpoch;
import io.semel.broker.partition.Partition;
import io.semel.broker.partition.Rooms;
import io.semel.idempotence.OpenTransaction;
import io.semel.kernel.lane.Lane;
import io.semel.kernel.world.World;
import io.semel.txn.Txn;
import io.semel.txn.TxnCommand;
import io.semel.txn.TxnReply;
import io.semel.wire.error.ErrorCode;
import io.semel.wire.topic.TopicPartition;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends what no coordinator will: transactions that are open on a partition and that their coordinator does
 * not know there, or not yet under that epoch. With durability {@code os} a power cut can leave such, since
 * files lose their tails independently; with {@code force} enlistment is durable before the first batch and
 * none are found. Runs once, before serving. Owned by lane 0.
 */
final class OrphanSweep {
    private static final Logger LOG = LoggerFactory.getLogger(OrphanSweep.class);

    private record Orphan(TopicPartition partition, OpenTransaction open) {
    }

    private final World world;
    private final Rooms rooms;
    private final Transactions transactions;
    private final Lane home;
    private final List<Orphan> suspects = new ArrayList<>();
    private final Map<Long, Txn> coordinated = new TreeMap<>();
    /** A coordinator did not answer: what it knows may have been decided already. */
    private boolean silent;

    OrphanSweep(World world, Rooms rooms, Transactions transactions, Lane home) {
        this.world = world;
        this.rooms = rooms;
        this.transactions = transactions;
        this.home = home;
    }

    /** {@code done} runs on the lane when every orphan's end is durable. */
    void run(Runnable done) {
        int[] left = {world.lanes().count()};
        rooms.visitOpen(open -> {
            List<Orphan> here = new ArrayList<>();
            for (Partition partition : open) {
                for (OpenTransaction one : partition.openTransactions()) {
                    here.add(new Orphan(partition.name(), one));
                }
            }
            home.post(() -> {
                suspects.addAll(here);
                if (--left[0] == 0) askCoordinators(done);
            });
        });
    }

    private void askCoordinators(Runnable done) {
        if (suspects.isEmpty()) {
            done.run();
            return;
        }
        int[] left = {transactions.partitions()};
        for (int partition = 0; partition < transactions.partitions(); partition++) {
            transactions.askPartition(partition, TxnCommand.ListAll.EVERY, home, reply -> {
                if (reply instanceof TxnReply.Listed listed) listed.txns()
                        .forEach(txn -> coordinated.put(txn.producerId(), txn));
                else silent = true;
                if (--left[0] == 0) endOrphans(done);
            });
        }
    }

    private void endOrphans(Runnable done) {
        if (silent) {
            LOG.error("a coordinator cannot be read, any transaction may be its own: no orphans are ended");
            suspects.clear();
        }
        suspects.removeIf(this::isCoordinated);
        int[] left = {suspects.size() + 1};
        Runnable one = () -> {
            if (--left[0] == 0) done.run();
        };
        for (Orphan orphan : suspects) end(orphan, one);
        one.run();
    }

    private boolean isCoordinated(Orphan suspect) {
        Txn txn = coordinated.get(suspect.open.producerId());
        return txn != null && txn.ends(suspect.partition, suspect.open.producerId(), suspect.open.epoch());
    }

    private void end(Orphan orphan, Runnable ended) {
        long producerId = orphan.open.producerId();
        short epoch = (short) Math.min(Short.MAX_VALUE, orphan.open.epoch() + 1);
        LOG.warn("{}: aborting what no coordinator knows: producer {} epoch {}, open since {}",
                orphan.partition, producerId, orphan.open.epoch(), orphan.open.firstOffset());
        rooms.ask(orphan.partition, partition -> partition.mark(producerId, epoch, false,
                LeaderEpoch.OURS, true, error -> {
            if (error != ErrorCode.NONE) LOG.error("{}: it could not be aborted: {}", orphan.partition,
                    error);
            home.post(ended);
        }), refused -> home.post(ended));
    }
}
