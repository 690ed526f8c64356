package io.semel.group.streams;

/**
 * Bounds of streams groups, in Kafka's terms. Immutable.
 *
 * @param sessionTimeoutMs        group.streams.session.timeout.ms
 * @param heartbeatIntervalMs     group.streams.heartbeat.interval.ms: what members are told
 * @param groupSizeMax            group.streams.max.size
 * @param standbyReplicas         group.streams.num.standby.replicas: copies of each stateful task
 * @param initialRebalanceDelayMs group.streams.initial.rebalance.delay.ms: how long an empty group waits for
 *                                more members before tasks are handed out
 */
public record StreamsLimits(int sessionTimeoutMs, int heartbeatIntervalMs, int groupSizeMax,
                            int standbyReplicas, int initialRebalanceDelayMs) {
    /**
     * Kafka's defaults, but for the group's size (1,000 members; Kafka has no bound), the heartbeat (1 s,
     * Kafka 5 s: members hear only then what they must give up) and the initial delay (none, Kafka 3 s).
     */
    public static StreamsLimits defaults() {
        return new StreamsLimits(45_000, 1_000, 1_000, 0, 0);
    }

    /** The same with other copies and another delay. */
    public StreamsLimits with(int replicas, int delayMs) {
        return new StreamsLimits(sessionTimeoutMs, heartbeatIntervalMs, groupSizeMax, replicas, delayMs);
    }
}
