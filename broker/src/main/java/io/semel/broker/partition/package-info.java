/**
 * A partition as a room: the log, the three folds over it, the gate, and the shard that may stand on it; and
 * the registry of rooms a lane owns.
 * It knows batches, offsets and producers; it never sees a protocol message or a socket.
 * Start reading at {@link io.semel.broker.partition.Partition}, then {@link io.semel.broker.partition.Rooms}.
 */
package io.semel.broker.partition;
