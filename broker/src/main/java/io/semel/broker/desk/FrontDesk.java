package io.semel.broker.desk;

import io.semel.broker.net.FrontDoor;
import io.semel.broker.net.Peer;
import io.semel.broker.net.ReplyPort;
import io.semel.broker.net.Session;
import io.semel.kernel.lane.Lanes;
import java.util.concurrent.atomic.AtomicInteger;

/** Where connections come in: each gets a home lane, in turn. Any thread. */
public final class FrontDesk implements FrontDoor {
    private final Desks desks;
    private final Lanes lanes;
    private final AtomicInteger arrivals = new AtomicInteger();

    public FrontDesk(Desks desks, Lanes lanes) {
        this.desks = desks;
        this.lanes = lanes;
    }

    @Override
    public Session open(Peer peer, ReplyPort port) {
        int lane = Math.floorMod(arrivals.getAndIncrement(), lanes.count());
        return new Connection(desks, peer, port, lanes.lane(lane));
    }
}
