package io.semel.broker.partition;

import io.semel.kernel.lane.Lane;
import io.semel.kernel.world.DiskFailure;
import io.semel.kernel.world.Saboteur;
import io.semel.kernel.world.World;
import io.semel.log.Damage;
import io.semel.log.PartitionLog;
import io.semel.log.ReadCheck;
import io.semel.wire.error.ErrorCode;
import io.semel.wire.topic.TopicPartition;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has what comes from the disk compared with its CRC before it is sent, off the lane, one read of a lane at a
 * time. Owned by the partition's lane.
 */
final class ColdReads {
    private static final Logger LOG = LoggerFactory.getLogger(ColdReads.class);

    private final TopicPartition name;
    private final World world;
    private final Lane lane;
    private final PartitionLog log;
    private final boolean trusts;
    private ReadCheck unchecked;
    private String lastUnreadable;

    ColdReads(TopicPartition name, World world, Lane lane, PartitionLog log) {
        this.name = name;
        this.world = world;
        this.lane = lane;
        this.log = log;
        this.trusts = world.sabotaged(Saboteur.COLD_READ_UNCHECKED);
    }

    /** A read begins. */
    void forget() {
        unchecked = null;
    }

    /** The log has found something. */
    void found() {
        unchecked = log.checkOfLastRead();
    }

    /** Hands the result of the read that was just made over, at once or when it was checked; on the lane. */
    void checked(ReadResult result, Consumer<ReadResult> then) {
        ReadCheck check = unchecked;
        unchecked = null;
        if (check == null || trusts) {
            then.accept(result);
            return;
        }
        world.io().run(lane, () -> {
            check.run();
            return null;
        }, lane, (nothing, problem) -> {
            log.take(check);
            if (check.failure() == null) then.accept(result);
            else if (!check.good().isEmpty()) then.accept(result.withSlices(check.good()));
            else then.accept(unreadable(check.failure()));
        });
    }

    /** Clients give up at CORRUPT_MESSAGE and say so, and try again at KAFKA_STORAGE_ERROR. */
    ReadResult unreadable(DiskFailure failure) {
        if (!failure.getMessage().equals(lastUnreadable)) {
            LOG.error("{}: cannot be read: {}", name, failure.getMessage());
            lastUnreadable = failure.getMessage();
        }
        return ReadResult.failed(failure instanceof Damage ? ErrorCode.CORRUPT_MESSAGE
                : ErrorCode.KAFKA_STORAGE_ERROR);
    }
}
