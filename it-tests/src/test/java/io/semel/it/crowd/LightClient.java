package io.semel.it.crowd;

import io.semel.wire.message.ReplyFrame;
import io.semel.wire.message.RequestFrame;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;

/** One connection with at most one request under way; never blocks but to connect. One thread at a time. */
final class LightClient implements AutoCloseable {
    private final SocketChannel channel;
    private ByteBuffer size = ByteBuffer.allocate(Integer.BYTES);
    private ByteBuffer frame;
    private ByteBuffer unsent;
    private ApiKeys asked;
    private short version;
    private int correlationId;

    LightClient(String bootstrap) {
        int port = Integer.parseInt(bootstrap.substring(bootstrap.lastIndexOf(':') + 1));
        try {
            channel = SocketChannel.open(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
            channel.configureBlocking(false);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    boolean isBusy() {
        return asked != null;
    }

    void ask(ApiKeys api, int apiVersion, ApiMessage body) {
        if (asked != null) throw new IllegalStateException(asked + " is under way");
        asked = api;
        version = (short) apiVersion;
        unsent = RequestFrame.encode(api.id, version, ++correlationId, "light", body);
        move();
    }

    /** The answer if it has come, else null. */
    ApiMessage poll() {
        move();
        if (frame == null || frame.hasRemaining()) return null;
        ReplyFrame.Answer answer = ReplyFrame.decode(asked.id, version, frame.flip());
        frame = null;
        size.clear();
        asked = null;
        return answer.body();
    }

    private void move() {
        try {
            if (unsent != null) {
                channel.write(unsent);
                if (!unsent.hasRemaining()) unsent = null;
            }
            if (size.hasRemaining()) read(size);
            if (size.hasRemaining()) return;
            if (frame == null) frame = ByteBuffer.allocate(size.flip().getInt());
            read(frame);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private void read(ByteBuffer into) throws IOException {
        if (channel.read(into) < 0) throw new IOException("the broker hung up");
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
