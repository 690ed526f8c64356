package io.semel.broker.net;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Who connects while the server closes is hung up on too, and does not wait for an answer for ever. */
@Timeout(120)
class LastConnectionsTest {
    private static final int ROUNDS = 6;
    private static final int CLIENTS = 3;
    private static final int PATIENCE_MS = 5_000;

    @Test
    void areHungUpOn() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(CLIENTS);
        try (TurnedLoops turned = new TurnedLoops(2)) {
            for (int round = 0; round < ROUNDS; round++) {
                NetServer server = NetServer.start("127.0.0.1", 0, new EchoDoor(), NetLimits.defaults(),
                        turned.loops());
                InetSocketAddress address = new InetSocketAddress("127.0.0.1", server.port());
                List<Future<List<Socket>>> clients = new ArrayList<>();
                for (int client = 0; client < CLIENTS; client++) {
                    clients.add(threads.submit(() -> connectWhileItListens(address)));
                }
                while (server.connectionCount() < CLIENTS) Thread.onSpinWait();

                server.close();

                for (Future<List<Socket>> client : clients) {
                    for (Socket socket : client.get()) assertTrue(hearsOfTheEnd(socket), "never closed");
                }
            }
        } finally {
            threads.shutdown();
        }
    }

    private static List<Socket> connectWhileItListens(InetSocketAddress address) {
        List<Socket> sockets = new ArrayList<>();
        while (sockets.size() < 500) {
            Socket socket = new Socket();
            try {
                socket.connect(address);
                sockets.add(socket);
            } catch (IOException refused) {
                return sockets;
            }
        }
        return sockets;
    }

    /**
     * It says something first, as every client does: one that found the listener's queue full believes it is
     * connected, and is told otherwise when it speaks.
     */
    private static boolean hearsOfTheEnd(Socket socket) throws IOException {
        try (socket) {
            socket.setSoTimeout(PATIENCE_MS);
            socket.getOutputStream().write(0);
            return socket.getInputStream().read() < 0;
        } catch (SocketTimeoutException silence) {
            return false;
        } catch (IOException reset) {
            return true;
        }
    }
}
