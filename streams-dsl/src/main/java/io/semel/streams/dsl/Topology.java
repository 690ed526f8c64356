package io.semel.streams.dsl;

import io.semel.streams.run.Running;
import io.semel.streams.run.StreamsConfig;
import io.semel.streams.topology.Graph;
import io.semel.streams.topology.GraphBuilder;
import io.semel.streams.topology.Picture;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * A program: described once, started as often as wished, on our broker or on an Apache Kafka cluster.
 * Immutable and free to share; {@link #of} and {@link #start} throw {@link
 * io.semel.streams.StreamsError.Incompatible} with the fix.
 */
public final class Topology {
    private final Graph graph;
    private final Optional<Path> lock;

    private Topology(Graph graph, Optional<Path> lock) {
        this.graph = graph;
        this.lock = lock;
    }

    /** Describes application {@code name}, which is also its consumer group. */
    public static Topology of(String name, Consumer<Sources> description) {
        GraphBuilder builder = new GraphBuilder(name);
        description.accept(new Sources(builder));
        return new Topology(builder.build(), Optional.empty());
    }

    /** Starts one instance with defaults. */
    public Running start(String bootstrapServers) {
        return start(StreamsConfig.of(bootstrapServers));
    }

    /** Checks topics, creates internal ones, and starts the threads of one instance. */
    public Running start(StreamsConfig config) {
        lock.ifPresent(path -> Topologies.requireState(this, path));
        return Running.start(graph, config);
    }

    /**
     * The same program, which refuses to start if it does not fit the state that {@code lock} describes; see
     * {@link Topologies#assertCompatible} for the test that keeps the lock.
     */
    public Topology lockedBy(Path lock) {
        return new Topology(graph, Optional.of(lock));
    }

    /** The picture as text. */
    public String describe() {
        return Picture.text(graph, Picture.Notes.NONE);
    }

    /** The picture as a Mermaid flowchart. */
    public String toMermaid() {
        return Picture.mermaid(graph, Picture.Notes.NONE);
    }

    /** The picture in Graphviz' language. */
    public String toDot() {
        return Picture.dot(graph, Picture.Notes.NONE);
    }

    /** The program as data. */
    public Graph graph() {
        return graph;
    }
}
