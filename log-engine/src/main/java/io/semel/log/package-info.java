/**
 * A partition's log: segments in Kafka's own format, sparse indexes, recovery, and a data directory of them;
 * it knows batches only. It never looks at producers, transactions or records' contents: those are folds and
 * side files of its owner. Start reading at {@link io.semel.log.PartitionLog}, then {@code Segment} and
 * {@code Recovery}.
 */
package io.semel.log;
