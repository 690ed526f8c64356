package io.semel.bench;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.function.BooleanSupplier;

/**
 * Watches a port from outside until somebody answers ApiVersions there, the same for every contender.
 * Stateless.
 */
final class FirstAnswer {
    private static final int TIMEOUT_MS = 2_000;
    private static final short API_VERSIONS = 18;
    private static final int CORRELATION = 42;
    private static final int HEADER_BYTES = Short.BYTES + Short.BYTES + Integer.BYTES + Short.BYTES;

    private FirstAnswer() {
    }

    /**
     * Asks again and again.
     *
     * @param hasEnded passes a moment, and says whether the process that should answer has ended meanwhile
     * @return when the answer was there, by {@link System#nanoTime}
     */
    static long await(int port, BooleanSupplier hasEnded) {
        while (!answers(port)) {
            if (hasEnded.getAsBoolean()) {
                throw new IllegalStateException("the broker ended before it answered");
            }
        }
        return System.nanoTime();
    }

    /** ApiVersions version 0: key, version, correlation, no client id. */
    private static boolean answers(int port) {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), TIMEOUT_MS);
            socket.setSoTimeout(TIMEOUT_MS);
            DataOutputStream out = new DataOutputStream(socket.getOutputStream());
            out.writeInt(HEADER_BYTES);
            out.writeShort(API_VERSIONS);
            out.writeShort(0);
            out.writeInt(CORRELATION);
            out.writeShort(-1);
            out.flush();
            DataInputStream in = new DataInputStream(socket.getInputStream());
            return in.readInt() > 0 && in.readInt() == CORRELATION && in.readShort() == 0;
        } catch (IOException notYet) {
            return false;
        }
    }
}
