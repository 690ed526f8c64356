package io.semel.it.sim;

import java.nio.ByteBuffer;
import org.apache.kafka.common.message.RequestHeaderData;
import org.apache.kafka.common.message.ResponseHeaderData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.ByteBufferAccessor;
import org.apache.kafka.common.protocol.MessageUtil;

/**
 * Frames as a client writes and reads them, by the Kafka library's own code: without the four bytes of their
 * size. Stateless.
 */
final class Frames {
    private Frames() {
    }

    static ByteBuffer request(ApiKeys api, short version, int correlationId, String clientId,
            ApiMessage body) {
        RequestHeaderData header = new RequestHeaderData().setRequestApiKey(api.id)
                .setRequestApiVersion(version)
                .setCorrelationId(correlationId).setClientId(clientId);
        ByteBuffer head = MessageUtil.toByteBufferAccessor(header, api.requestHeaderVersion(version))
                .buffer();
        ByteBuffer tail = MessageUtil.toByteBufferAccessor(body, version).buffer();
        return ByteBuffer.allocate(head.remaining() + tail.remaining()).put(head).put(tail).flip();
    }

    static int correlationId(ByteBuffer reply) {
        return reply.getInt(reply.position());
    }

    static ApiMessage response(ApiKeys api, short version, ByteBuffer reply) {
        ByteBufferAccessor bytes = new ByteBufferAccessor(reply);
        new ResponseHeaderData(bytes, api.responseHeaderVersion(version));
        ApiMessage response = api.messageType.newResponse();
        response.read(bytes, version);
        if (bytes.remaining() != 0) throw new IllegalStateException(api + " answer has " + bytes.remaining()
                + " bytes too many");
        return response;
    }
}
