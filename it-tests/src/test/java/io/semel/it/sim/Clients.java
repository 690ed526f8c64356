package io.semel.it.sim;

import io.semel.sim.Dice;
import io.semel.sim.SimNet;
import io.semel.sim.SimRun;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.compress.Compression;

/** What all clients of a story share. */
final class Clients {
    static final String TOPIC = "t";

    final SimRun run;
    final SimNet net;
    final History history;
    final int partitionCount;
    final Owners owners;
    final Bookmarks bookmarks = new Bookmarks();
    /** Set once the topic was created. */
    Uuid topicId = Uuid.ZERO_UUID;
    /** The topic is compacted, and every record has a key of its own. */
    boolean compacts;
    /** Null where the topic keeps what it was given. */
    Trims trims;
    /** Null where the disk is as good as new. */
    Decay decay;
    /** How batches are compressed, where they are. */
    Compression compression = Compression.NONE;
    /** A static member that was replaced goes on for a while as if it were not. */
    boolean lingers;
    /** Programs that have not come to their end. */
    int busy;
    /** Commits of static members' former lives that are not answered yet: the story ends after them. */
    int lingering;

    Clients(SimRun run, SimNet net, History history, int partitionCount) {
        this.run = run;
        this.net = net;
        this.history = history;
        this.owners = new Owners(history);
        this.partitionCount = partitionCount;
    }

    Dice dice(String name) {
        return run.dice(name);
    }

    BrokerLink link(String clientId) {
        return new BrokerLink(net, clientId);
    }

    void later(Dice dice, String what, Runnable work) {
        run.after(dice.between(5, 40), what, work);
    }
}
