package io.semel.broker.net;

/** Who is at the other end. Immutable. */
public record Peer(String host, int port) {
    public String address() {
        return host + ":" + port;
    }
}
