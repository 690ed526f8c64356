package io.semel.broker.net;

import java.util.LinkedHashMap;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One log line per bad peer, and only so many in all: who floods us must not flood the log. Any thread. */
final class PeerLog {
    private static final Logger LOG = LoggerFactory.getLogger(NetServer.class);
    private static final long QUIET_NANOS = 10_000_000_000L;
    private static final int HOSTS_MAX = 256;

    private final Map<String, Long> saidAtNanos = new LinkedHashMap<>();
    private long unsaid;

    void closing(Peer peer, String reason) {
        long leftOut = admit(peer.host(), System.nanoTime());
        if (leftOut < 0) return;
        String more = leftOut == 0 ? "" : " (" + leftOut + " more like it were not logged)";
        LOG.warn("closing {}: {}{}", peer.address(), reason, more);
    }

    /** How many lines were left out since the last one, -1 when this one is left out too. */
    synchronized long admit(String host, long nowNanos) {
        saidAtNanos.values().removeIf(said -> nowNanos - said > QUIET_NANOS);
        if (saidAtNanos.containsKey(host) || saidAtNanos.size() >= HOSTS_MAX) {
            unsaid++;
            return -1;
        }
        saidAtNanos.put(host, nowNanos);
        long leftOut = unsaid;
        unsaid = 0;
        return leftOut;
    }
}
