/**
 * The engine put together: which rooms stand where, which desks there are, how it starts and stops, and its
 * main program. No rule of the protocol, of transactions or of storage lives here.
 * Start reading at {@link io.semel.broker.Broker}, then {@link io.semel.broker.RoomPlan} and {@link
 * io.semel.broker.DeskPlan}.
 */
package io.semel.broker;
