package io.semel.it.kit.faults;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.ByteBuffer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A connection of a client and its twin to the broker, with a thread for each way: one reads requests and
 * lets their fates happen, one reads replies. Whatever waits, waits in its thread, so that order is kept
 * as on a real line.
 */
final class Pipe {
    private static final Logger LOG = LoggerFactory.getLogger(Pipe.class);
    /**
     * How long the broker may finish what a client that has gone had asked for, before its connection
     * ends.
     */
    private static final long DRAIN_MS = 1_000;
    private static final long ANSWER_MS = 30_000;
    private static final long HOLD_MS = 300_000;

    private final Proxy proxy;
    private final Listener listener;
    private final Socket client;
    private final Object writing = new Object();
    private volatile Upstream upstream;
    private volatile String clientId = "";
    /** Nothing is written to the client any more. */
    private volatile boolean muted;
    /** The connection to the broker is gone and the client must not notice. */
    private volatile boolean halfOpen;
    /** The client is gone. */
    private volatile boolean closed;
    /** So is the connection to the broker, whatever was still to be sent on it. */
    private volatile boolean severed;

    Pipe(Proxy proxy, Listener listener, Socket client) {
        this.proxy = proxy;
        this.listener = listener;
        this.client = client;
    }

    void start(int number) {
        proxy.thread("requests-" + number, this::carryRequests).start();
    }

    String clientId() {
        return clientId;
    }

    /** Whether nothing goes this way any more. What a client has sent still arrives when it has gone. */
    boolean isClosed(Way way) {
        return way == Way.TO_CLIENT ? closed : severed;
    }

    private void carryRequests() {
        try {
            client.setTcpNoDelay(true);
            upstream = Upstream.to(listener.broker());
            proxy.thread("replies", this::carryReplies).start();
            DataInputStream in = new DataInputStream(new BufferedInputStream(client.getInputStream()));
            while (!closed) {
                Request came = Request.parse(Frames.read(in));
                clientId = came.clientId();
                if (halfOpen) continue;
                Fate fate = proxy.fates().decide(came);
                if (!fate.isPlain()) proxy.signal().ring();
                forward(fate);
            }
        } catch (IOException gone) {
            LOG.debug("{} from the client of {}", gone, clientId);
        } catch (RuntimeException unreadable) {
            LOG.warn("a request of {} cannot be read by the proxy: hung up", clientId, unreadable);
        } finally {
            hangUp(false);
            Upstream mine = upstream;
            if (mine != null) {
                proxy.signal().awaitMs(() -> mine.isIdle() || severed, DRAIN_MS);
                mine.close(false);
            }
            proxy.forget(this);
        }
    }

    private void forward(Fate fate) throws IOException {
        Action action = fate.before();
        if (action instanceof Action.HangUp end) {
            hangUp(end.reset());
            throw new EOFException("hung up on");
        }
        if (action instanceof Action.Refuse && Messages.isUnanswered(fate.request())) {
            throw new EOFException("what has no reply is refused by hanging up");
        }
        if (action instanceof Action.Refuse refuse) {
            proxy.signal().awaitMs(() -> closed || upstream.isIdle(), ANSWER_MS);
            write(Messages.refusal(fate.request(), refuse.error()));
            return;
        }
        if (action instanceof Action.Hold hold) {
            hold(fate, hold);
            return;
        }
        if (action instanceof Action.Delay delay) proxy.signal().awaitMs(() -> severed, delay.ms());
        upstream.send(fate, this);
        if (action instanceof Action.Duplicate) upstream.sendCopy(fate, this, null);
    }

    /** Keeps the request, and whatever comes behind it, until the one it waits for has passed. */
    private void hold(Fate fate, Action.Hold hold) throws IOException {
        Held held = fate.held();
        try {
            if (hold.hangUp()) hangUp(false);
            proxy.signal().awaitMs(() -> proxy.isClosed() || proxy.fates().isLetGo(held), HOLD_MS);
            if (proxy.isClosed()) throw new EOFException("the proxy is closed");
            Pipe passing = held.passing();
            switch (passing == null ? Via.OWN : hold.via()) {
                case OWN -> upstream.send(fate, this);
                case PASSING -> sendBy(passing.upstream, passing, fate);
                case FRESH -> sendByItself(fate);
            }
        } finally {
            proxy.fates().forget(held);
        }
    }

