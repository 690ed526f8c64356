package io.semel.wire.message;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.apache.kafka.common.message.ApiMessageType;
import org.apache.kafka.common.message.ApiVersionsResponseData;
import org.apache.kafka.common.message.ProduceRequestData;
import org.apache.kafka.common.message.ProduceRequestData.PartitionProduceData;
import org.apache.kafka.common.message.ProduceRequestData.TopicProduceData;
import org.apache.kafka.common.message.ResponseHeaderData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.ByteBufferAccessor;
import org.apache.kafka.common.protocol.MessageUtil;
import org.apache.kafka.common.requests.AbstractResponse;
import org.apache.kafka.common.requests.RequestHeader;
import org.junit.jupiter.api.Test;

/** Every API and version we speak, against Apache Kafka's own reading and writing of it. */
class FrameTest {
    static final int SCALE = Integer.getInteger("semel.scale", 1);

    /** An API at one of the versions we read. */
    record Spoken(ApiMessageType type, short version) { }

    static List<Spoken> spoken() {
        List<Spoken> spoken = new ArrayList<>();
        for (ApiTable.Range range : ApiTable.all().ranges()) {
            ApiMessageType type = ApiMessageType.fromApiKey(range.apiKey());
            int oldest = Math.max(range.oldest(), type.lowestSupportedVersion());
            for (int version = oldest; version <= range.newest(); version++) {
                spoken.add(new Spoken(type, (short) version));
            }
        }
        assertTrue(spoken.size() > 150, "only " + spoken.size());
        return spoken;
    }

    @Test
    void readsEveryRequestAsKafkaDoes() {
        for (Spoken spoken : spoken()) {
            for (int seed = 0; seed < 20 * SCALE; seed++) {
                String where = spoken + " seed " + seed;
                ApiMessage theirs = spoken.type.newRequest();
                ByteBuffer body = Drawing.random(spoken.type.requestSchemas()[spoken.version],
                    new Random(seed));
                theirs.read(new ByteBufferAccessor(body), spoken.version);
                ByteBuffer frame = MessageFrames.request(spoken, 7, "me", theirs);
                RequestHeader header = RequestHeader.parse(frame.duplicate());

                RequestFrame ours = RequestFrame.decode(frame, ApiTable.all());

                RequestFrame.Request request = assertInstanceOf(RequestFrame.Request.class, ours, where);
                assertEquals(theirs, request.body(), where);
                assertEquals(header.correlationId(), request.correlationId(), where);
                assertEquals(header.clientId(), request.clientId(), where);
                assertEquals(spoken.type.apiKey(), request.apiKey(), where);
                assertEquals(spoken.version, request.apiVersion(), where);
            }
        }
    }

    @Test
    void writesEveryRequestAsKafkaDoes() {
        for (Spoken spoken : spoken()) {
            ApiMessage message = spoken.type.newRequest();
            ByteBuffer body = Drawing.random(spoken.type.requestSchemas()[spoken.version], new Random(1));
            message.read(new ByteBufferAccessor(body), spoken.version);

            ByteBuffer ours = RequestFrame.encode(spoken.type.apiKey(), spoken.version, 7, "me", message);

            assertEquals(ours.remaining() - 4, ours.getInt(), spoken::toString);
            assertEquals(MessageFrames.request(spoken, 7, "me", message), ours, spoken::toString);
        }
    }

    @Test
    void writesEveryReplyAsKafkaDoes() {
        for (Spoken spoken : spoken()) {
            for (int seed = 0; seed < 20 * SCALE; seed++) {
                String where = spoken + " seed " + seed;
                ApiMessage message = spoken.type.newResponse();
                ByteBuffer body = Drawing.random(spoken.type.responseSchemas()[spoken.version],
                    new Random(seed));
                message.read(new ByteBufferAccessor(body), spoken.version);

                Reply reply = ReplyFrame.encode(9, spoken.type.apiKey(), spoken.version, message);

                ByteBuffer frame = reply.materialise();
                assertEquals(reply.sizeInBytes(), frame.remaining(), where);
                assertEquals(frame.remaining() - 4, frame.getInt(), where);
                ReplyFrame.Answer answer = ReplyFrame.decode(spoken.type.apiKey(), spoken.version,
                    frame.slice());
                assertEquals(message, answer.body(), where);
                assertEquals(9, answer.correlationId(), where);
                ResponseHeaderData header = new ResponseHeaderData(new ByteBufferAccessor(frame),
                    spoken.type.responseHeaderVersion(spoken.version));
                assertEquals(9, header.correlationId(), where);
                assertEquals(MessageUtil.toByteBufferAccessor(message, spoken.version).buffer(), frame,
                    where);
                ApiKeys key = ApiKeys.forId(spoken.type.apiKey());
                // Kafka's own reader checks what an ACL says, and drawn ones say nothing it knows
                if (key == ApiKeys.DESCRIBE_ACLS || key == ApiKeys.DELETE_ACLS) continue;
                assertEquals(message, AbstractResponse.parseResponse(key, new ByteBufferAccessor(frame),
                    spoken.version).data(), where);
            }
        }
    }

