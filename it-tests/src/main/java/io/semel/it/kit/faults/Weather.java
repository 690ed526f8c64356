package io.semel.it.kit.faults;

import java.io.EOFException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * How bytes get through, by client and direction: not at all, slowly, or freely. What is kept back is not
 * lost, as in a network that mends. Any thread, under its own monitor.
 */
final class Weather {
    private static final int PIECES_A_SECOND = 20;
    private static final long HOURS_IN_NANOS = 3_600_000_000_000L;

    /** @param clientId null for all */
    private record Spell(String clientId, Way way, boolean blocked, long bytesPerSecond) {
        boolean concerns(Way direction, String client) {
            return way == direction && (clientId == null || clientId.equals(client));
        }
    }

    private final Signal signal;
    private final List<Spell> spells = new ArrayList<>();

    Weather(Signal signal) {
        this.signal = signal;
    }

    void block(String clientId, Way way) {
        add(new Spell(clientId, way, true, 0));
    }

    void slow(String clientId, Way way, long bytesPerSecond) {
        add(new Spell(clientId, way, false, bytesPerSecond));
    }

    private void add(Spell spell) {
        synchronized (this) {
            spells.add(spell);
        }
        signal.ring();
    }

    /** @param clientId null for all */
    void clear(String clientId) {
        synchronized (this) {
            spells.removeIf(spell -> clientId == null || clientId.equals(spell.clientId));
        }
        signal.ring();
    }

    /**
     * Waits until at least one byte of them gets through.
     *
     * @return how many may go now
     * @throws IOException the pipe was closed meanwhile
     */
    int allow(Way way, Pipe pipe, int wanted) throws IOException {
        signal.await(() -> pipe.isClosed(way) || !isBlocked(way, pipe.clientId()), HOURS_IN_NANOS);
        if (pipe.isClosed(way)) throw new EOFException("closed");
        long rate = rate(way, pipe.clientId());
        return rate == 0 ? wanted : (int) Math.min(wanted, Math.max(1, rate / PIECES_A_SECOND));
    }

    /** Waits as long as these bytes take on the line. */
    void pace(Way way, Pipe pipe, int sent) {
        long rate = rate(way, pipe.clientId());
        if (rate > 0) signal.await(() -> pipe.isClosed(way), sent * 1_000_000_000L / rate);
    }

    private synchronized boolean isBlocked(Way way, String clientId) {
        for (Spell spell : spells) if (spell.blocked && spell.concerns(way, clientId)) return true;
        return false;
    }

    private synchronized long rate(Way way, String clientId) {
        long slowest = 0;
        for (Spell spell : spells) {
            if (spell.blocked || !spell.concerns(way, clientId)) continue;
            slowest = slowest == 0 ? spell.bytesPerSecond : Math.min(slowest, spell.bytesPerSecond);
        }
        return slowest;
    }
}
