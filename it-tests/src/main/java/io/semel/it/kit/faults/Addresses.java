package io.semel.it.kit.faults;

/** Where the proxy listens for a broker. Any thread. */
interface Addresses {
    /** The port on loopback that stands for this broker, opened when it is new. */
    int portFor(String host, int port);
}
