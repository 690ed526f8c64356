package io.semel.streams.run;

import io.semel.streams.topology.Graph;
import io.semel.streams.topology.PartitionPlan;
import java.util.Optional;

/**
 * A topology's host without a thread: whoever holds it lets it turn. It is the very host that threads turn,
 * so that a simulation of cluster and time drives the production code. Owned by one thread; throws {@link
 * io.semel.streams.StreamsError} when what it met would not heal.
 */
public final class SteppedHost {
    private final TaskHost host;
    private final RunStats stats = new RunStats();

    /** Joins with the first turn; {@code name} begins its transactional ids and is its instance id. */
    public SteppedHost(Graph graph, PartitionPlan plan, Clients clients, String name) {
        this.host = new TaskHost(graph, plan, clients, Snapshots.none(),
                new TaskHost.Identity(Optional.of(name), name, name, 0), stats);
    }

    /** Lets it do a turn's work; returns how often in a row it has failed. */
    public int turn() {
        return host.turn();
    }

    public RunState state() {
        return host.state();
    }

    public RunStats stats() {
        return stats;
    }

    /** Finishes what is in flight and leaves the group. */
    public void close() {
        host.close();
    }
}
