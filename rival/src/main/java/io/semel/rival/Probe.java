package io.semel.rival;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.concurrent.TimeUnit;

/**
 * Asks a broker for its metadata over a bare socket: a client would fill the log with its failed attempts.
 * Stateless.
 */
final class Probe {

    private static final int TIMEOUT_MS = 2000, PAUSE_MS = 50;
    private static final short METADATA = 3, VERSION = 1;
    private static final int CORRELATION = 42;

    private Probe() { }

    /**
     * Whether a broker that knows itself to be part of the cluster answers on the port; false after a
     * pause.
     */
    static boolean answers(int port) {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), TIMEOUT_MS);
            socket.setSoTimeout(TIMEOUT_MS);
            if (brokers(socket) > 0) return true;
        } catch (IOException notYet) {
            // not listening, or listening without answering
        }
        pause();
        return false;
    }

    /** Metadata v1 for no topics: header (key, version, correlation, client id), then an empty array. */
    private static int brokers(Socket socket) throws IOException {
        DataOutputStream out = new DataOutputStream(socket.getOutputStream());
        out.writeInt(Short.BYTES + Short.BYTES + Integer.BYTES + Short.BYTES + Integer.BYTES);
        out.writeShort(METADATA);
        out.writeShort(VERSION);
        out.writeInt(CORRELATION);
        out.writeShort(-1);
        out.writeInt(0);
        out.flush();
        DataInputStream in = new DataInputStream(socket.getInputStream());
        in.readInt();
        return in.readInt() == CORRELATION ? in.readInt() : 0;
    }

    private static void pause() {
        try {
            TimeUnit.MILLISECONDS.sleep(PAUSE_MS);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new RivalFailure("interrupted while waiting for the broker", interrupted);
        }
    }
}
