package io.semel.broker.desk;

import io.semel.broker.net.FrontDoor;
import io.semel.broker.net.Peer;
import io.semel.broker.net.ReplyPort;
import io.semel.broker.net.Session;
import io.semel.kernel.lane.Lanes;

/** Where connections come in: each is at home on the lane whose thread carries it. Any thread. */
public final class FrontDesk implements FrontDoor {
    private final Desks desks;
    private final Lanes lanes;

    public FrontDesk(Desks desks, Lanes lanes) {
        this.desks = desks;
        this.lanes = lanes;
    }

    @Override
    public Session open(Peer peer, ReplyPort port) {
        return new Connection(desks, peer, port, lanes.lane(Math.floorMod(peer.lane(), lanes.count())));
    }
}
