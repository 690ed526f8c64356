/**
 * Sockets, frames and their memory: the only home of netty. It cuts frames out of connections and writes replies, and bounds what both may hold.
 * It does not know what a frame means.
 * Start reading at {@link io.semel.broker.net.FrontDoor}, then {@code NetServer}.
 */
package io.semel.broker.net;
