package io.semel.broker.partition;

import io.semel.wire.error.ErrorCode;

/** Gets the outcome of one batch, exactly once, on the partition's lane. */
public interface ProduceAsker {
    /** Whether the topic's records carry the time of their appending, {@code message.timestamp.type}. */
    default boolean stampsAppendTime() {
        return false;
    }

    /**
     * The batch stands durably at {@code baseOffset}, from this call or from an earlier one it repeats.
     *
     * @param appendTimeMs when it was appended, where its records carry that; else -1
     */
    void accepted(long baseOffset, long logStartOffset, long appendTimeMs);

    void refused(ErrorCode error);

    /** The transaction must enlist this partition first; come back with {@code guard}. */
    void needsEnlistment(long guard);
}
