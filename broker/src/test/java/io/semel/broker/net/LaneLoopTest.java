package io.semel.broker.net;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.semel.kernel.lane.Lane;
import io.semel.wire.message.ReplyFrame;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.apache.kafka.common.message.SaslAuthenticateResponseData;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Connections are carried by the threads of lanes. */
@Timeout(60)
class LaneLoopTest {
    private static final int LANES = 3;
    private static final short SASL_AUTHENTICATE = 36;

    private final TurnedLoops turned = new TurnedLoops(LANES);
    private final ConcurrentLinkedQueue<List<Thread>> served = new ConcurrentLinkedQueue<>();
    private final NetServer server = NetServer.start("127.0.0.1", 0, this::open, NetLimits.defaults(),
        turned.loops());
    private final List<RawClient> clients = new ArrayList<>();

    @AfterEach
    void close() throws Exception {
        for (RawClient client : clients) client.close();
        server.close();
        turned.close();
    }

    /** Each request is answered by mail of the lane that is told with its client. */
    private Session open(Peer peer, ReplyPort port) {
        Lane lane = turned.lane(peer.lane());
        return new Session() {
            @Override
            public void receive(ByteBuffer frame, Runnable consumed) {
                Thread received = Thread.currentThread();
                lane.post(() -> {
                    served.add(List.of(received, Thread.currentThread()));
                    port.send(ReplyFrame.encode(frame.getInt(), SASL_AUTHENTICATE, (short) 0,
                        new SaslAuthenticateResponseData().setAuthBytes(new byte[0])));
                    consumed.run();
                });
            }

            @Override
            public void closed() { }
        };
    }

    private RawClient client() throws Exception {
        RawClient client = new RawClient(server);
        clients.add(client);
        return client;
    }

    @Test
    void aRequestCrossesNoThreadToItsLane() throws Exception {
        for (int number = 0; number < 2 * LANES; number++) {
            assertTrue(client().frame(number, new byte[3]).echoes(number, new byte[0]));
        }

        assertEquals(2 * LANES, served.size());
        for (List<Thread> one : served) assertEquals(one.get(0), one.get(1));
        assertEquals(LANES, served.stream().map(one -> one.get(0)).distinct().count(), "lanes carry alike");
    }

    @Test
    void isServedBesideMailThatBringsMail() throws Exception {
        for (int index = 0; index < LANES; index++) repeat(turned.lane(index));

        RawClient client = client();
        for (int id = 0; id < 50; id++) assertTrue(client.frame(id, new byte[9]).echoes(id, new byte[0]));
    }

    private static void repeat(Lane lane) {
        lane.post(() -> repeat(lane));
    }

    /** Who wakes a loop that is being woken leaves it to look for itself, also at whether it is to end. */
    @Test
    void endsThoughOthersWakeItMeanwhile() throws Exception {
        for (int round = 0; round < 500; round++) {
            TurnedLoops one = new TurnedLoops(1);
            Lane lane = one.lane(0);
            Thread poster = new Thread(() -> {
                for (int mail = 0; mail < 200; mail++) lane.post(() -> { });
            });
            poster.start();
            one.close();
            poster.join();
        }
    }

    @Test
    void whoseLaneEndsIsHungUpOn() throws Exception {
        RawClient client = client();
        assertTrue(client.frame(1, new byte[3]).echoes(1, new byte[0]));

        turned.close();

        assertTrue(client.isHungUp());
    }
}
