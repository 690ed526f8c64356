package io.semel.broker.partition;

import io.semel.wire.error.ErrorCode;

/** Gets the outcome of one batch, exactly once, on the partition's lane. */
public interface ProduceAsker {
    /** The batch stands durably at {@code baseOffset}, from this call or from an earlier one it repeats. */
    void accepted(long baseOffset, long logStartOffset);

    void refused(ErrorCode error);

    /** The transaction must enlist this partition first; come back with {@code guard}. */
    void needsEnlistment(long guard);
}
