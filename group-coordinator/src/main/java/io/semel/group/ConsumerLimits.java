package io.semel.group;

/**
 * Bounds of KIP-848 groups, in Kafka's terms. Immutable.
 *
 * @param sessionTimeoutMs    group.consumer.session.timeout.ms
 * @param heartbeatIntervalMs group.consumer.heartbeat.interval.ms: what members are told
 * @param groupSizeMax        group.consumer.max.size
 * @param migration           group.consumer.migration.policy
 */
public record ConsumerLimits(int sessionTimeoutMs, int heartbeatIntervalMs, int groupSizeMax,
                             MigrationPolicy migration) {
    /** Between which protocols a group with members may change, while it runs. */
    public enum MigrationPolicy {
        BIDIRECTIONAL(true, true),
        UPGRADE(true, false),
        DOWNGRADE(false, true),
        DISABLED(false, false);

        private final boolean up;
        private final boolean down;

        MigrationPolicy(boolean up, boolean down) {
            this.up = up;
            this.down = down;
        }

        boolean allowsUpgrade() {
            return up;
        }

        boolean allowsDowngrade() {
            return down;
        }
    }

    /** The same with other times, in milliseconds. */
    public ConsumerLimits withTimes(int sessionMs, int heartbeatMs) {
        return new ConsumerLimits(sessionMs, heartbeatMs, groupSizeMax, migration);
    }

    /**
     * Kafka's defaults, but for the group's size (1,000 members; Kafka has no bound) and the heartbeat: 1 s,
     * since members hear only then that they must give something up. Kafka's 5 s spare a large cluster.
     */
    public static ConsumerLimits defaults() {
        return new ConsumerLimits(45_000, 1_000, 1_000, MigrationPolicy.BIDIRECTIONAL);
    }
}
