package io.semel.group;

import java.util.UUID;

/**
 * What a group committed for one partition. Immutable.
 *
 * @param leaderEpoch       of the last record consumed, -1 when not told
 * @param commitTimestampMs when it was committed
 * @param expireTimestampMs when it expires whatever the retention says, -1 for by retention (records of
 *                          version 1)
 * @param topicId           null when not known
 */
public record OffsetValue(long offset, int leaderEpoch, String metadata, long commitTimestampMs,
                          long expireTimestampMs, UUID topicId) {
}
