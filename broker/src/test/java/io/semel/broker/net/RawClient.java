package io.semel.broker.net;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;

/** A client's socket with nothing between the test and its bytes. One thread. */
final class RawClient implements AutoCloseable {
    final Socket socket;
    final DataOutputStream out;
    final DataInputStream in;

    RawClient(NetServer server) throws IOException {
        socket = new Socket("127.0.0.1", server.port());
        socket.setTcpNoDelay(true);
        socket.setSoTimeout(20_000);
        out = new DataOutputStream(socket.getOutputStream());
        in = new DataInputStream(socket.getInputStream());
    }

    /** An id and some bytes as a frame. */
    RawClient frame(int id, byte[] rest) throws IOException {
        byte[] frame = java.nio.ByteBuffer.allocate(8 + rest.length).putInt(4 + rest.length).putInt(id)
            .put(rest).array();
        out.write(frame);
        return this;
    }

    RawClient text(String text) throws IOException {
        out.write(text.getBytes(StandardCharsets.ISO_8859_1));
        return this;
    }

    RawClient announce(int size, byte[] part) throws IOException {
        out.writeInt(size);
        out.write(part);
        return this;
    }

    /** Reads an echo and says whether it is the right one. */
    boolean echoes(int id, byte[] rest) throws IOException {
        int size = in.readInt();
        int idRead = in.readInt();
        in.readNBytes(4);
        byte[] echo = new byte[in.readInt()];
        in.readFully(echo);
        return size == 4 + 2 + 2 + 4 + rest.length && idRead == id && java.util.Arrays.equals(echo, rest);
    }

    /** Waits for the other end to hang up; false when bytes come instead. */
    boolean isHungUp() throws IOException {
        try {
            return in.read() < 0;
        } catch (EOFException | SocketException reset) {
            return true;
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
