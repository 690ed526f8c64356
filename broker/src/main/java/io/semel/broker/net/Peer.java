package io.semel.broker.net;

/**
 * Who is at the other end. Immutable.
 *
 * @param number rises with every connection that is accepted
 * @param lane   whose thread carries the connection
 */
public record Peer(String host, int port, long number, int lane) {
    public String address() {
        return host + ":" + port;
    }
}
