package io.semel.it.kit.faults;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;

/** The door on loopback that stands for one broker. Has a thread of its own. */
final class Listener {
    private static final int BACKLOG = 256;
    /** Between two tries when there are too many open files. */
    private static final long PAUSE_MS = 50;

    private final Proxy proxy;
    private final InetSocketAddress broker;
    private final ServerSocket socket;

    Listener(Proxy proxy, InetSocketAddress broker) {
        this.proxy = proxy;
        this.broker = broker;
        try {
            socket = new ServerSocket(0, BACKLOG, InetAddress.getByName(Proxy.HOST));
        } catch (IOException failure) {
            throw new UncheckedIOException("the fault proxy cannot listen: " + failure.getMessage(), failure);
        }
        proxy.thread("door-" + port(), this::acceptAll).start();
    }

    /** Where its connections lead; looked up again for each of them. */
    InetSocketAddress broker() {
        return broker;
    }

    int port() {
        return socket.getLocalPort();
    }

    private void acceptAll() {
        while (!socket.isClosed()) {
            try {
                Socket client = socket.accept();
                proxy.admit(this, client);
            } catch (IOException closed) {
                proxy.signal().awaitMs(socket::isClosed, PAUSE_MS);
            }
        }
    }

    void close() {
        try {
            socket.close();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
