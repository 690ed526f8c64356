package io.semel.bench.clients;

import io.semel.wire.message.ReplyFrame;
import io.semel.wire.message.RequestFrame;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;

/**
 * One connection that asks and waits. A KafkaProducer for each of 100,000 ids would measure KafkaProducer.
 * One thread.
 */
final class RawLine implements AutoCloseable {
    private final Socket socket;
    private final DataInputStream in;
    private int correlationId;

    RawLine(String bootstrap) {
        try {
            int port = Integer.parseInt(bootstrap.substring(bootstrap.lastIndexOf(':') + 1));
            socket = new Socket(InetAddress.getLoopbackAddress(), port);
            socket.setTcpNoDelay(true);
            in = new DataInputStream(socket.getInputStream());
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    @SuppressWarnings("unchecked")
    <T extends ApiMessage> T ask(ApiKeys api, int version, ApiMessage body) {
        ByteBuffer frame = RequestFrame.encode(api.id, (short) version, ++correlationId, "bench", body);
        byte[] bytes = new byte[frame.remaining()];
        frame.get(bytes);
        try {
            socket.getOutputStream().write(bytes);
            byte[] answer = new byte[in.readInt()];
            in.readFully(answer);
            return (T) ReplyFrame.decode(api.id, (short) version, ByteBuffer.wrap(answer)).body();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
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
