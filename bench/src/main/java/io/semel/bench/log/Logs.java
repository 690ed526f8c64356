package io.semel.bench.log;

import io.semel.kernel.world.Disk;
import io.semel.log.LogConfig;
import io.semel.log.LogOpening;
import io.semel.log.OpenSegments;
import io.semel.log.PartitionLog;
import io.semel.wire.batch.BatchHeader;

/** Opens logs that nobody folds. Stateless. */
public final class Logs {
    private Logs() {
    }

    /** A log of its own directory; {@code clean} says that its last life ended in order. */
    public static PartitionLog open(Disk disk, String name, LogConfig config, long recoveryPoint,
            boolean clean, OpenSegments openSegments) {
        return PartitionLog.open(disk, name, config, new LogOpening() {
            @Override
            public long loadNewestSnapshot(PartitionLog.SideFiles files, long notAbove) {
                return notAbove;
            }

            @Override
            public void fold(BatchHeader batch) {
            }

            @Override
            public long recoveryPoint() {
                return recoveryPoint;
            }

            @Override
            public boolean wasClean() {
                return clean;
            }

            @Override
            public OpenSegments openSegments() {
                return openSegments;
            }
        });
    }
}
