package io.semel.broker.net;

/**
 * Who is at the other end. Immutable.
 *
 * @param number rises with every connection that is accepted
 */
public record Peer(String host, int port, long number) {
    public String address() {
        return host + ":" + port;
    }
}
