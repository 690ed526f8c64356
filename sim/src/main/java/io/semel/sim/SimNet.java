package io.semel.sim;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * The network between simulated clients and one process: connections are accepted in the order in which they
 * were asked for; frames are delayed, overtake each other between connections (never within one), and are
 * lost only with their connection. One thread.
 */
public final class SimNet implements Actor {
    /** Requests of one connection the process may hold before the network stops reading from it. */
    static final int UNCONSUMED_MAX = 8;

    private static final SimConnection.Event[] EVENTS = SimConnection.Event.values();

    /** The front door of a life of the process. */
    public interface Server {
        ServerSide accept(SimConnection connection);
    }

    /** The process's end of a connection. */
    public interface ServerSide {
        /** @param consumed to be run once when the process has let go of the frame */
        void receive(ByteBuffer frame, Runnable consumed);

        /** No more frames will come, and no reply will arrive. */
        void closed();
    }

    /** The client's end of a connection. */
    public interface ClientSide {
        void received(ByteBuffer frame);

        /** The connection is gone, or was refused; what became of the requests under way is unknown. */
        void lost();
    }

    private record Choice(SimConnection connection, SimConnection.Event event) {
    }

    private final SimRun run;
    private final Dice dice;
    private final List<SimConnection> connections = new ArrayList<>();
    private final List<Choice> open = new ArrayList<>();
    private Server server;
    private long nextId = 1;
    private int slowPercent = 5;
    private int slowMsMax = 40;
    private int heldUpPercent;
    private int heldUpMsMax = 1;

    public SimNet(SimRun run) {
        this.run = run;
        this.dice = run.dice("net");
        run.add(this);
    }

    /** From now on this door is answered at the process's address; null when nobody is there. */
    public void serve(Server door) {
        this.server = door;
    }

    /** The process died: its connections break, and new ones are refused until another serves. */
    public void serverDied() {
        server = null;
        for (SimConnection connection : connections) connection.serverDied();
    }

    /** So many percent of the frames take up to {@code msMax} instead of a millisecond or two. */
    public void slow(int percent, int msMax) {
        this.slowPercent = percent;
        this.slowMsMax = msMax;
    }

    /**
     * So many percent of the requests are held up on the way, at most so long, and their clients give up
     * waiting at once: each asks again on another connection while the first request is still to arrive.
     */
    public void holdUp(int percent, int msMax) {
        this.heldUpPercent = percent;
        this.heldUpMsMax = msMax;
    }

    /**
     * Asks for a connection; the client may send at once, and hears {@link ClientSide#lost} when nobody
     * answers.
     */
    public SimConnection connect(ClientSide client) {
        SimConnection connection = new SimConnection(this, nextId++, client);
        connections.add(connection);
        return connection;
    }

    /** Drops one connection by seed. @return false when there is none to drop */
    public boolean cutOne() {
        List<SimConnection> live = connections.stream().filter(SimConnection::live).toList();
        if (live.isEmpty()) return false;
        SimConnection victim = live.get(dice.below(live.size()));
        run.trace().note("cut", victim.id(), live.size());
        victim.cut();
        return true;
    }

    @Override
    public int choices() {
        open.clear();
        connections.removeIf(SimConnection::over);
        boolean accepting = true;
        for (SimConnection connection : connections) {
            for (SimConnection.Event event : EVENTS) {
                if (!connection.can(event, run.nowMs())) continue;
                if (event != SimConnection.Event.ACCEPT || accepting) open.add(new Choice(connection, event));
                accepting &= event != SimConnection.Event.ACCEPT;
            }
        }
        return open.size();
    }

    @Override
    public void take(int index) {
        Choice choice = open.get(index);
        run.trace().note(choice.event.name(), choice.connection.id(), open.size());
        choice.connection.happen(choice.event);
    }

    @Override
    public long nextMs() {
        long nextMs = Long.MAX_VALUE;
        for (SimConnection connection : connections) nextMs = Math.min(nextMs, connection.nextMs());
        return nextMs;
    }

    ServerSide accept(SimConnection connection) {
        return server == null ? null : server.accept(connection);
    }

    long arrivalMs(long notBeforeMs) {
        long delayMs = dice.percent(slowPercent) ? dice.between(1, slowMsMax) : dice.below(3);
        return Math.max(notBeforeMs, run.nowMs() + delayMs);
    }

    /** How long the request sent now is held up, 0 for not at all. */
    int heldUpMs() {
        return heldUpPercent > 0 && dice.percent(heldUpPercent) ? dice.between(1, heldUpMsMax) : 0;
    }

    Dice dice() {
        return dice;
    }
}
