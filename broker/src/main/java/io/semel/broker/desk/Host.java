package io.semel.broker.desk;

/** This broker as clients reach it. Immutable. */
public record Host(int nodeId, String name, int port, String clusterId) {
}
