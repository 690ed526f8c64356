package io.semel.it.kit.faults;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.semel.wire.message.ReplyFrame;
import io.semel.wire.message.RequestFrame;
import java.io.EOFException;
import java.nio.ByteBuffer;
import org.apache.kafka.common.message.ApiMessageType;
import org.apache.kafka.common.message.EndTxnResponseData;
import org.apache.kafka.common.message.InitProducerIdResponseData;
import org.apache.kafka.common.message.MetadataResponseData;
import org.apache.kafka.common.message.ProduceRequestData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What the proxy reads and says itself. */
class MessagesTest {
    private static Request request(ApiKeys api, int version, ApiMessage body) throws EOFException {
        ByteBuffer sized = RequestFrame.encode(api.id, (short) version, 77, "müller", body);
        byte[] frame = new byte[sized.remaining() - Integer.BYTES];
        sized.get(Integer.BYTES, frame);
        return Request.parse(frame);
    }

    private static ApiMessage refusal(ApiKeys api, int version) throws EOFException {
        ApiMessage body = ApiMessageType.fromApiKey(api.id).newRequest();
        if (body instanceof ProduceRequestData produce) produce.setAcks((short) -1);
        Request request = request(api, version, body);
        ByteBuffer frame = ByteBuffer.wrap(Messages.refusal(request, Errors.NOT_COORDINATOR));
        ReplyFrame.Answer answer = ReplyFrame.decode(api.id, (short) version, frame);
        assertEquals(77, answer.correlationId());
        return answer.body();
    }

    @ParameterizedTest
    @EnumSource(value = ApiKeys.class, names = {"PRODUCE", "LIST_OFFSETS", "METADATA", "OFFSET_COMMIT",
        "OFFSET_FETCH", "FIND_COORDINATOR", "JOIN_GROUP", "HEARTBEAT", "LEAVE_GROUP", "SYNC_GROUP",
        "CREATE_TOPICS", "DELETE_TOPICS", "INIT_PRODUCER_ID", "ADD_PARTITIONS_TO_TXN", "ADD_OFFSETS_TO_TXN",
        "END_TXN", "TXN_OFFSET_COMMIT", "CONSUMER_GROUP_HEARTBEAT"})
    void refusesInEveryVersion(ApiKeys api) throws EOFException {
        for (int version = api.oldestVersion(); version <= api.latestVersion(); version++) {
            refusal(api, version);
        }
    }

    @Test
    void refusesWithTheErrorThatIsSaid() throws EOFException {
        assertEquals(Errors.NOT_COORDINATOR.code(),
                ((EndTxnResponseData) refusal(ApiKeys.END_TXN, 5)).errorCode());
        assertEquals(Errors.NOT_COORDINATOR.code(),
                ((InitProducerIdResponseData) refusal(ApiKeys.INIT_PRODUCER_ID, 5)).errorCode());
    }

    @Test
    void readsAHeaderAndKeepsItsBytes() throws EOFException {
        Request request = request(ApiKeys.END_TXN, 5, ApiMessageType.END_TXN.newRequest());

        assertEquals("müller", request.clientId());
        assertEquals(77, request.correlationId());
        assertEquals(-5, Request.parse(request.as(-5).frame()).correlationId());
        assertEquals(77, Request.parse(request.frame()).correlationId());
    }

    @Test
    void refusesWhatIsNoRequest() {
        assertThrows(EOFException.class, () -> Request.parse("GET / HTTP/1.1\r\n".getBytes()));
        assertThrows(EOFException.class, () -> Request.parse(new byte[4]));
    }

    @Test
    void knowsRequestsWithoutAReply() throws EOFException {
        ApiKeys api = ApiKeys.PRODUCE;
        for (int version = api.oldestVersion(); version <= api.latestVersion(); version++) {
            for (String transactionalId : new String[] {null, "", "some"}) {
                ProduceRequestData body = new ProduceRequestData().setTransactionalId(transactionalId);
                assertTrue(Messages.isUnanswered(request(api, version, body.setAcks((short) 0))));
                assertFalse(Messages.isUnanswered(request(api, version, body.setAcks((short) -1))));
            }
        }
    }

    @Test
    void putsItselfBetween() throws EOFException {
        MetadataResponseData body = new MetadataResponseData();
        body.brokers().add(new MetadataResponseData.MetadataResponseBroker().setNodeId(1)
                .setHost("kafka.example").setPort(9092));
        Request request = request(ApiKeys.METADATA, 12, ApiMessageType.METADATA.newRequest());
        ByteBuffer sized = ReplyFrame.encode(77, ApiKeys.METADATA.id, (short) 12, body).materialise();
        byte[] frame = new byte[sized.remaining() - Integer.BYTES];
        sized.get(Integer.BYTES, frame);

        Addresses addresses = (host, port) -> host.equals("kafka.example") ? port + 1 : 0;
        byte[] seen = new Messages(addresses, Messages.AS_OFFERED).forClient(request, frame);

        MetadataResponseData told = (MetadataResponseData) ReplyFrame.decode(ApiKeys.METADATA.id, (short) 12,
                ByteBuffer.wrap(seen)).body();
        assertEquals("127.0.0.1:9093", told.brokers().find(1).host() + ":" + told.brokers().find(1).port());
    }
}
