/**
 * Sockets, frames and their memory: the only home of netty. It cuts frames out of connections and writes
 * replies, and bounds what both may hold; it does not know what a frame means. Start reading at
 * {@link io.semel.broker.net.FrontDoor}, then {@link io.semel.broker.net.NetServer} and {@code Link}.
 */
package io.semel.broker.net;
