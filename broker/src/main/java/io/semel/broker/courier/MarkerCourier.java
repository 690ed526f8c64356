package io.semel.broker.courier;

import io.semel.broker.partition.Rooms;
import io.semel.kernel.lane.Lane;
import io.semel.kernel.law.Duty;
import io.semel.kernel.law.ShardHost;
import io.semel.kernel.world.Clock;
import io.semel.txn.MarkerDuty;
import io.semel.txn.TxnCommand;
import io.semel.wire.error.ErrorCode;
import io.semel.wire.topic.TopicPartition;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Carries the markers one transaction shard owes to the partitions (I5, I6), and comes back when every one
 * is durable. Remembers which partitions of a duty are done, so that a retry does not write theirs again.
 * Owned by the shard's lane.
 */
public final class MarkerCourier implements ShardHost.Carrier<TxnCommand> {
    private static final Logger LOG = LoggerFactory.getLogger(MarkerCourier.class);

    /** One duty on its way. */
    private static final class Round {
        private final Set<TopicPartition> done = new TreeSet<>();
        private int waiting;
        private boolean failed;
    }

    private final Rooms rooms;
    private final Lane lane;
    private final Clock clock;
    private final Map<Object, Round> rounds = new LinkedHashMap<>();

    public MarkerCourier(Rooms rooms, Lane lane, Clock clock) {
        this.rooms = rooms;
        this.lane = lane;
        this.clock = clock;
    }

    @Override
    public void carry(Duty owed, ShardHost.Outcome<TxnCommand> outcome) {
        MarkerDuty duty = (MarkerDuty) owed;
        Round round = rounds.computeIfAbsent(duty.key(), key -> new Round());
        round.failed = false;
        round.waiting = 1;
        for (TopicPartition partition : duty.partitions()) {
            if (round.done.contains(partition)) continue;
            round.waiting++;
            rooms.ask(partition, home -> home.mark(duty.producerId(), duty.producerEpoch(), duty.commit(),
                            duty.coordinatorEpoch(), duty.version2(), error ->
                                    lane.post(() -> marked(duty, round, partition, error, outcome))),
                    refused -> lane.post(() -> marked(duty, round, partition, refused, outcome)));
        }
        lane.post(() -> oneLess(duty, round, outcome));
    }

    private void marked(MarkerDuty duty, Round round, TopicPartition partition, ErrorCode error,
                        ShardHost.Outcome<TxnCommand> outcome) {
        switch (error) {
            case NONE -> round.done.add(partition);
            case UNKNOWN_TOPIC_OR_PARTITION, INVALID_PRODUCER_EPOCH, TRANSACTION_COORDINATOR_FENCED -> {
                // the topic is gone, or somebody newer has ended it there: nothing is owed any more
                LOG.info("no marker of {} to {}: {}", duty.transactionalId(), partition, error);
                round.done.add(partition);
            }
            default -> round.failed = true;
        }
        oneLess(duty, round, outcome);
    }

    private void oneLess(MarkerDuty duty, Round round, ShardHost.Outcome<TxnCommand> outcome) {
        if (--round.waiting > 0) return;
        if (!round.failed) rounds.remove(duty.key());
        outcome.settle(round.failed ? null : new TxnCommand.MarkersWritten(duty.transactionalId(),
                duty.restsOn()), clock.nowMs());
    }
}
