package io.semel.it.kit.faults;

import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Doors, pipes and what they share. Any thread, under its own monitor. */
final class Proxy implements Addresses {
    static final String HOST = "127.0.0.1";
    /** Connections at a time (I14); further ones are hung up on. */
    private static final int PIPES_MAX = 512;
    private static final int LISTENERS_MAX = 64;

    private final Signal signal = new Signal();
    private final Weather weather = new Weather(signal);
    private final Fates fates;
    private final Map<String, Listener> listeners = new LinkedHashMap<>();
    private final Set<Pipe> pipes = new LinkedHashSet<>();
    private volatile Messages messages = new Messages(this, Messages.AS_OFFERED);
    private volatile boolean refusing;
    private volatile boolean closed;
    private int admitted;

    Proxy(Fates fates) {
        this.fates = fates;
    }

    Fates fates() {
        return fates;
    }

    Signal signal() {
        return signal;
    }

    Weather weather() {
        return weather;
    }

    Messages messages() {
        return messages;
    }

    boolean isClosed() {
        return closed;
    }

    void offerTransactionVersion(short most) {
        messages = new Messages(this, most);
    }

    void refuse(boolean everybody) {
        refusing = everybody;
    }

    @Override
    public synchronized int portFor(String host, int port) {
        String name = host + ":" + port;
        Listener listener = listeners.get(name);
        if (listener != null) return listener.port();
        if (closed || listeners.size() >= LISTENERS_MAX) {
            throw new IllegalStateException("the fault proxy stands before " + LISTENERS_MAX + " brokers"
                    + " at most");
        }
        listener = new Listener(this, InetSocketAddress.createUnresolved(host, port));
        listeners.put(name, listener);
        return listener.port();
    }

    void admit(Listener listener, Socket client) {
        Pipe pipe = new Pipe(this, listener, client);
        int number;
        synchronized (this) {
            if (closed || refusing || pipes.size() >= PIPES_MAX) {
                Pipe.close(client, true);
                return;
            }
            pipes.add(pipe);
            number = admitted++;
        }
        pipe.start(number);
    }

    synchronized void forget(Pipe pipe) {
        pipes.remove(pipe);
    }

    /** @param clientId null for all */
    synchronized List<Pipe> pipes(String clientId) {
        List<Pipe> found = new ArrayList<>();
        for (Pipe pipe : pipes) if (clientId == null || clientId.equals(pipe.clientId())) found.add(pipe);
        return found;
    }

    Thread thread(String name, Runnable work) {
        Thread thread = new Thread(work, "faults-" + name);
        thread.setDaemon(true);
        return thread;
    }

    /** Ends every connection and every door. */
    void close() {
        List<Listener> doors;
        synchronized (this) {
            closed = true;
            doors = new ArrayList<>(listeners.values());
        }
        doors.forEach(Listener::close);
        pipes(null).forEach(pipe -> pipe.sever(false));
        signal.ring();
    }
}
