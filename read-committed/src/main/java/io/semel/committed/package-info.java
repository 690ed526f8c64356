/**
 * What a reader of committed records may see: how far a partition is decided, which ranges were aborted, and
 * the filter that a reader applies to what it fetched. It never reads a log or a file, and it does not judge
 * what may be appended. Start reading at {@link io.semel.committed.StableOffsets}.
 */
package io.semel.committed;
