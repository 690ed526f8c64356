package io.semel.group;

import io.semel.group.streams.StreamsLimits;

/**
 * The room's bounds, in Kafka's terms. Immutable.
 *
 * @param sessionTimeoutMinMs     group.min.session.timeout.ms
 * @param sessionTimeoutMaxMs     group.max.session.timeout.ms
 * @param groupSizeMax            group.max.size; ids that were given out and have not joined yet are bounded
 *                                by it too
 * @param initialRebalanceDelayMs group.initial.rebalance.delay.ms: how long an empty group waits for more
 *                                members. Kafka waits 3 s; 0 here, since one broker's consumers mostly start
 *                                one after the other and want to read
 * @param newMemberJoinTimeoutMs  how long a new member may wait for a round to end before it is given up
 * @param offsetMetadataMax       offset.metadata.max.bytes, in characters as Kafka counts it
 * @param offsetsRetentionMs      offsets.retention.minutes
 * @param offsetsSweepMs          offsets.retention.check.interval.ms; also how long a group without members
 *                                and offsets is kept
 * @param consumers               of groups of the consumer protocol
 * @param streams                 of streams groups
 */
public record GroupLimits(int sessionTimeoutMinMs, int sessionTimeoutMaxMs, int groupSizeMax,
                          int initialRebalanceDelayMs, int newMemberJoinTimeoutMs, int offsetMetadataMax,
                          long offsetsRetentionMs, long offsetsSweepMs, ConsumerLimits consumers,
                          StreamsLimits streams) {
    private static final int MINUTE_MS = 60_000;

    /**
     * Kafka's defaults, but for the initial delay (0) and the group's size (1,000 members; Kafka has no
     * bound).
     */
    public static GroupLimits defaults() {
        return new GroupLimits(6_000, 30 * MINUTE_MS, 1_000, 0, 5 * MINUTE_MS, 4_096,
                7L * 24 * 60 * MINUTE_MS, 10 * MINUTE_MS, ConsumerLimits.defaults(),
                StreamsLimits.defaults());
    }

    /** The same with another initial delay. */
    public GroupLimits withInitialRebalanceDelayMs(int delayMs) {
        return new GroupLimits(sessionTimeoutMinMs, sessionTimeoutMaxMs, groupSizeMax, delayMs,
                newMemberJoinTimeoutMs, offsetMetadataMax, offsetsRetentionMs, offsetsSweepMs, consumers,
                streams);
    }

    /** The same with another interval of looking for what has expired. */
    public GroupLimits withOffsetsSweepMs(long sweepMs) {
        return new GroupLimits(sessionTimeoutMinMs, sessionTimeoutMaxMs, groupSizeMax,
                initialRebalanceDelayMs, newMemberJoinTimeoutMs, offsetMetadataMax, offsetsRetentionMs,
                sweepMs, consumers, streams);
    }

    /** The same with another bound on a group's members. */
    public GroupLimits withGroupSizeMax(int sizeMax) {
        return new GroupLimits(sessionTimeoutMinMs, sessionTimeoutMaxMs, sizeMax, initialRebalanceDelayMs,
                newMemberJoinTimeoutMs, offsetMetadataMax, offsetsRetentionMs, offsetsSweepMs, consumers,
                streams);
    }

    /** The same with other bounds on groups of the consumer protocol. */
    public GroupLimits withConsumers(ConsumerLimits others) {
        return new GroupLimits(sessionTimeoutMinMs, sessionTimeoutMaxMs, groupSizeMax,
                initialRebalanceDelayMs, newMemberJoinTimeoutMs, offsetMetadataMax, offsetsRetentionMs,
                offsetsSweepMs, others, streams);
    }

    /** The same with other bounds on streams groups. */
    public GroupLimits withStreams(StreamsLimits others) {
        return new GroupLimits(sessionTimeoutMinMs, sessionTimeoutMaxMs, groupSizeMax,
                initialRebalanceDelayMs, newMemberJoinTimeoutMs, offsetMetadataMax, offsetsRetentionMs,
                offsetsSweepMs, consumers, others);
    }
}
