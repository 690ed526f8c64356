package io.semel.it.wire;

import io.semel.wire.message.ReplyFrame;
import io.semel.wire.message.RequestFrame;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;

/** One connection, on which any bytes can be sent. Every wait has a bound. One thread. */
final class RawClient implements AutoCloseable {
    /** Longer than anything that is waited for takes on a busy machine. */
    static final int PATIENCE_MS = 20_000;

    private final Socket socket;
    private final OutputStream out;
    private final DataInputStream in;
    private int correlationId;
    private int answered;

    private RawClient(Socket socket) throws IOException {
        this.socket = socket;
        this.out = socket.getOutputStream();
        this.in = new DataInputStream(socket.getInputStream());
    }

    static RawClient to(String bootstrap) {
        int port = Integer.parseInt(bootstrap.substring(bootstrap.lastIndexOf(':') + 1));
        try {
            Socket socket = new Socket();
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), PATIENCE_MS);
            socket.setSoTimeout(PATIENCE_MS);
            socket.setTcpNoDelay(true);
            return new RawClient(socket);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    void send(byte... bytes) {
        try {
            out.write(bytes);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    void send(ByteBuffer bytes) {
        send(bytesOf(bytes));
    }

    /** A frame with its true size in front. */
    void sendFrame(ByteBuffer frame) {
        send(ByteBuffer.allocate(Integer.BYTES + frame.remaining()).putInt(frame.remaining()).put(frame)
                .flip());
    }

    /** The bytes of a request as {@link #post} would send it. */
    ByteBuffer request(ApiKeys api, int version, ApiMessage body) {
        return RequestFrame.encode(api.id, (short) version, ++correlationId, "raw", body);
    }

    /** Sends a request and does not wait. Its answer must be received before that of any later one. */
    void post(ApiKeys api, int version, ApiMessage body) {
        send(request(api, version, body));
    }

    /** A request that the protocol leaves unanswered. */
    void tell(ApiKeys api, int version, ApiMessage body) {
        post(api, version, body);
        answered = correlationId;
    }

    @SuppressWarnings("unchecked")
    <T extends ApiMessage> T receive(ApiKeys api, int version) {
        ReplyFrame.Answer answer = ReplyFrame.decode(api.id, (short) version, receiveFrame());
        if (answer.correlationId() != ++answered) {
            throw new AssertionError("answer " + answer.correlationId() + " to request " + answered);
        }
        return (T) answer.body();
    }

    ByteBuffer receiveFrame() {
        try {
            byte[] frame = new byte[in.readInt()];
            in.readFully(frame);
            return ByteBuffer.wrap(frame);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    <T extends ApiMessage> T ask(ApiKeys api, int version, ApiMessage body) {
        post(api, version, body);
        return receive(api, version);
    }

    /** Whether the broker hangs up, without a word, before patience ends. */
    boolean isHungUpOn() {
        try {
            return in.read() < 0;
        } catch (SocketTimeoutException open) {
            return false;
        } catch (SocketException reset) {
            return true;
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /** Whether the broker answers or hangs up before patience ends, whichever it be. */
    boolean isReactedTo() {
        try {
            in.read();
            return true;
        } catch (SocketTimeoutException silent) {
            return false;
        } catch (IOException hungUp) {
            return true;
        }
    }

    /** Will send nothing more, but still reads. */
    void sendNoMore() {
        try {
            socket.shutdownOutput();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /** Ends the connection in order. */
    void hangUp() {
        close();
    }

    /** Ends the connection by a reset instead of in order. */
    void reset() {
        try {
            socket.setSoLinger(true, 0);
            socket.close();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    static byte[] bytesOf(ByteBuffer buffer) {
        byte[] bytes = new byte[buffer.remaining()];
        buffer.get(buffer.position(), bytes);
        return bytes;
    }

    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
