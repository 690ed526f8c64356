package io.semel.it.kit.faults;

/**
 * Whole connections, all of them or those of one client: what a cable, a switch or a firewall does. What
 * lasts, lasts until {@link #heal} and concerns later connections too. Any thread.
 */
public final class Connections {
    private final Proxy proxy;
    private final String clientId;

    Connections(Proxy proxy, String clientId) {
        this.proxy = proxy;
        this.clientId = clientId;
    }

    /** Only those of this {@code client.id}. */
    public Connections forClient(String id) {
        return new Connections(proxy, id);
    }

    /** How many there are now. */
    public int count() {
        return proxy.pipes(clientId).size();
    }

    /** Ends those there are now, in order. */
    public void cut() {
        proxy.pipes(clientId).forEach(pipe -> pipe.sever(false));
    }

    /** Ends those there are now by a reset. */
    public void reset() {
        proxy.pipes(clientId).forEach(pipe -> pipe.sever(true));
    }

    /** Takes those there are now from the broker, while their clients go on talking to nobody. */
    public void halfOpen() {
        proxy.pipes(clientId).forEach(Pipe::goHalfOpen);
    }

    /** Nothing gets through in either direction; nothing is lost. */
    public void blackhole() {
        proxy.weather().block(clientId, Way.TO_BROKER);
        proxy.weather().block(clientId, Way.TO_CLIENT);
    }

    /** Only what goes this way gets through. */
    public void oneWay(Way open) {
        proxy.weather().block(clientId, open == Way.TO_BROKER ? Way.TO_CLIENT : Way.TO_BROKER);
    }

    /** Each direction of each connection carries so much and no more. */
    public void throttle(long bytesPerSecond) {
        if (bytesPerSecond < 1) throw new IllegalArgumentException("at least a byte a second");
        for (Way way : Way.values()) proxy.weather().slow(clientId, way, bytesPerSecond);
    }

    /** Hangs up on whoever connects from now on. Concerns every client: a stranger has said no name yet. */
    public void refuse() {
        proxy.refuse(true);
    }

    /** Ends what lasts. */
    public void heal() {
        proxy.weather().clear(clientId);
        proxy.refuse(false);
    }
}
