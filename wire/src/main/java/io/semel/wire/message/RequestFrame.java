package io.semel.wire.message;

import java.nio.ByteBuffer;
import java.util.List;
import org.apache.kafka.common.message.RequestHeaderData;
import org.apache.kafka.common.protocol.ApiMessage;

/**
 * What a frame from a client turns out to be. Bad input is a value: {@link #decode} never throws, and
 * allocates in proportion to the bytes that are there, not to those that are claimed. Immutable but for the
 * message; any thread.
 */
public sealed interface RequestFrame {
    /**
     * A request that can be served. Record payloads in the body are views of the frame, so that the frame's
     * memory is in use as long as the body is.
     */
    record Request(short apiKey, short apiVersion, int correlationId, String clientId, ApiMessage body)
        implements RequestFrame { }

    /**
     * An API or a version that is not spoken here. Only ApiVersions has an answer to it, of version 0; others
     * are hung up on.
     */
    record Unsupported(short apiKey, short apiVersion, int correlationId) implements RequestFrame { }

    /** Not a request at all. */
    record Malformed(String reason) implements RequestFrame { }

    /** Bytes of the fields that every version of every request begins with. */
    int FIXED = 8;

    /** Fields a request may have (I14). A consumer of 20,000 partitions sends about 150,000. */
    int READS_MAX = 256 * 1024;

    /**
     * Reads a request.
     *
     * @param frame from position to limit, without the four bytes of the size; big-endian; its position moves
     */
    static RequestFrame decode(ByteBuffer frame, ApiTable table) {
        if (frame.remaining() < FIXED) return new Malformed("a frame of " + frame.remaining() + " bytes");
        short apiKey = frame.getShort(frame.position());
        short apiVersion = frame.getShort(frame.position() + 2);
        int correlationId = frame.getInt(frame.position() + 4);
        if (!table.reads(apiKey, apiVersion)) return new Unsupported(apiKey, apiVersion, correlationId);
        Api api = Api.of(apiKey);
        try {
            FrameReader reader = new FrameReader(frame, READS_MAX);
            RequestHeaderData header = new RequestHeaderData(reader, Api.requestHeader(apiKey, apiVersion));
            ApiMessage body = api.newRequest();
            body.read(reader, apiVersion);
            if (!reader.atEnd()) {
                return malformed(api, apiVersion, frame.remaining() + " bytes behind its end");
            }
            return new Request(apiKey, apiVersion, correlationId, header.clientId(), body);
        } catch (RuntimeException refusal) {
            return malformed(api, apiVersion, String.valueOf(refusal.getMessage()));
        }
    }

    private static Malformed malformed(Api api, short apiVersion, String reason) {
        return new Malformed(api + " version " + apiVersion + ": " + reason);
    }

    /**
     * A request as a client sends it, with the four bytes of the size in front; for the simulator and tests.
     */
    static ByteBuffer encode(short apiKey, short apiVersion, int correlationId, String clientId,
        ApiMessage body) {
        RequestHeaderData header = new RequestHeaderData().setRequestApiKey(apiKey)
            .setRequestApiVersion(apiVersion)
            .setCorrelationId(correlationId).setClientId(clientId);
        short headerVersion = Api.requestHeader(apiKey, apiVersion);
        List<Reply.Chunk> chunks = FrameWriter.chunks(header, headerVersion, body, apiVersion);
        return new Reply(chunks).materialise();
    }
}
