package io.semel.it.kit.faults;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.ArrayDeque;

/**
 * A connection to the broker and what is unanswered on it, in order. Any thread may send; one reads.
 */
final class Upstream {
    private static final int CONNECT_MS = 5_000;
    private static final int FIRST_OF_OURS = Integer.MIN_VALUE;
    /** Requests unanswered at a time (I14): beyond any client, and a bound for replies that never come. */
    private static final int PENDING_MAX = 10_000;

    private final Socket socket;
    private final DataInputStream in;
    private final OutputStream out;
    private final Object writing = new Object();
    private final ArrayDeque<Pending> pending = new ArrayDeque<>();
    private int ours = FIRST_OF_OURS;

    private Upstream(Socket socket) throws IOException {
        this.socket = socket;
        this.in = new DataInputStream(new BufferedInputStream(socket.getInputStream(), 1 << 16));
        this.out = socket.getOutputStream();
    }

    static Upstream to(InetSocketAddress broker) throws IOException {
        Socket socket = new Socket();
        try {
            socket.setTcpNoDelay(true);
            socket.connect(new InetSocketAddress(broker.getHostString(), broker.getPort()), CONNECT_MS);
            return new Upstream(socket);
        } catch (IOException failure) {
            socket.close();
            throw failure;
        }
    }

    /** Sends it as it came; its answer goes to {@code target}. */
    void send(Fate fate, Pipe target) throws IOException {
        write(new Pending(fate, fate.request().correlationId(), target), fate.request().frame(), target);
    }

    /** Sends it once more, under a number of ours. @param target null when nobody wants the answer */
    Pending sendCopy(Fate fate, Pipe sender, Pipe target) throws IOException {
        int number;
        synchronized (pending) {
            number = ours++;
        }
        Pending sent = new Pending(fate, number, target);
        write(sent, fate.request().as(number).frame(), sender);
        return sent;
    }

    private void write(Pending sent, byte[] frame, Pipe sender) throws IOException {
        synchronized (writing) {
            if (!Messages.isUnanswered(sent.fate().request())) remember(sent);
            sender.push(out, Frames.sized(frame), Way.TO_BROKER);
        }
    }

    private void remember(Pending sent) throws IOException {
        synchronized (pending) {
            if (pending.size() >= PENDING_MAX) {
                throw new IOException(PENDING_MAX + " requests are unanswered");
            }
            pending.add(sent);
        }
    }

    byte[] read() throws IOException {
        return Frames.read(in);
    }

    /** What is answered by this number; null when nothing is. Stays unanswered until it is settled. */
    Pending match(int correlationId) {
        synchronized (pending) {
            for (Pending one : pending) if (one.correlationId() == correlationId) return one;
            return null;
        }
    }

    void settle(Pending answered) {
        synchronized (pending) {
            pending.remove(answered);
        }
    }

    boolean isWaitingFor(Pending sent) {
        synchronized (pending) {
            return pending.contains(sent);
        }
    }

    boolean isIdle() {
        synchronized (pending) {
            return pending.isEmpty();
        }
    }

    void close(boolean reset) {
        Pipe.close(socket, reset);
    }
}
