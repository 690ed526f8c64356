package io.semel.it.kit.faults;

import java.io.EOFException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.apache.kafka.common.protocol.ApiKeys;

/**
 * A frame from a client, its header read: every version of every request begins alike. Immutable; the
 * bytes are without the four of the size.
 *
 * @param call the how-manieth of this API from this client, from 1
 */
record Request(ApiKeys api, short version, int correlationId, String clientId, int call, byte[] frame) {
    private static final int CORRELATION_ID_AT = 4;
    private static final int CLIENT_ID_AT = 10;

    /** @throws EOFException it is no Kafka request */
    static Request parse(byte[] frame) throws EOFException {
        if (frame.length < CLIENT_ID_AT) throw new EOFException("a frame of " + frame.length + " bytes");
        ByteBuffer bytes = ByteBuffer.wrap(frame);
        short key = bytes.getShort();
        short version = bytes.getShort();
        int correlationId = bytes.getInt();
        int length = bytes.getShort();
        if (!ApiKeys.hasId(key) || length > bytes.remaining()) {
            throw new EOFException("not a Kafka request: API key " + key);
        }
        String clientId = length < 0 ? ""
                : new String(frame, CLIENT_ID_AT, length, StandardCharsets.UTF_8);
        return new Request(ApiKeys.forId(key), version, correlationId, clientId, 0, frame);
    }

    Request asCall(int number) {
        return new Request(api, version, correlationId, clientId, number, frame);
    }

    /** The same request under another number, so that its reply cannot be taken for the first one's. */
    Request as(int otherCorrelationId) {
        byte[] copy = frame.clone();
        ByteBuffer.wrap(copy).putInt(CORRELATION_ID_AT, otherCorrelationId);
        return new Request(api, version, otherCorrelationId, clientId, call, copy);
    }

    @Override
    public String toString() {
        return api + " call " + call + " of client " + (clientId.isEmpty() ? "(unnamed)" : clientId);
    }
}
