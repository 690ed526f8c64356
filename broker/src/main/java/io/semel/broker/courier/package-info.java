/**
 * Carries between rooms: from a desk to the shard that coordinates a transaction or group, from a shard its
 * markers to the partitions.
 * It decides nothing and remembers only what is on its way.
 * Start reading at {@link io.semel.broker.courier.Transactions} and {@link
 * io.semel.broker.courier.MarkerCourier}.
 */
package io.semel.broker.courier;
