package io.semel.sim;

import io.semel.kernel.law.Invariant;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.function.Supplier;

/**
 * One connection between a simulated client and the process. Order within a direction is kept; either end
 * may vanish at any time, and what was under way then arrives late or not at all. Owned by its {@link
 * SimNet}.
 */
public final class SimConnection {
    private record Frame(ByteBuffer bytes, long readyMs) {
    }

    private record Answer(Supplier<ByteBuffer> frame, Runnable dropped) {
    }

    /** What may happen next on a connection. */
    enum Event {
        ACCEPT, REQUEST_ARRIVES, REPLY_LEAVES, REPLY_ARRIVES, CLIENT_LEARNS_LOSS, SERVER_LEARNS_CLOSE
    }

    private final SimNet net;
    private final long id;
    private final SimNet.ClientSide client;
    private final ArrayDeque<Frame> requests = new ArrayDeque<>();
    private final ArrayDeque<Answer> leaving = new ArrayDeque<>();
    private final ArrayDeque<Frame> replies = new ArrayDeque<>();
    private SimNet.ServerSide server;
    private boolean accepted;
    private boolean clientEnds;
    private boolean clientGone;
    private boolean serverEnds;
    private boolean serverGone;
    private boolean paused;
    private int unconsumed;

    SimConnection(SimNet net, long id, SimNet.ClientSide client) {
        this.net = net;
        this.id = id;
        this.client = client;
    }

    public long id() {
        return id;
    }

    /** The client sends a frame; lost without a word when the connection is. */
    public void send(ByteBuffer frame) {
        if (clientGone || clientEnds || serverGone) return;
        int heldUpMs = accepted ? net.heldUpMs() : 0;
        long arrivalMs = net.arrivalMs(requests.isEmpty() ? 0 : requests.peekLast().readyMs);
        requests.add(new Frame(frame, arrivalMs + heldUpMs));
        if (heldUpMs > 0) giveUpWaiting();
    }

    /**
     * The process answers.
     *
     * @param frame   rendered when it leaves the process, which may be steps later; null to hang up instead
     * @param dropped run when it never leaves, though the process lives
     */
    public void reply(Supplier<ByteBuffer> frame, Runnable dropped) {
        if (serverGone) dropped.run();
        else leaving.add(new Answer(frame, dropped));
    }

    /** The process hangs up, after what it has answered so far. */
    public void hangUp() {
        reply(() -> null, () -> { });
    }

    /** The process reads no more requests from it, or does again. */
    public void pauseReading(boolean paused) {
        this.paused = paused;
    }

    /** The client is no more: it hears nothing from now on; of its requests under way some still arrive. */
    public void closeByClient() {
        clientGone = true;
        replies.clear();
        keepSome(requests);
        serverEnds = true;
    }

    /** The network drops the connection: both ends learn of it in their own time. */
    void cut() {
        keepSome(requests);
        keepSome(replies);
        clientEnds = true;
        serverEnds = true;
    }

    /** The client closes it and learns nothing more; everything it has sent still arrives. */
    private void giveUpWaiting() {
        replies.clear();
        clientEnds = true;
        serverEnds = true;
    }

    /** The process died: what had left it may still arrive. */
    void serverDied() {
        requests.clear();
        leaving.clear();
        keepSome(replies);
        clientEnds = true;
        serverGone = true;
        accepted = true;
    }

    boolean over() {
        return clientGone && serverGone;
    }

    boolean live() {
        return accepted && !clientEnds && !clientGone && !serverGone;
    }

    boolean can(Event event, long nowMs) {
        return switch (event) {
            case ACCEPT -> !accepted;
            case REQUEST_ARRIVES -> reads() && ready(requests, nowMs);
            case REPLY_LEAVES -> accepted && !serverGone && !leaving.isEmpty();
            case REPLY_ARRIVES -> !clientGone && ready(replies, nowMs);
            case CLIENT_LEARNS_LOSS -> !clientGone && clientEnds && replies.isEmpty();
            case SERVER_LEARNS_CLOSE -> accepted && !serverGone && serverEnds && requests.isEmpty();
        };
    }

    void happen(Event event) {
        switch (event) {
            case ACCEPT -> accept();
            case REQUEST_ARRIVES -> arrive(requests.poll().bytes);
            case REPLY_LEAVES -> leave(leaving.poll().frame.get());
            case REPLY_ARRIVES -> client.received(replies.poll().bytes);
            case CLIENT_LEARNS_LOSS -> {
                clientGone = true;
                client.lost();
            }
            case SERVER_LEARNS_CLOSE -> {
                endServer();
            }
        }
    }

    long nextMs() {
        long nextMs = Long.MAX_VALUE;
        if (reads() && !requests.isEmpty()) nextMs = requests.peek().readyMs;
        if (!clientGone && !replies.isEmpty()) nextMs = Math.min(nextMs, replies.peek().readyMs);
        return nextMs;
    }

    private void accept() {
        accepted = true;
        server = net.accept(this);
        if (server != null) return;
        requests.clear();
        serverGone = true;
        clientEnds = true;
    }

    private boolean reads() {
        return accepted && !serverGone && !paused && unconsumed < SimNet.UNCONSUMED_MAX;
    }

    private void arrive(ByteBuffer bytes) {
        boolean[] consumed = new boolean[1];
        unconsumed++;
        server.receive(bytes, () -> {
            Invariant.check(!consumed[0], "I14 a frame of connection %d was let go of twice, %d left", id,
                    unconsumed);
            consumed[0] = true;
            unconsumed--;
        });
    }

    private void leave(ByteBuffer bytes) {
        if (bytes == null) {
            clientEnds = true;
            requests.clear();
            endServer();
        } else if (!clientGone && !clientEnds) {
            replies.add(new Frame(bytes, net.arrivalMs(replies.isEmpty() ? 0 : replies.peekLast().readyMs)));
        }
    }

    private void endServer() {
        serverGone = true;
        leaving.forEach(answer -> answer.dropped.run());
        leaving.clear();
        server.closed();
    }

    private void keepSome(ArrayDeque<Frame> frames) {
        int keep = net.dice().below(frames.size() + 1);
        while (frames.size() > keep) frames.pollLast();
    }

    private static boolean ready(ArrayDeque<Frame> frames, long nowMs) {
        return !frames.isEmpty() && frames.peek().readyMs <= nowMs;
    }
}
