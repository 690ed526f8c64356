package io.semel.broker;

import io.semel.broker.config.BrokerConfig;
import io.semel.log.disk.HandleLimits;
import io.semel.log.disk.IndexKind;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How many segments may be open at once: half of what the process may open, since connections need the rest,
 * and a quarter of the mappings that the system gives a process. Immutable; any thread.
 *
 * @param openFiles   that the process may have
 * @param segments    that may be open, of all partitions together
 */
record HandleBudget(int openFiles, int segments) {
    /** Enough for any number of partitions, as long as no more than some hundred connections come. */
    static final int OPEN_FILES_WANTED = 1_024;
    private static final int SEGMENTS_LEAST = 16;
    private static final int MAPPINGS = 2;
    private static final Logger LOG = LoggerFactory.getLogger(HandleBudget.class);

    static HandleBudget of(HandleLimits limits) {
        return of(limits, IndexKind.allowed());
    }

    static HandleBudget of(HandleLimits limits, IndexKind kind) {
        int byFiles = limits.openFiles() / 2 / (1 + MAPPINGS * kind.filesPerMapping());
        int byMappings = limits.mappings() / 4 / MAPPINGS;
        return new HandleBudget(limits.openFiles(), Math.max(SEGMENTS_LEAST, Math.min(byFiles, byMappings)));
    }

    /** Unless it was set. */
    BrokerConfig applyTo(BrokerConfig given) {
        if (openFiles < OPEN_FILES_WANTED) {
            LOG.warn("this process may open {} files only, which connections and logs share: {} segments are"
                    + " kept open. Raise the limit (ulimit -n) to {} or more", openFiles, segments,
                    OPEN_FILES_WANTED);
        }
        if (given.number(RoomPlan.SEGMENTS_OPEN, 0) > 0) return given;
        return given.with(Map.of(RoomPlan.SEGMENTS_OPEN, Integer.toString(segments)));
    }
}
