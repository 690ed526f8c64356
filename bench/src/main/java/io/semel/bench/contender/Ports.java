package io.semel.bench.contender;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;

/** Free ports of 127.0.0.1. Stateless. */
public final class Ports {
    private Ports() {
    }

    /** One that nobody listens on now. */
    public static int free() {
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return free.getLocalPort();
        } catch (IOException failure) {
            throw new IllegalStateException("no free port: " + failure.getMessage(), failure);
        }
    }
}
