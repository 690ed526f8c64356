/**
 * The names of topics and partitions, as every room uses them.
 * They say nothing of where a partition lives or what it holds.
 * Start reading at {@link io.semel.wire.topic.TopicPartition}.
 */
package io.semel.wire.topic;
