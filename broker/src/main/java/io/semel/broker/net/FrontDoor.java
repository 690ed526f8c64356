package io.semel.broker.net;

/** Where connections come in. Any thread. */
public interface FrontDoor {
    /** A client has connected; what it sends goes to the session, what it is told goes to the port. */
    Session open(Peer peer, ReplyPort port);
}
