package io.semel.broker.net;

import io.semel.wire.message.Api;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;

/**
 * Asks a listening broker what it speaks (ApiVersions, KIP-35), as the first request of any client does, over
 * a socket like any other. Blocks its caller; any thread.
 */
public final class FirstRequest {
    private static final int TIMEOUT_MS = 10_000;
    private static final int CORRELATION_ID = 1;
    private static final int ANSWER_BYTES_MIN = 4 + 2 + 4;
    private static final int ANSWER_BYTES_MAX = 64 * 1024;

    private FirstRequest() {
    }

    /**
     * Returns when the broker has answered.
     *
     * @param host where it listens; for a wildcard address the loopback address is asked
     * @throws IllegalStateException there was no good answer within ten seconds: says what came instead
     */
    public static void ask(String host, int port) {
        try (Socket socket = new Socket()) {
            InetAddress address = InetAddress.getByName(host);
            if (address.isAnyLocalAddress()) address = InetAddress.getLoopbackAddress();
            socket.setSoTimeout(TIMEOUT_MS);
            socket.connect(new InetSocketAddress(address, port), TIMEOUT_MS);
            DataOutputStream out = new DataOutputStream(socket.getOutputStream());
            out.write(request());
            out.flush();
            String complaint = complaint(new DataInputStream(socket.getInputStream()));
            if (complaint != null) throw new IllegalStateException(told(host, port, complaint));
        } catch (IOException failure) {
            throw new IllegalStateException(told(host, port, failure.toString()), failure);
        }
    }

    private static String told(String host, int port, String what) {
        return "The broker listens on " + host + ":" + port + " but its first request was not answered: "
                + what;
    }

    /** Version 0 has no body, and its header no tagged fields; the client id is null. */
    private static byte[] request() {
        int headerBytes = 2 + 2 + 4 + 2;
        return ByteBuffer.allocate(4 + headerBytes).putInt(headerBytes)
                .putShort(Api.API_VERSIONS.id).putShort((short) 0).putInt(CORRELATION_ID)
                .putShort((short) -1).array();
    }

    private static String complaint(DataInputStream in) throws IOException {
        int bytes = in.readInt();
        if (bytes < ANSWER_BYTES_MIN || bytes > ANSWER_BYTES_MAX) return "an answer of " + bytes + " bytes";
        int correlationId = in.readInt();
        if (correlationId != CORRELATION_ID) return "an answer to request " + correlationId;
        short error = in.readShort();
        if (error != 0) return "error code " + error;
        in.readFully(new byte[bytes - 6]);
        return null;
    }
}
