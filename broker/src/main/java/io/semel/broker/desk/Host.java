package io.semel.broker.desk;

import io.semel.kernel.lane.Published;

/** This broker as clients reach it. Any thread; the port is known once the broker listens. */
public final class Host {
    private final int nodeId;
    private final String name;
    private final String clusterId;
    private final String rack;
    private final Published<Integer> port;

    /** @param rack {@code broker.rack}, null when it has none */
    public Host(int nodeId, String name, int port, String rack, String clusterId) {
        this.rack = rack;
        this.nodeId = nodeId;
        this.name = name;
        this.clusterId = clusterId;
        this.port = new Published<>(port);
    }

    int nodeId() {
        return nodeId;
    }

    String name() {
        return name;
    }

    int port() {
        return port.read();
    }

    String rack() {
        return rack;
    }

    String clusterId() {
        return clusterId;
    }

    /** Before the first connection comes in. */
    public void listensOn(int boundPort) {
        port.publish(boundPort);
    }
}
