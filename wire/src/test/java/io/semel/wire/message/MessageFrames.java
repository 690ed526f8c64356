package io.semel.wire.message;

import java.nio.ByteBuffer;
import org.apache.kafka.common.message.RequestHeaderData;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.MessageUtil;

/** Frames as Apache Kafka's own classes write them, without the size in front. */
final class MessageFrames {
    private MessageFrames() { }

    static ByteBuffer request(FrameTest.Spoken spoken, int correlationId, String clientId, ApiMessage body) {
        return request(spoken, correlationId, clientId,
            MessageUtil.toByteBufferAccessor(body, spoken.version()).buffer());
    }

    static ByteBuffer request(FrameTest.Spoken spoken, int correlationId, String clientId, ByteBuffer body) {
        RequestHeaderData header = new RequestHeaderData().setRequestApiKey(spoken.type().apiKey())
            .setRequestApiVersion(spoken.version()).setCorrelationId(correlationId).setClientId(clientId);
        ByteBuffer head = MessageUtil.toByteBufferAccessor(header, spoken.type()
            .requestHeaderVersion(spoken.version())).buffer();
        return ByteBuffer.allocate(head.remaining() + body.remaining()).put(head).put(body.duplicate())
            .flip();
    }
}
