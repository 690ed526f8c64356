/**
 * Which member of a KIP-848 group is to own which partition: assignments, and the two server-side assignors.
 * It knows no group, no epoch and no protocol: members and topics in, partitions out, the same in every run.
 * Start reading at {@link io.semel.group.assign.Assignor}.
 */
package io.semel.group.assign;
