package io.semel.broker.desk;

/**
 * The broker as something that has settings: this node by its id, or all brokers by an empty name. Immutable.
 */
record BrokerResource(int nodeId) {
    static final byte TOPIC = 2;
    static final byte BROKER = 4;
    static final byte CLIENT_METRICS = 16;
    static final byte GROUP = 32;

    boolean is(byte type, String name) {
        return type == BROKER && (name.isEmpty() || name.equals(Integer.toString(nodeId)));
    }

    /** Why settings of a resource that is neither a topic nor a group nor this broker cannot be altered. */
    String refusal(byte type, String name) {
        return switch (type) {
            case BROKER -> "Unexpected broker id, expected " + nodeId + " or an empty string, but received "
                    + name;
            case CLIENT_METRICS -> "Client metrics (KIP-714) are not built.";
            default -> "Settings of resource type " + type + " cannot be altered.";
        };
    }
}
