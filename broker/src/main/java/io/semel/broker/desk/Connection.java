package io.semel.broker.desk;

import io.semel.broker.net.Peer;
import io.semel.broker.net.ReplyPort;
import io.semel.broker.net.Session;
import io.semel.kernel.lane.Lane;
import io.semel.wire.message.Api;
import io.semel.wire.message.Reply;
import io.semel.wire.message.ReplyFrame;
import io.semel.wire.message.RequestFrame;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.apache.kafka.common.message.ApiVersionsResponseData;
import org.apache.kafka.common.protocol.ApiMessage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One client's connection: requests reach their desks in the order they came, answers leave in that order
 * (the protocol's rule), whatever the order they become ready in. {@link #receive} runs on the thread that
 * carries the connection, all else on the home lane: outside of simulations that is the same thread.
 */
final class Connection implements Session {
    /** Requests under way before we stop reading from the client. */
    private static final int UNDER_WAY_MAX = 64;
    private static final Logger LOG = LoggerFactory.getLogger(Connection.class);

    /** A place in the order of answers. */
    private static final class Place {
        private final RequestFrame.Request request;
        private final Runnable consumed;
        private ApiMessage response;
        private boolean ready;

        Place(RequestFrame.Request request, Runnable consumed) {
            this.request = request;
            this.consumed = consumed;
        }
    }

    private final Desks desks;
    private final Peer peer;
    private final ReplyPort port;
    private final Lane home;
    private final ArrayDeque<Place> places = new ArrayDeque<>();
    private final EnlistmentLine enlistments = new EnlistmentLine();
    private final Set<Runnable> onClose = new LinkedHashSet<>();
    private long earlyProducerId = -1;
    private short earlyEpoch = -1;
    private FetchSession fetchSession;
    private Runnable onFetchSessionEnd;
    private boolean closed;
    private boolean paused;

    Connection(Desks desks, Peer peer, ReplyPort port, Lane home) {
        this.desks = desks;
        this.peer = peer;
        this.port = port;
        this.home = new GuardedLane(home, this::failed);
    }

    @Override
    public void receive(ByteBuffer frame, Runnable consumed) {
        RequestFrame decoded = RequestFrame.decode(frame, desks.table());
        if (decoded instanceof RequestFrame.Request request) {
            Desk desk = desks.of(request.apiKey());
            Object prepared = desk.prepare(request.body(), request.apiVersion());
            home.post(() -> accept(desk, request, prepared, consumed));
        } else if (decoded instanceof RequestFrame.Unsupported unsupported
                && unsupported.apiKey() == Api.API_VERSIONS.id) {
            home.post(() -> answerOldestVersions(unsupported, consumed));
        } else {
            consumed.run();
            port.close(decoded.toString());
        }
    }

    @Override
    public void closed() {
        home.post(() -> {
            closed = true;
            List<Runnable> told = new ArrayList<>(onClose);
            onClose.clear();
            told.forEach(Runnable::run);
            for (Place place : places) {
                place.consumed.run();
                if (place.response != null) ReplyFrame.drop(place.response);
            }
            places.clear();
        });
    }

    Lane home() {
        return home;
    }

    String clientHost() {
        return "/" + peer.host();
    }

    /** Rises with every connection that is accepted. */
    long number() {
        return peer.number();
    }

    /** True when the commit of this producer under this epoch was not found to be early just before. */
    boolean isFirstEarlyCommit(long producerId, short epoch) {
        boolean first = earlyProducerId != producerId || earlyEpoch != epoch;
        earlyProducerId = producerId;
        earlyEpoch = epoch;
        return first;
    }

    EnlistmentLine enlistments() {
        return enlistments;
    }

    /** What this client fetches again and again; null when nothing. */
    FetchSession fetchSession() {
        return fetchSession;
    }

    /**
     * Keeps a session in the place of the one before, whose end is told; as is this one's, at the latest at
     * close.
     */
    void keep(FetchSession session, Runnable onEnd) {
        Runnable ended = onFetchSessionEnd;
        if (ended != null) {
            onClose.remove(ended);
            ended.run();
        }
        fetchSession = session;
        onFetchSessionEnd = onEnd;
        if (onEnd != null) onClose.add(onEnd);
    }

    /** Runs {@code step} when the client is gone, so that nothing is kept waiting for it. */
    void whenClosed(Runnable step) {
        onClose.add(step);
    }

    void notWhenClosed(Runnable step) {
        onClose.remove(step);
    }

    boolean isClosed() {
        return closed;
    }

    /** Closes it from our side: what the protocol wants when there is no way to answer. */
    void hangUp() {
        port.close();
    }

    private void accept(Desk desk, RequestFrame.Request request, Object prepared, Runnable consumed) {
        if (closed) {
            consumed.run();
            return;
        }
        Place place = new Place(request, consumed);
        places.add(place);
        if (places.size() >= UNDER_WAY_MAX && !paused) {
            paused = true;
            port.pauseReading(true);
        }
        Call call = new Call(request, prepared, this, response -> ready(place, response));
        desk.serve(call);
    }

    private void failed(RuntimeException defect) {
        LOG.error("closing {}: one of its requests could not be served", peer.address(), defect);
        port.close();
    }

    private void ready(Place place, ApiMessage response) {
        if (closed) {
            if (response != null) ReplyFrame.drop(response);
            return;
        }
        place.response = response;
        place.ready = true;
        while (!places.isEmpty() && places.peek().ready) send(places.poll());
        if (paused && places.size() < UNDER_WAY_MAX / 2) {
            paused = false;
            port.pauseReading(false);
        }
    }

    private void send(Place place) {
        place.consumed.run();
        if (place.response == null) return;
        Reply reply = ReplyFrame.encode(place.request.correlationId(), place.request.apiKey(),
                place.request.apiVersion(),
                place.response);
        port.send(reply);
    }

    private void answerOldestVersions(RequestFrame.Unsupported request, Runnable consumed) {
        consumed.run();
        if (closed) return;
        ApiVersionsResponseData response = desks.oldestVersionsAnswer();
        port.send(ReplyFrame.encode(request.correlationId(), Api.API_VERSIONS.id, (short) 0, response));
    }
}
