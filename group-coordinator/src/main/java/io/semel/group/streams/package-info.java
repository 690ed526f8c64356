/**
 * Groups of Kafka Streams applications (KIP-1071): topology, tasks and members as rules and state of one
 * group, told apart from where it is kept. It knows no other kind of group, creates no topic and reads no
 * message. Start reading at {@link io.semel.group.streams.StreamsRules}, then {@code StreamsUpdate}, {@code
 * TopologyPlan} and {@code TaskReconciliation}.
 */
package io.semel.group.streams;
