package io.semel.broker;

import io.semel.broker.net.FrontDoor;
import io.semel.broker.net.Peer;
import io.semel.broker.net.ReplyPort;
import io.semel.broker.net.Session;
import io.semel.wire.message.Reply;
import io.semel.wire.message.ReplyFrame;
import io.semel.wire.message.RequestFrame;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;

/** One connection to a broker in the simulator. One thread. */
final class SimClient implements ReplyPort {
    private record Asked(ApiKeys api, short version) {
    }

    private final SimBroker sim;
    private final Session session;
    private final Peer peer;
    private final Map<Integer, Asked> asked = new HashMap<>();
    private final Map<Integer, ApiMessage> answers = new HashMap<>();
    private int correlationId;
    private boolean hungUp;

    SimClient(SimBroker sim, FrontDoor door, Peer peer) {
        this.sim = sim;
        this.peer = peer;
        this.session = door.open(peer, this);
    }

    /** Sends a request and runs until it is answered. */
    <T extends ApiMessage> T ask(ApiKeys api, int version, ApiMessage body) {
        return await(post(api, version, body));
    }

    /** Sends a request; {@link #await} gets the answer. */
    int post(ApiKeys api, int version, ApiMessage body) {
        int id = ++correlationId;
        asked.put(id, new Asked(api, (short) version));
        ByteBuffer frame = RequestFrame.encode(api.id, (short) version, id, "sim", body);
        session.receive(frame.position(frame.position() + Integer.BYTES).slice(), () -> { });
        return id;
    }

    @SuppressWarnings("unchecked")
    <T extends ApiMessage> T await(int id) {
        sim.until(() -> answers.containsKey(id) || hungUp, "an answer to " + asked.get(id));
        if (!answers.containsKey(id)) throw new AssertionError("hung up on, no answer to " + asked.get(id));
        return (T) answers.get(id);
    }

    boolean isAnswered(int id) {
        return answers.containsKey(id);
    }

    Peer peer() {
        return peer;
    }

    boolean isHungUpOn() {
        return hungUp;
    }

    /** The client goes away. */
    void leave() {
        session.closed();
    }

    @Override
    public void send(Reply reply) {
        ByteBuffer frame = reply.materialise();
        reply.release();
        frame.position(Integer.BYTES);
        int id = frame.getInt(Integer.BYTES);
        Asked request = asked.get(id);
        ReplyFrame.Answer answer = ReplyFrame.decode(request.api.id, request.version, frame.slice());
        if (answers.put(id, answer.body()) != null) throw new AssertionError("answered twice: " + request);
    }

    @Override
    public void close() {
        hungUp = true;
    }

    @Override
    public void pauseReading(boolean paused) {
        // the tests send little
    }
}
