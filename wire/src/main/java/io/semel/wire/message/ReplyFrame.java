package io.semel.wire.message;

import java.nio.ByteBuffer;
import org.apache.kafka.common.message.ApiMessageType;
import org.apache.kafka.common.message.ResponseHeaderData;
import org.apache.kafka.common.protocol.ApiMessage;

/** Turns responses into frames, and back for the simulator and tests. Stateless. */
public final class ReplyFrame {
    private static final int READS_MAX = Integer.MAX_VALUE;

    private ReplyFrame() { }

    /** An answer as a client reads it. */
    public record Answer(int correlationId, ApiMessage body) { }

    /** The frame of a response. The reply takes over the file ranges in it; a response that cannot be written is our defect. */
    public static Reply encode(int correlationId, short apiKey, short apiVersion, ApiMessage body) {
        ResponseHeaderData header = new ResponseHeaderData().setCorrelationId(correlationId);
        short headerVersion = ApiMessageType.fromApiKey(apiKey).responseHeaderVersion(apiVersion);
        return new Reply(FrameWriter.chunks(header, headerVersion, body, apiVersion));
    }

    /**
     * Reads a response; for the simulator and tests.
     *
     * @param frame without the four bytes of the size
     * @throws RuntimeException when it is not a response of that API and version
     */
    public static Answer decode(short apiKey, short apiVersion, ByteBuffer frame) {
        ApiMessageType type = ApiMessageType.fromApiKey(apiKey);
        FrameReader reader = new FrameReader(frame, READS_MAX);
        ResponseHeaderData header = new ResponseHeaderData(reader, type.responseHeaderVersion(apiVersion));
        ApiMessage body = type.newResponse();
        body.read(reader, apiVersion);
        if (!reader.atEnd()) throw new Lie(frame.remaining() + " bytes behind the end of " + type.name);
        return new Answer(header.correlationId(), body);
    }
}
