package io.semel.it.sim;

import io.semel.sim.SimConnection;
import io.semel.sim.SimNet;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.List;
import org.apache.kafka.common.message.ApiVersionsRequestData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;

/**
 * A client's way to the broker: connects when there is something to ask, greets with ApiVersions, matches
 * answers by correlation id in the order asked, and tells every asker when the connection was lost. One
 * thread.
 */
final class BrokerLink implements SimNet.ClientSide {
    interface Answer {
        void got(ApiMessage response);

        /** The connection is gone: whether the request had an effect is unknown. */
        void lost();
    }

    private record Asked(ApiKeys api, short version, int correlationId, Answer answer) {
    }

    private static final Answer GREETING = new Answer() {
        @Override
        public void got(ApiMessage response) {
        }

        @Override
        public void lost() {
        }
    };

    private final SimNet net;
    private final String clientId;
    private final ArrayDeque<Asked> asked = new ArrayDeque<>();
    private SimConnection connection;
    private int nextCorrelationId;
    private boolean closed;

    BrokerLink(SimNet net, String clientId) {
        this.net = net;
        this.clientId = clientId;
    }

    void ask(ApiKeys api, int version, ApiMessage body, Answer answer) {
        if (closed) return;
        if (connection == null) {
            connection = net.connect(this);
            send(ApiKeys.API_VERSIONS, (short) 3, new ApiVersionsRequestData().setClientSoftwareName("sim")
                    .setClientSoftwareVersion("1"), GREETING);
        }
        send(api, (short) version, body, answer);
    }

    /** The client dies: its requests under way may still arrive, and nobody hears the answers. */
    void close() {
        closed = true;
        asked.clear();
        if (connection != null) connection.closeByClient();
    }

    private void send(ApiKeys api, short version, ApiMessage body, Answer answer) {
        int correlationId = nextCorrelationId++;
        asked.add(new Asked(api, version, correlationId, answer));
        connection.send(Frames.request(api, version, correlationId, clientId, body));
    }

    @Override
    public void received(ByteBuffer frame) {
        Asked request = asked.poll();
        if (request == null) throw new AssertionError(clientId + " got an answer it did not ask for");
        if (Frames.correlationId(frame) != request.correlationId) {
            throw new AssertionError(clientId + " got answer " + Frames.correlationId(frame)
                    + " for request " + request);
        }
        request.answer.got(Frames.response(request.api, request.version, frame));
    }

    @Override
    public void lost() {
        connection = null;
        List<Asked> unanswered = List.copyOf(asked);
        asked.clear();
        for (Asked request : unanswered) request.answer.lost();
    }
}
