package io.semel.broker.net;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class PeerLogTest {
    private static final long SECOND = 1_000_000_000L;

    private final PeerLog log = new PeerLog();

    @Test
    void saysOneLineForAPeerAndThenHowManyItLeftOut() {
        assertEquals(0, log.admit("10.0.0.1", 0));
        assertEquals(-1, log.admit("10.0.0.1", SECOND));
        assertEquals(-1, log.admit("10.0.0.1", 2 * SECOND));

        assertEquals(2, log.admit("10.0.0.2", 3 * SECOND));
        assertEquals(0, log.admit("10.0.0.1", 20 * SECOND));
    }

    @Test
    void saysOnlySoManyLinesInAll() {
        int said = 0;
        for (int host = 0; host < 10_000; host++) if (log.admit("host" + host, SECOND) >= 0) said++;

        assertEquals(256, said);
    }
}
