package io.semel.broker.partition;

import io.semel.wire.error.ErrorCode;

/** The epoch of a partition's leader (KIP-101, KIP-320): always the same one here. Any thread. */
public final class LeaderEpoch {
    /** The leader epoch of a broker that is alone: the seam for replication. */
    public static final int OURS = 0;

    private LeaderEpoch() {
    }

    /** What a client is told that believes this to be the leader's epoch; -1 when it believes nothing. */
    public static ErrorCode judge(int believed) {
        if (believed > OURS) return ErrorCode.UNKNOWN_LEADER_EPOCH;
        return believed >= 0 && believed < OURS ? ErrorCode.FENCED_LEADER_EPOCH : ErrorCode.NONE;
    }
}
