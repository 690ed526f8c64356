package io.semel.wire.message;

import io.semel.wire.batch.BatchSlice;
import java.nio.ByteBuffer;
import org.apache.kafka.common.message.ApiMessageType;
import org.apache.kafka.common.message.FetchResponseData;
import org.apache.kafka.common.message.FetchResponseData.FetchableTopicResponse;
import org.apache.kafka.common.message.FetchResponseData.PartitionData;
import org.apache.kafka.common.message.ResponseHeaderData;
import org.apache.kafka.common.protocol.ApiMessage;

/** Turns responses into frames, and back for the simulator and tests. Stateless. */
public final class ReplyFrame {
    private static final int READS_MAX = Integer.MAX_VALUE;

    private ReplyFrame() { }

    /** An answer as a client reads it. */
    public record Answer(int correlationId, ApiMessage body) { }

    /**
     * The frame of a response. The reply takes over the file ranges in it; a response that cannot be written
     * is our defect.
     */
    public static Reply encode(int correlationId, short apiKey, short apiVersion, ApiMessage body) {
        ResponseHeaderData header = new ResponseHeaderData().setCorrelationId(correlationId);
        short headerVersion = Api.responseHeader(apiKey, apiVersion);
        try {
            return new Reply(FrameWriter.chunks(header, headerVersion, body, apiVersion));
        } catch (RuntimeException defect) {
            drop(body);
            throw defect;
        }
    }

    /** Gives back the file ranges of a response that will not be sent; null is nothing to drop. */
    public static void drop(ApiMessage body) {
        if (!(body instanceof FetchResponseData fetch)) return;
        for (FetchableTopicResponse topic : fetch.responses()) {
            for (PartitionData partition : topic.partitions()) {
                if (partition.records() instanceof SliceRecords inFiles) {
                    inFiles.slices().forEach(BatchSlice::release);
                }
            }
        }
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
        ResponseHeaderData header = new ResponseHeaderData(reader, Api.responseHeader(apiKey, apiVersion));
        ApiMessage body = type.newResponse();
        body.read(reader, apiVersion);
        if (!reader.atEnd()) throw new Lie(frame.remaining() + " bytes behind the end of " + type.name);
        return new Answer(header.correlationId(), body);
    }
}