    @Test
    void leavesProducedBatchesWhereTheyAre() {
        ByteBuffer batch =
            ByteBuffer.wrap("only bytes to us".getBytes(java.nio.charset.StandardCharsets.US_ASCII));
        ProduceRequestData produce = new ProduceRequestData();
        TopicProduceData topic = new TopicProduceData().setName("t");
        topic.partitionData().add(new PartitionProduceData().setRecords(SliceRecords.ofBytes(batch)));
        produce.topicData().add(topic);
        ByteBuffer frame = RequestFrame.encode((short) 0, (short) 9, 1, "me", produce).position(4);

        RequestFrame.Request request = (RequestFrame.Request) RequestFrame.decode(frame, ApiTable.all());

        ProduceRequestData body = (ProduceRequestData) request.body();
        ByteBuffer view = SliceRecords.bytesOf(body.topicData().iterator().next().partitionData().get(0)
            .records());
        assertSame(frame.array(), view.array());
        assertEquals(batch, view);
    }

    @Test
    void keepsUnsupportedVersionsAnswerable() {
        for (short version : new short[] {5, 99, Short.MAX_VALUE, -1}) {
            ByteBuffer frame = ByteBuffer.allocate(20).putShort((short) 18).putShort(version).putInt(77)
                .rewind();

            RequestFrame decoded = RequestFrame.decode(frame, ApiTable.all());

            assertEquals(new RequestFrame.Unsupported((short) 18, version, 77), decoded);
        }
        ByteBuffer answer = ReplyFrame.encode(77, (short) 18, (short) 0, new ApiVersionsResponseData()
            .setErrorCode((short) 35))
            .materialise();
        assertEquals(ByteBuffer.wrap(new byte[] {0, 0, 0, 10, 0, 0, 0, 77, 0, 35, 0, 0, 0, 0}), answer);
    }

    @Test
    void refusesWhatIsNotSpoken() {
        ApiTable few = ApiTable.of(List.of((short) 18, (short) 0));

        assertEquals(new RequestFrame.Unsupported((short) 3, (short) 1, 5),
            RequestFrame.decode(head(3, 1), few));
        assertEquals(new RequestFrame.Unsupported((short) 4711, (short) 1, 5),
            RequestFrame.decode(head(4711, 1), few));
        assertEquals(new RequestFrame.Unsupported((short) -1, (short) 1, 5),
            RequestFrame.decode(head(-1, 1), few));
        assertEquals(new RequestFrame.Unsupported((short) 0, (short) 2, 5),
            RequestFrame.decode(head(0, 2), few));
    }

    private static ByteBuffer head(int apiKey, int version) {
        return ByteBuffer.allocate(8).putShort((short) apiKey).putShort((short) version).putInt(5).flip();
    }

    @Test
    void refusesBytesBehindTheEnd() {
        ByteBuffer request = RequestFrame.encode((short) 18, (short) 3, 1, "me",
            ApiMessageType.API_VERSIONS.newRequest());
        ByteBuffer longer = ByteBuffer.allocate(request.capacity() + 1).put(request).position(4);

        assertInstanceOf(RequestFrame.Malformed.class, RequestFrame.decode(longer, ApiTable.all()));
        assertInstanceOf(RequestFrame.Malformed.class,
            RequestFrame.decode(ByteBuffer.allocate(7), ApiTable.all()));
        assertInstanceOf(RequestFrame.Malformed.class,
            RequestFrame.decode(ByteBuffer.allocate(0), ApiTable.all()));
    }
}