    /** Its answer comes to us all the same, when our client still wants it; nothing overtakes it. */
    private void sendBy(Upstream other, Pipe sender, Fate fate) throws IOException {
        proxy.signal().awaitMs(() -> closed || upstream.isIdle(), ANSWER_MS);
        Pending sent = other.sendCopy(fate, sender, this);
        proxy.signal().awaitMs(() -> sender.severed || !other.isWaitingFor(sent), ANSWER_MS);
    }

    private void sendByItself(Fate fate) throws IOException {
        Upstream fresh = Upstream.to(listener.broker());
        try {
            fresh.send(fate, this);
            byte[] frame = fresh.read();
            proxy.fates().passed(fate, this);
            answer(fate, frame);
            proxy.signal().ring();
        } finally {
            fresh.close(false);
        }
    }

    private void carryReplies() {
        try {
            while (true) {
                byte[] frame = upstream.read();
                Pending pending = upstream.match(Frames.correlationId(frame));
                if (pending == null) throw new IOException("an answer to nothing");
                if (!pending.isCopy()) proxy.fates().passed(pending.fate(), this);
                if (pending.target() != null) pending.target().answer(pending.fate(), frame);
                upstream.settle(pending);
                proxy.signal().ring();
            }
        } catch (IOException gone) {
            LOG.debug("{} from the broker of {}", gone, clientId);
        } catch (RuntimeException unreadable) {
            LOG.warn("a reply to {} cannot be read by the proxy: hung up", clientId, unreadable);
        } finally {
            upstream.close(false);
            if (!halfOpen) hangUp(false);
        }
    }

    /** The broker has answered: whatever happens after that, then the answer. */
    private void answer(Fate fate, byte[] frame) throws IOException {
        Action action = fate.after();
        if (action instanceof Action.HangUp end) {
            hangUp(end.reset());
            return;
        }
        if (action instanceof Action.Silence) muted = true;
        if (action instanceof Action.Delay delay) proxy.signal().awaitMs(() -> closed, delay.ms());
        if (action instanceof Action.Duplicate) upstream.sendCopy(fate, this, null);
        if (closed || muted) return;
        byte[] own = frame.clone();
        ByteBuffer.wrap(own).putInt(fate.request().correlationId());
        try {
            write(proxy.messages().forClient(fate.request(), own));
        } catch (IOException gone) {
            hangUp(false);
        }
    }

    private void write(byte[] frame) throws IOException {
        synchronized (writing) {
            push(client.getOutputStream(), Frames.sized(frame), Way.TO_CLIENT);
        }
    }

    /** Writes as the weather allows. */
    void push(OutputStream out, byte[] bytes, Way way) throws IOException {
        int at = 0;
        while (at < bytes.length) {
            int size = proxy.weather().allow(way, this, bytes.length - at);
            out.write(bytes, at, size);
            at += size;
            proxy.weather().pace(way, this, size);
        }
    }

    /** The client loses its connection; what it asked for before is still answered, to nobody. */
    private void hangUp(boolean reset) {
        if (closed) return;
        closed = true;
        close(client, reset);
        proxy.signal().ring();
    }

    /** Both ends are gone at once. */
    void sever(boolean reset) {
        severed = true;
        hangUp(reset);
        Upstream mine = upstream;
        if (mine != null) mine.close(reset);
        proxy.signal().ring();
    }

    /** The broker loses its connection, the client keeps one that leads nowhere. */
    void goHalfOpen() {
        halfOpen = true;
        muted = true;
        Upstream mine = upstream;
        if (mine != null) mine.close(false);
    }

    static void close(Socket socket, boolean reset) {
        try {
            if (reset) socket.setSoLinger(true, 0);
            socket.close();
        } catch (IOException gone) {
            LOG.debug("closing: {}", gone.toString());
        }
    }
}
