package io.semel.streams.run;

import io.semel.streams.Store;
import io.semel.streams.topology.Graph;
import io.semel.streams.topology.PartitionPlan;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;

/**
 * A topology's host without a thread: whoever holds it lets it turn. It is the very host that threads turn,
 * so that a simulation of cluster and time drives the production code. Owned by one thread; throws {@link
 * io.semel.streams.StreamsError} when what it met would not heal.
 */
public final class SteppedHost {
    private final TaskHost host;
    private final Graph graph;
    private final Snapshots snapshots;
    private final RunStats stats = new RunStats();

    /**
     * Where a host keeps its files: a directory, the ids of the topics that stores are folds of, who writes
     * snapshots, after how many offsets of a log, and how much of a journal is kept while none is written.
     */
    public record Local(Path directory, Map<String, String> topicIds, ExecutorService writer, int changesMin,
                        long journalBytesMax) {
    }

    /**
     * Joins with the first turn; {@code name} begins its transactional ids and is its instance id. A poll
     * counts as large from half of {@code pollRecordsMax} on.
     */
    public SteppedHost(Graph graph, PartitionPlan plan, Clients clients, String name, Local local,
                       int pollRecordsMax) {
        this.graph = graph;
        this.snapshots = Snapshots.stepped(local, clients::clockMs);
        this.host = new TaskHost(graph, plan, clients, snapshots,
                new TaskHost.Identity(Optional.of(name), name, name, 0, pollRecordsMax), stats);
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

    /** The committed state of a store that has a changelog, as far as this host owns it. */
    public <K, V> StoreReader<K, V> store(Store<K, V> store) {
        return new StoreReader<>(store, graph.name() + "-" + store.name() + "-changelog", snapshots.views());
    }

    /** Finishes what is in flight and leaves the group. */
    public void close() {
        host.close();
    }
}
