/**
 * Groups of consumers and their committed offsets as one pure room, journalled in the records of {@code
 * __consumer_offsets}. It does no I/O, knows no thread and no clock, and never reads the batches or messages
 * that carry its commands. Start reading at {@link io.semel.group.GroupCommand}, then {@code GroupRules} and
 * where it leads: {@code ClassicRules} and {@code Rounds}, {@code ConsumerRules} and {@code MemberUpdate},
 * {@code OffsetRules}, {@code StreamsGroups}.
 */
package io.semel.group;
