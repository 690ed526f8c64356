package io.semel.streams.dsl;

import io.semel.streams.StreamsError.Incompatible;
import io.semel.streams.topology.TopologyLock;
import io.semel.streams.topology.TopologyLock.Difference;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Keeps a program and the state it has stored together: a lock file beside the code says what names, layouts
 * and types the state depends on, a unit test and the start compare. Stateless; throws {@link Incompatible}
 * with an action for each difference, {@link UncheckedIOException} if the file cannot be read or written.
 */
public final class Topologies {
    /** Set to {@code write} it makes {@link #assertCompatible} write the lock instead of comparing. */
    public static final String LOCK_PROPERTY = "semel.topology.lock";

    private Topologies() {
    }

    /**
     * For a unit test: any name that is new, gone, renamed or of another type fails, until it was dealt with
     * and the lock is written anew.
     */
    public static void assertCompatible(Topology topology, Path lock) {
        if ("write".equals(System.getProperty(LOCK_PROPERTY))) {
            writeLock(topology, lock);
            return;
        }
        List<Difference> all = differences(topology, lock);
        if (!all.isEmpty()) {
            throw refusal(topology, lock, all);
        }
    }

    /** For the start: what breaks stored state fails; what is merely new does not. */
    static void requireState(Topology topology, Path lock) {
        List<Difference> breaking = differences(topology, lock).stream().filter(Difference::breaksState)
                .toList();
        if (!breaking.isEmpty()) {
            throw refusal(topology, lock, breaking);
        }
    }

    /** Writes the lock of the program as it is. */
    public static void writeLock(Topology topology, Path lock) {
        try {
            Files.writeString(lock, TopologyLock.of(topology.graph()).toString());
        } catch (IOException failed) {
            throw new UncheckedIOException("cannot write the topology lock " + lock, failed);
        }
    }

    private static List<Difference> differences(Topology topology, Path lock) {
        if (!Files.exists(lock)) {
            throw new Incompatible("the topology lock " + lock + " does not exist",
                    "write it once and keep it with the code: Topologies.writeLock, or run the test with -D"
                    + LOCK_PROPERTY + "=write");
        }
        try {
            return TopologyLock.of(topology.graph()).since(TopologyLock.parse(Files.readString(lock)));
        } catch (IllegalArgumentException bad) {
            throw new Incompatible("the topology lock " + lock + " cannot be read: " + bad.getMessage(),
                    "take it back from version control");
        } catch (IOException failed) {
            throw new UncheckedIOException("cannot read the topology lock " + lock, failed);
        }
    }

    private static Incompatible refusal(Topology topology, Path lock, List<Difference> differences) {
        String what = differences.stream().map(one -> "\n  " + one).collect(Collectors.joining());
        return new Incompatible("application '" + topology.graph().name() + "' does not fit its lock " + lock
                + ":"
                + what, "do what each line says, then write the lock anew: run the test with -D"
                        + LOCK_PROPERTY
                + "=write");
    }
}
